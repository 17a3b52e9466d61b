/** What others have on the service: nothing that a spec does may change a byte of it. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isJsonObject } from "../../src/core/json.ts";
import type { Json, JsonObject } from "../../src/core/json.ts";
import type { LiveService } from "../../src/core/ports.ts";

const policy = (inbound: string): JsonObject => ({
  format: "rawxml",
  value: `<policies><inbound>${inbound}</inbound><backend></backend><outbound></outbound></policies>`,
});
const openApi = {
  openapi: "3.0.1",
  info: { title: "Foreign", version: "1" },
  paths: { "/chat": { post: { operationId: "Chat", responses: { 200: { description: "OK" } } } } },
};

const resources: readonly (readonly [string, JsonObject])[] = [
  ["namedValues/foreign-n", { displayName: "foreign-n", value: "v" }],
  ["backends/foreign-b", { url: "https://f.example", protocol: "http", description: "Of others" }],
  [
    "backends/foreign-p",
    { type: "Pool", pool: { services: [{ id: "/backends/foreign-b", priority: 1, weight: 1 }] } },
  ],
  [
    "loggers/foreign-l",
    { loggerType: "azureEventHub", credentials: { name: "n", connectionString: "{{foreign-n}}" } },
  ],
  ["policyFragments/foreign-f", { format: "rawxml", value: "<fragment><base /></fragment>" }],
  [
    "apis/foreign-a",
    { path: "foreign", displayName: "Foreign", format: "openapi+json", value: JSON.stringify(openApi) },
  ],
  ["apis/foreign-a/policies/policy", policy('<include-fragment fragment-id="foreign-f" />')],
  [
    "apis/foreign-a/operations/Chat/policies/policy",
    policy('<set-backend-service backend-id="foreign-p" />'),
  ],
  ["products/foreign-p", { displayName: "Foreign" }],
  ["policies/policy", policy("<!-- of others -->")],
];

/** Makes them. */
export async function createForeign(service: LiveService): Promise<void> {
  for (const [path, properties] of resources) await service.put(path, { properties });
  await service.put("products/foreign-p/apis/foreign-a", {});
}

export const foreignPaths: readonly string[] = resources.map(([path]) => path);

/** Whether a path is that of a resource of others. */
export function isForeign(path: string): boolean {
  return path.includes("foreign") || path === "policies/policy";
}

/** The stored text of every resource in the folder of a local APIM, by its ARM path. */
export function readStored(directory: string): Map<string, string> {
  const files = globSync("**/*.json", { cwd: directory }).sort();
  return new Map(
    files.flatMap((file): [string, string][] => {
      const text = readFileSync(join(directory, file), "utf8");
      const stored = JSON.parse(text) as Json;
      const path = isJsonObject(stored) ? stored["path"] : undefined;
      return typeof path === "string" ? [[path, text]] : [];
    }),
  );
}

/** The stored texts of the resources of others. */
export function readForeign(directory: string): ReadonlyMap<string, string> {
  return new Map([...readStored(directory)].filter(([path]) => isForeign(path)));
}
