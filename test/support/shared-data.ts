import { existsSync } from "node:fs";
import { resolve } from "node:path";

/** Real documents beside the checkout, for tests only; undefined, with the reason printed, when they are not there. */
export function sharedFolder(name: string): string | undefined {
  const folder = resolve(import.meta.dirname, "../../../shared", name);
  if (existsSync(folder)) return folder;
  console.warn(`skipped: the test data folder shared/${name} is not beside the checkout`);
  return undefined;
}
