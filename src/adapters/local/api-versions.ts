/** The versions of the management API that are served, and what only the newer one shows. */
import type { Json, JsonObject } from "../../core/json.ts";
import { isJsonObject } from "../../core/json.ts";
import { apiVersion } from "./answer.ts";
import type { Answer } from "./answer.ts";

const previewVersion = "2024-06-01-preview";
const newerProperty = "largeLanguageModel";

/** The versions in which a path below a service is served. */
export function servedVersions(pathname: string): readonly string[] {
  return /\/diagnostics(?:\/[^/]+)?\/?$/i.test(pathname) ? [apiVersion, previewVersion] : [apiVersion];
}

/** A body as a version knows it: the stable one ignores what it does not know. */
export function sentIn(version: string | null, body: unknown): unknown {
  return version === previewVersion || !isJsonObject(body) ? body : withoutNewer(body);
}

/** An answer as a version gives it. */
export function answeredIn(version: string | null, answer: Answer): Answer {
  if (version === previewVersion || !isJsonObject(answer.body)) return answer;
  const { value }: { readonly value?: Json } = answer.body;
  const body = Array.isArray(value)
    ? { ...answer.body, value: value.map((item: Json) => (isJsonObject(item) ? withoutNewer(item) : item)) }
    : withoutNewer(answer.body);
  return { ...answer, body };
}

function withoutNewer(resource: JsonObject): JsonObject {
  const { properties } = resource;
  if (!isJsonObject(properties) || !(newerProperty in properties)) return resource;
  const known = Object.entries(properties).filter(([name]) => name !== newerProperty);
  return { ...resource, properties: Object.fromEntries(known) };
}
