import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { ServiceRef } from "../../core/ports.ts";
import { fileNameOf } from "./disk.ts";
import { ServiceStore } from "./service-store.ts";
import type { ServiceParts } from "./service-store.ts";

/**
 * The services of one folder: `<subscription>/<resource group>/<service>/`, and beside each its workspaces: `<service>.<workspace>/`. A
 * service nobody wrote to is empty.
 */
export class Store {
  readonly #directory: string;
  readonly #parts: ServiceParts;
  readonly #services = new Map<string, ServiceStore>();

  /** Reads all services there are. Throws Failure `LOCAL.CORRUPT`. */
  constructor(directory: string, parts: ServiceParts) {
    this.#directory = directory;
    this.#parts = parts;
    for (const folder of serviceFolders(directory))
      this.#services.set(folder, ServiceStore.open(folder, parts));
  }

  services(): ServiceStore[] {
    return [...this.#services.values()];
  }

  service(ref: ServiceRef): ServiceStore {
    const { subscriptionId, resourceGroup, name, workspace } = ref;
    const [group, last] = [[subscriptionId, resourceGroup].map(fileNameOf), fileNameOf(name)];
    // No dot is in the names of files.
    const own = workspace === undefined ? last : `${last}.${fileNameOf(workspace)}`;
    const folder = join(this.#directory, ...group, own);
    const known = this.#services.get(folder);
    if (known !== undefined) return known;
    const created = ServiceStore.create(folder, ref, this.#parts);
    this.#services.set(folder, created);
    return created;
  }
}

function serviceFolders(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return subfolders(directory)
    .flatMap(subfolders)
    .flatMap(subfolders)
    .filter((folder) => ServiceStore.isAt(folder));
}

function subfolders(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name));
}
