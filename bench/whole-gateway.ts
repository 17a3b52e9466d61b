/** The gateway of the template whole-gateway several times over, as one spec. */
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { load } from "js-yaml";
import { isJsonObject } from "../src/core/json.ts";
import type { Json, JsonObject } from "../src/core/json.ts";

const template = resolve(import.meta.dirname, "../templates/whole-gateway/gateway.yaml");
const collections = ["backends", "pools", "namedValues", "loggers", "apis", "products"];

/** Writes gateway.yaml with so many copies of everything, each under names of its own, and returns its text. */
export function writeWholeGateway(folder: string, copies: number): string {
  const text = readFileSync(template, "utf8").replaceAll(/\$\{\w+:-([^}]*)\}/g, "$1");
  const spec = load(text);
  if (!isJsonObject(spec)) throw new TypeError("the template is a map");
  const ids = new Set(collections.flatMap((name) => Object.keys(mapAt(spec, name))));
  const names = new Set([...ids, ...subscriptionIds(spec)]);
  const copied = collections.map((name) => {
    const all = Array.from({ length: copies }, (_, index) =>
      renamed(mapAt(spec, name), names, String(index)),
    );
    return [name, Object.assign({}, ...all) as Json] as const;
  });
  // Its environments speak of the names as they were.
  const written = JSON.stringify(
    { ...spec, ...Object.fromEntries(copied), environments: undefined },
    null,
    1,
  );
  writeFileSync(join(folder, "gateway.yaml"), written);
  return written;
}

function mapAt(spec: JsonObject, name: string): JsonObject {
  const { [name]: map } = spec;
  return isJsonObject(map) ? map : {};
}

function subscriptionIds(spec: JsonObject): string[] {
  return Object.values(mapAt(spec, "products")).flatMap((product) =>
    isJsonObject(product) ? Object.keys(mapAt(product, "subscriptions")) : [],
  );
}

/** What must be another in each copy: ids, wherever they stand, and what the service gives only once. */
function renamed(value: JsonObject, names: ReadonlySet<string>, copy: string): JsonObject {
  const rename = (text: string, key: string): string => {
    if (names.has(text)) return `${text}-${copy}`;
    if (key === "path" || key === "displayName") return `${text}-${copy}`;
    if (key === "account") return text.replace(/[^/]+$/, (account) => `${account}-${copy}`);
    if (key === "url") return text.replace("https://contoso", `https://contoso${copy}`);
    return text.replaceAll("{{appinsights-connection}}", `{{appinsights-connection-${copy}}}`);
  };
  const walk = (given: Json | undefined, key: string): Json => {
    if (typeof given === "string") return rename(given, key);
    if (Array.isArray(given)) return given.map((item: Json) => walk(item, key));
    if (!isJsonObject(given)) return given ?? null;
    return Object.fromEntries(
      Object.entries(given).map(([name, member]) => [
        names.has(name) ? `${name}-${copy}` : name,
        walk(member, name),
      ]),
    );
  };
  const result = walk(value, "");
  return isJsonObject(result) ? result : {};
}
