/** Where a spec cannot say what is there, and pull gives in: to the document as it is, or to leaving something out. */
import { pathKey } from "../plan/live.ts";
import type { LiveEntry } from "../plan/live.ts";
import type { PlanNote } from "../plan/plan.ts";
import type { ApiSpec } from "../spec/schema.ts";

/** What did not hold when the spec was read back, compiled and compared. */
export type Misfit = {
  /** ARM path. */
  readonly path: string;
  /** A property that the spec may as well leave undecided. */
  readonly property?: string;
  readonly why: string;
};

export class Concessions {
  readonly #whole = new Set<string>();
  readonly #leftOut = new Map<string, string>();
  readonly #properties = new Map<string, Set<string>>();

  isTakenWhole(path: string): boolean {
    return this.#whole.has(pathKey(path));
  }

  isLeftOut(path: string): boolean {
    return this.#leftOut.has(pathKey(path));
  }

  /** The API without the properties that were dropped. */
  withoutProperties(path: string, api: ApiSpec): ApiSpec {
    const dropped = [...(this.#properties.get(pathKey(path)) ?? [])];
    return { ...api, ...Object.fromEntries(dropped.map((name) => [name, undefined])) };
  }

  /** Gives in by one step. False when there is no step left. */
  give({ path, property, why }: Misfit): boolean {
    const key = pathKey(path);
    if (property !== undefined) return this.#drop(key, property);
    if (/(?:^|\/)policies\/policy$/.test(key) && !this.#whole.has(key)) this.#whole.add(key);
    else if (!this.#leftOut.has(key)) this.#leftOut.set(key, why);
    else return false;
    return true;
  }

  #drop(key: string, property: string): boolean {
    const dropped = this.#properties.get(key) ?? new Set();
    if (dropped.has(property)) return false;
    this.#properties.set(key, dropped.add(property));
    return true;
  }

  /** A note for each of these entries that was given up. */
  notes(entries: readonly LiveEntry[]): PlanNote[] {
    return entries.flatMap(({ kind, id, path }) => {
      const why = this.#leftOut.get(pathKey(path));
      const dropped = [...(this.#properties.get(pathKey(path)) ?? [])];
      const said = [
        ...(why === undefined ? [] : [`left out: ${why}`]),
        ...dropped.map((name) => `\`${name}\` is left undecided: the spec cannot hold its value`),
      ];
      return said.map((note) => ({ kind, id, path, note }));
    });
  }
}
