/** Ids that every format takes, made from names so that a picture's text changes as little as what it shows. */
export class NodeIds {
  readonly #byKey = new Map<string, string>();
  readonly #taken = new Set<string>();

  /** The id of what is of this kind and name; the same again for the same. */
  idOf(kind: string, name: string): string {
    const key = JSON.stringify([kind, name]);
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const plain = `${kind}_${name.replace(/[^A-Za-z0-9]+/g, "_")}`;
    let id = plain;
    for (let count = 2; this.#taken.has(id.toLowerCase()); count += 1) id = `${plain}_${count}`;
    this.#taken.add(id.toLowerCase());
    this.#byKey.set(key, id);
    return id;
  }
}
