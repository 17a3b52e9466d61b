import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ServiceFailure } from "../../src/core/failure.ts";
import { isJsonObject } from "../../src/core/json.ts";
import type { JsonObject } from "../../src/core/json.ts";
import { parsePolicyDocument } from "../../src/core/policy/parse.ts";
import { policyReferences } from "../../src/core/policy/references.ts";
import type { PolicyReference } from "../../src/core/policy/references.ts";
import type { LiveService } from "../../src/core/ports.ts";
import { sharedFolder } from "../support/shared-data.ts";
import { openLocalProject } from "./local-project.ts";
import { pullAndPlan } from "./pull-project.ts";

const good = sharedFolder("corpus/good");

type Policy = { readonly kind: string; readonly text: string };

function policies(folder: string): Policy[] {
  return readdirSync(folder).flatMap((repository) => {
    const index: unknown = JSON.parse(readFileSync(join(folder, repository, "index.json"), "utf8"));
    const files = Array.isArray(index) ? index : isJsonObject(index) ? index["files"] : [];
    return (Array.isArray(files) ? files : []).flatMap((entry: unknown) => {
      if (!isJsonObject(entry) || typeof entry["file"] !== "string") return [];
      return [
        {
          kind: entry["kind"] === "fragment" ? "fragment" : "document",
          text: readFileSync(join(folder, repository, entry["file"]), "utf8"),
        },
      ];
    });
  });
}

/** What a document needs to be accepted, so far as it can be made by its name alone. */
function needed({ kind, name }: PolicyReference): readonly [path: string, properties: JsonObject] {
  switch (kind) {
    case "backend":
      return [`backends/${name}`, { url: "https://backend.example", protocol: "http" }];
    case "fragment":
      return [`policyFragments/${name}`, { value: "<fragment />", format: "rawxml" }];
    case "logger":
      return [`loggers/${name}`, { loggerType: "azureMonitor" }];
    case "namedValue":
      return [`namedValues/${name}`, { displayName: name, value: "v" }];
  }
}

/** Whether the service took it: names may be none that it allows, and text may be broken. */
async function tryPut(service: LiveService, path: string, properties: JsonObject): Promise<boolean> {
  try {
    await service.put(path, { properties });
    return true;
  } catch (error) {
    if (error instanceof ServiceFailure) return false;
    throw error;
  }
}

async function seed(service: LiveService, { text }: Policy): Promise<void> {
  const parsed = parsePolicyDocument(text, { dialect: "auto" });
  if (!parsed.ok) return;
  for (const reference of policyReferences(parsed.document.root)) await tryPut(service, ...needed(reference));
}

describe.skipIf(good === undefined)("policies in use", () => {
  const all = good === undefined ? [] : policies(good);
  const documents = all.filter(({ kind }) => kind === "document");
  const perApi = 60;
  const apis = Math.ceil(documents.length / perApi);

  it("are pulled, and planning shows no change", { timeout: 300_000 }, async () => {
    const project = await openLocalProject();
    const { service } = project;
    try {
      const ids = Array.from({ length: perApi }, (_, index) => `op${index}`);
      const value = JSON.stringify({
        openapi: "3.0.1",
        info: { title: "Many", version: "1" },
        paths: Object.fromEntries(
          ids.map((operationId) => [
            `/${operationId}`,
            { post: { operationId, responses: { 200: { description: "" } } } },
          ]),
        ),
      });
      for (let index = 0; index < apis; index++) {
        const displayName = `API ${index}`;
        await service.put(`apis/a${index}`, {
          properties: { displayName, path: `a${index}`, format: "openapi+json", value },
        });
      }
      let taken = 0;
      for (const [index, policy] of documents.entries()) {
        await seed(service, policy);
        const api = `apis/a${Math.floor(index / perApi)}`;
        const scope = index % 20 === 0 ? api : `${api}/operations/op${index % perApi}`;
        const isTaken = await tryPut(service, `${scope}/policies/policy`, {
          value: policy.text,
          format: "rawxml",
        });
        if (isTaken) taken++;
      }
      for (const [index, policy] of all.filter(({ kind }) => kind === "fragment").entries()) {
        await seed(service, policy);
        await tryPut(service, `policyFragments/corpus${index}`, { value: policy.text, format: "rawxml" });
      }
      expect(taken).toBeGreaterThan(documents.length * 0.8);
      const pulled = await pullAndPlan(service);
      expect(pulled.changes).toEqual([]);
      expect(pulled.remaining).toEqual([]);
    } finally {
      await project.close();
    }
  });
});
