/** In workspaces links of products to APIs have ids of their own, and people give them others than apimgw does. */
import { isApiLink } from "../model/kinds/product.ts";
import type { Model, Resource } from "../model/resource.ts";
import { pathKey } from "./live.ts";
import type { LiveModel } from "./live.ts";

/** The model with the links that are there under the ids that they have: a second link to the same API is never wanted. */
export function withLiveLinks(desired: Model, { entries }: LiveModel): Model {
  const links = entries.filter(({ kind, path }) => kind === "productApi" && isApiLink(path));
  if (links.length === 0) return desired;
  const claimed = new Set(desired.resources.map(({ path }) => pathKey(path)));
  const byId = new Map(links.map(({ id, path }) => [id.toLowerCase(), path]));
  const resources = desired.resources.map((resource): Resource => {
    const path = resource.kind === "productApi" ? byId.get(resource.id.toLowerCase()) : undefined;
    return path === undefined || claimed.has(pathKey(path)) ? resource : { ...resource, path };
  });
  return { ...desired, resources };
}
