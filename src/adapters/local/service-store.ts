/**
 * The resources of one service, or of one workspace, in memory and on disk. A change of one resource is one file renamed into place. A change of
 * several (an import, a cascading delete) is first written down as a whole in `intent.json`: once that file is there the
 * change has happened, and whoever opens the folder next carries it out again to the end.
 */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isJsonObject } from "../../core/json.ts";
import type { ServiceRef } from "../../core/ports.ts";
import { compareText } from "../../core/problem.ts";
import { corrupt, filesBelow, readJson, removeFile, resourceFile, writeWhole } from "./disk.ts";
import { isStored, keyOf, parentOf } from "./stored.ts";
import type { Stored } from "./stored.ts";

export type Edit = { readonly put: Stored } | { readonly remove: string };

/** What the services of a folder share. */
export type ServiceParts = {
  /** What each has before anybody writes to it; workspaces have nothing. */
  readonly defaults: readonly Stored[];
  /** Hears of every commit. */
  readonly onChange: (service: ServiceStore) => void;
};

const intentName = "intent.json";
const serviceName = "service.json";

export class ServiceStore {
  /** Names in the case of the first write. */
  readonly ref: ServiceRef;
  readonly #folder: string;
  /** What every service has until somebody writes to it, by key. */
  readonly #defaults: ReadonlyMap<string, Stored>;
  readonly #resources = new Map<string, Stored>();
  readonly #collections = new Map<string, Map<string, Stored>>();
  readonly #onChange: (service: ServiceStore) => void;
  #isNew: boolean;
  #hasIntent = false;

  private constructor(folder: string, ref: ServiceRef, { defaults, onChange }: ServiceParts, isNew: boolean) {
    this.#onChange = onChange;
    this.#folder = folder;
    this.ref = ref;
    this.#isNew = isNew;
    const initial = ref.workspace === undefined ? defaults : [];
    this.#defaults = new Map(initial.map((stored) => [keyOf(stored.path), stored]));
    for (const stored of initial) this.#remember(stored);
  }

  /** A service that nobody has written to; its folder is made with the first write. */
  static create(folder: string, ref: ServiceRef, parts: ServiceParts): ServiceStore {
    return new ServiceStore(folder, ref, parts, true);
  }

  /** Finishes what was interrupted and reads everything. Throws Failure `LOCAL.CORRUPT`. */
  static open(folder: string, parts: ServiceParts): ServiceStore {
    const files = filesBelow(folder);
    const store = new ServiceStore(folder, readRef(join(folder, serviceName)), parts, false);
    for (const file of files) {
      if (file === join(folder, intentName) || file === join(folder, serviceName)) continue;
      const value = readJson(file);
      if (!isStored(value)) throw corrupt(file, "It is JSON, but not a stored resource.");
      store.#remember(value);
    }
    const intent = join(folder, intentName);
    if (existsSync(intent)) store.#redo(readIntent(intent));
    return store;
  }

  /** True in a folder that holds a service. */
  static isAt(folder: string): boolean {
    return existsSync(join(folder, serviceName));
  }

  get(path: string): Stored | undefined {
    return this.#resources.get(keyOf(path));
  }

  /** The resources of a collection such as `apis/x/operations`, by name. */
  list(collection: string): Stored[] {
    const entries = [...(this.#collections.get(keyOf(collection)) ?? [])];
    return entries.sort(([a], [b]) => compareText(a, b)).map(([, stored]) => stored);
  }

  all(): Iterable<Stored> {
    return this.#resources.values();
  }

  /** Everything below a resource, not itself. */
  below(path: string): Stored[] {
    const prefix = `${keyOf(path)}/`;
    return [...this.#resources].filter(([key]) => key.startsWith(prefix)).map(([, stored]) => stored);
  }

  /** The resources that cannot do without this one. */
  usersOf(path: string): Stored[] {
    const key = keyOf(path);
    return [...this.#resources.values()].filter((stored) => stored.uses.includes(key));
  }

  /** Carries out the edits: all of them, or none when it throws. */
  commit(edits: readonly Edit[]): void {
    this.#prepare();
    const only = edits.length === 1 ? edits[0] : undefined;
    if (only !== undefined) {
      this.#write(only);
      this.#apply(only);
    } else {
      writeWhole(join(this.#folder, intentName), JSON.stringify({ edits }));
      this.#redo(edits);
    }
    this.#onChange(this);
  }

  /** Removes everything: of a workspace that is deleted. */
  clear(): void {
    const edits = [...this.#resources.values()].map(({ path }): Edit => ({ remove: path }));
    if (edits.length > 0) this.commit(edits);
  }

  /** What must be on disk before the first write, and what an earlier commit could not write. */
  #prepare(): void {
    if (this.#isNew) {
      writeWhole(join(this.#folder, serviceName), JSON.stringify(this.ref));
      this.#isNew = false;
    }
    const intent = join(this.#folder, intentName);
    if (this.#hasIntent) this.#carryOut(readIntent(intent));
  }

  /** The intent is on disk, so the change has happened; what cannot be written now is written before the next change. */
  #redo(edits: readonly Edit[]): void {
    for (const edit of edits) this.#apply(edit);
    this.#hasIntent = true;
    try {
      this.#carryOut(edits);
    } catch {
      // A full disk, say. The intent stays and is carried out before the next commit, or at the next start.
    }
  }

  #carryOut(edits: readonly Edit[]): void {
    for (const edit of edits) this.#write(edit);
    rmSync(join(this.#folder, intentName), { force: true });
    this.#hasIntent = false;
  }

  #write(edit: Edit): void {
    if ("put" in edit) writeWhole(resourceFile(this.#folder, edit.put.path), JSON.stringify(edit.put));
    else removeFile(resourceFile(this.#folder, edit.remove), this.#folder);
  }

  #apply(edit: Edit): void {
    if ("put" in edit) {
      this.#remember(edit.put);
      return;
    }
    const byDefault = this.#defaults.get(keyOf(edit.remove));
    if (byDefault !== undefined) {
      this.#remember(byDefault);
      return;
    }
    this.#resources.delete(keyOf(edit.remove));
    this.#collections.get(keyOf(parentOf(edit.remove)))?.delete(keyOf(edit.remove));
  }

  #remember(stored: Stored): void {
    const key = keyOf(stored.path);
    const collection = parentOf(key);
    this.#resources.set(key, stored);
    const members = this.#collections.get(collection);
    if (members === undefined) this.#collections.set(collection, new Map([[key, stored]]));
    else members.set(key, stored);
  }
}

function readRef(file: string): ServiceRef {
  const value = readJson(file);
  if (
    isJsonObject(value) &&
    typeof value["subscriptionId"] === "string" &&
    typeof value["resourceGroup"] === "string" &&
    typeof value["name"] === "string"
  ) {
    return {
      subscriptionId: value["subscriptionId"],
      resourceGroup: value["resourceGroup"],
      name: value["name"],
      ...(typeof value["workspace"] === "string" ? { workspace: value["workspace"] } : {}),
    };
  }
  throw corrupt(file, "It does not name a service.");
}

function readIntent(file: string): Edit[] {
  const value = readJson(file);
  const edits = isJsonObject(value) && Array.isArray(value["edits"]) ? value["edits"] : undefined;
  if (edits === undefined) throw corrupt(file, "It does not list edits.");
  return edits.map((edit: unknown) => {
    if (isJsonObject(edit) && isStored(edit["put"])) return { put: edit["put"] };
    if (isJsonObject(edit) && typeof edit["remove"] === "string") return { remove: edit["remove"] };
    throw corrupt(file, "One of its edits is neither a resource nor a path.");
  });
}
