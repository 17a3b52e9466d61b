import { existsSync } from "node:fs";
import { resolve } from "node:path";

/** Where the test data would be. */
export const sharedRoot = resolve(import.meta.dirname, "../../../shared");

/** Real documents beside the checkout, for tests only; undefined, with the reason printed, when they are not there. */
export function sharedFolder(name: string): string | undefined {
  const folder = resolve(sharedRoot, name);
  if (existsSync(folder)) return folder;
  console.warn(`skipped: the test data folder shared/${name} is not beside the checkout`);
  return undefined;
}
