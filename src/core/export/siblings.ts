import { apiAbove } from "./deployment.ts";
import type { DeployedResource } from "./deployment.ts";

/**
 * For each resource below an API the one below the same API that goes before it. The service answers overlapping writes there
 * with 409 or 412, and a deployment starts everything at once that does not wait for something.
 */
export function siblingsBefore(resources: readonly DeployedResource[]): ReadonlyMap<string, string> {
  const last = new Map<string, string>();
  const before = new Map<string, string>();
  for (const { path } of resources) {
    const api = apiAbove(path);
    if (api === undefined) continue;
    const previous = last.get(api);
    if (previous !== undefined) before.set(path, previous);
    last.set(api, path);
  }
  return before;
}
