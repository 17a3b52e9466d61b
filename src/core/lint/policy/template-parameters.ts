/** Which parameters an operation has, for what may be put into the template of `rewrite-uri`. */
import { isJsonObject } from "../../json.ts";
import type { Model, Resource } from "../../model/resource.ts";

/**
 * For the document of an operation whose API is imported, the names of the operation's template parameters; undefined for
 * any other document. Query parameters of the whole API count too: the import makes template parameters of required ones.
 */
export function createTemplateParameters(
  model: Model,
): (document: Resource) => readonly string[] | undefined {
  const apis = new Map(model.resources.flatMap((api) => (api.kind === "api" ? [[api.path, api]] : [])));
  const queries = new Map<Resource, readonly string[]>();
  return ({ path }) => {
    const [, apiPath = "", operation = ""] = /^(apis\/[^/]+)\/operations\/([^/]+)\//.exec(path) ?? [];
    const api = apis.get(apiPath);
    const signature = api?.operations?.[operation];
    if (api === undefined || signature === undefined) return undefined;
    const query = queries.get(api) ?? queryParameters(api);
    queries.set(api, query);
    return [...placeholders(signature), ...query];
  };
}

/** The names in braces of a URL template. What is replaced before the service reads it, such as `{{name}}`, is none. */
export function placeholders(template: string): string[] {
  const found = template.matchAll(/(?<![{$#%])\{([^{}]+)\}(?!\})/g);
  return [...found].map(([, name = ""]) => name).filter((name) => !/^\d+$/.test(name));
}

/** A parameter's name as it is compared: a wildcard's star is no part of it. */
export function parameterName(name: string): string {
  return name.trim().replace(/^\*/, "").toLowerCase();
}

/** Wherever they stand in the OpenAPI document, so that no reference has to be followed. */
function queryParameters({ body }: Resource): string[] {
  const { properties } = body;
  const document = isJsonObject(properties) ? properties["value"] : undefined;
  if (typeof document !== "string") return [];
  const names: string[] = [];
  const open: unknown[] = [JSON.parse(document)];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { in: place, name } = isJsonObject(next) ? next : {};
    if (place === "query" && typeof name === "string") names.push(name);
    for (const child of Object.values(next ?? {})) if (typeof child === "object") open.push(child);
  }
  return names;
}
