/** What stands outside the services, by whole ARM id: role assignments, accounts that somebody has written, settings of services. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "../../core/json.ts";
import { isJsonObject } from "../../core/json.ts";
import { compareText } from "../../core/problem.ts";
import { corrupt, filesBelow, readJson, removeFile, resourceFile, writeWhole } from "./disk.ts";
import { keyOf } from "./stored.ts";

/** A resource as it is answered; `isGone`: one that would be there by default has been deleted. */
export type ArmEntry = { readonly id: string; readonly body: JsonObject; readonly isGone?: true };

/** No subscription has this name, so that the folder cannot meet a service's. */
const folderName = "arm";

export class ArmStore {
  readonly #folder: string;
  readonly #entries = new Map<string, ArmEntry>();

  /** Reads all there is. Throws Failure `LOCAL.CORRUPT`. */
  constructor(directory: string) {
    this.#folder = join(directory, folderName);
    if (!existsSync(this.#folder)) return;
    for (const file of filesBelow(this.#folder)) {
      const value = readJson(file);
      if (!isEntry(value)) throw corrupt(file, "It is JSON, but not a stored resource.");
      this.#entries.set(keyOf(value.id), value);
    }
  }

  get(id: string): ArmEntry | undefined {
    return this.#entries.get(keyOf(id));
  }

  put(entry: ArmEntry): void {
    writeWhole(this.#fileOf(entry.id), JSON.stringify(entry));
    this.#entries.set(keyOf(entry.id), entry);
  }

  remove(id: string): void {
    removeFile(this.#fileOf(id), this.#folder);
    this.#entries.delete(keyOf(id));
  }

  /** Those whose ids pass, by id. */
  find(isWanted: (id: string) => boolean): ArmEntry[] {
    const found = [...this.#entries.values()].filter(({ id }) => isWanted(id));
    return found.sort((a, b) => compareText(keyOf(a.id), keyOf(b.id)));
  }

  #fileOf(id: string): string {
    return resourceFile(this.#folder, id.slice(1));
  }
}

function isEntry(value: unknown): value is ArmEntry {
  return isJsonObject(value) && typeof value["id"] === "string" && isJsonObject(value["body"]);
}
