import type { Change, Plan } from "../../src/core/plan/plan.ts";

const service = {
  subscriptionId: "00000000-0000-0000-0000-000000000001",
  resourceGroup: "rg-ai",
  name: "contoso-apim",
};

export function change(partial: Partial<Change> & Pick<Change, "action" | "kind" | "id">): Change {
  return {
    path: `${partial.kind}s/${partial.id}`,
    before: null,
    after: null,
    edits: [],
    diff: "",
    etag: null,
    drift: null,
    dependsOn: [],
    origin: partial.action === "delete" ? null : { file: "gateway.yaml", line: 7, column: 3 },
    notes: [],
    ...partial,
  };
}

export function plan(changes: readonly Change[], more: Partial<Plan> = {}): Plan {
  const count = (action: string) => changes.filter((item) => item.action === action).length;
  return {
    formatVersion: 1,
    service,
    name: "contoso-ai",
    changes,
    unmarked: 0,
    leftOut: [],
    unchanged: 12,
    summary: {
      create: count("create"),
      update: count("update"),
      adopt: count("adopt"),
      delete: count("delete"),
    },
    notes: [],
    digest: "sha256:0",
    ...more,
  };
}

export const createBackend = change({
  action: "create",
  kind: "backend",
  id: "aoai-eastus",
  after: {
    properties: {
      url: "https://contoso-eus.openai.azure.com/openai",
      protocol: "http",
      description: "apimgw: contoso-ai",
      circuitBreaker: { rules: [{ name: "trip" }] },
    },
  },
});

export const updateBackend = change({
  action: "update",
  kind: "backend",
  id: "aoai",
  before: { properties: { url: "https://a" } },
  after: { properties: { url: "https://b" } },
  edits: [
    { path: "properties.url", before: "https://a", after: "https://b" },
    { path: "title", after: "A" },
    { path: "properties.old", before: 1 },
    { path: "credentials", isSecret: true },
  ],
});

export const adoptPolicy = change({
  action: "adopt",
  kind: "policy",
  id: "azure-openai/ChatCompletions_Create",
  before: { properties: { value: "<policies>\n  <inbound />\n</policies>" } },
  after: { properties: { value: "<policies>\n  <inbound>\n  </inbound>\n</policies>" } },
  diff: "--- live\n+++ spec\n@@ -1,3 +1,4 @@\n <policies>\n-  <inbound />\n+  <inbound>\n+  </inbound>\n </policies>",
  notes: ["retry count 3: the breaker of aoai trips after 3 failures"],
});

export const createPolicy = change({
  action: "create",
  kind: "policy",
  id: "azure-openai",
  after: { properties: { value: "<policies>\n  <inbound />\n</policies>\n" } },
});

export const deleteBackend = change({
  action: "delete",
  kind: "backend",
  id: "old",
  before: { properties: {} },
});
