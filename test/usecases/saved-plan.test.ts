import { describe, expect, it } from "vitest";
import type { Change, Plan } from "../../src/core/plan/plan.ts";
import type { Files } from "../../src/core/ports.ts";
import { readSavedPlan, requireSamePlan, savePlan } from "../../src/usecases/saved-plan.ts";

const change: Change = {
  action: "update",
  kind: "backend",
  id: "a",
  path: "backends/a",
  before: { properties: { url: "https://old.example" } },
  after: { properties: { url: "https://new.example", title: "A" } },
  edits: [],
  diff: "",
  etag: '"1"',
  dependsOn: [],
  origin: null,
  notes: [],
};

function planOf(digest: string, ...changes: readonly Change[]): Plan {
  const service = { subscriptionId: "s", resourceGroup: "g", name: "apim" };
  const summary = { create: 0, update: changes.length, adopt: 0, delete: 0 };
  return {
    formatVersion: 1,
    service,
    name: "n",
    changes,
    unchanged: 0,
    unmarked: 0,
    summary,
    notes: [],
    digest,
  };
}

function memory(): Files {
  let text = "";
  return {
    read: () => Promise.resolve(text),
    exists: () => Promise.resolve(true),
    write: (_, written) => Promise.resolve(void (text = written)),
    append: () => Promise.reject(new Error("nothing is appended")),
  };
}

const origin = {
  apimgwVersion: "0",
  file: "gateway.yaml",
  environment: null,
  options: { rewritesSecrets: false, adoptsUnchanged: false },
  target: "AzureCloud",
  overrides: {},
};

describe("requireSamePlan", () => {
  it.each<[string, Change | undefined, string]>([
    [
      "another content",
      { ...change, after: { properties: { url: "https://other.example" } } },
      "backends/a is to be written with another content",
    ],
    ["another state on the service", { ...change, etag: '"2"' }, "backends/a was changed on the service"],
    ["another action", { ...change, action: "adopt" }, "backends/a needs adopt instead of update"],
    ["nothing to do", undefined, "backends/a no longer needs update"],
  ])("names what differs: %s", async (_, now, said) => {
    const files = memory();
    await savePlan(files, "plan.json", planOf("was", change), origin);
    const saved = await readSavedPlan(files, "plan.json");
    const plan = planOf("is", ...(now === undefined ? [] : [now]));
    expect(() => requireSamePlan(saved, plan)).toThrow(`changed since the plan: ${said}`);
  });

  it("takes the same plan, in whatever order its keys come", async () => {
    const files = memory();
    await savePlan(files, "plan.json", planOf("same", change), origin);
    const after = { properties: { title: "A", url: "https://new.example" } };
    const saved = await readSavedPlan(files, "plan.json");
    expect(() => requireSamePlan(saved, planOf("same", { ...change, after }))).not.toThrow();
  });
});
