import { describe, expect, it, onTestFinished } from "vitest";
import { defaultGlobalPolicy } from "../../src/core/policy/global-policy.ts";
import { samePolicy } from "../../src/core/policy/canonical.ts";
import { markOf } from "../../src/core/policy/ownership.ts";
import { parsePolicyDocument } from "../../src/core/policy/parse.ts";
import { isJsonObject } from "../../src/core/json.ts";
import { planRisks } from "../../src/core/plan/risks.ts";
import { everything } from "../../src/core/plan/select.ts";
import type { PolicyDocument } from "../../src/core/policy/tree.ts";
import { actions, editByHand, openLocalProject, replaceInDocument } from "./local-project.ts";
import type { LocalProject } from "./local-project.ts";
import { pullAndPlan } from "./pull-project.ts";

async function open(): Promise<LocalProject> {
  const project = await openLocalProject();
  onTestFinished(() => project.close());
  return project;
}

async function documentAt({ service }: LocalProject, path: string): Promise<PolicyDocument | undefined> {
  const resource = await service.get(`${path}policies/policy`, { format: "xml" });
  const properties = resource?.body.properties;
  const value = isJsonObject(properties) ? properties.value : undefined;
  if (typeof value !== "string") return undefined;
  const parsed = parsePolicyDocument(value, { dialect: "xml" });
  if (!parsed.ok) throw new Error(value);
  return parsed.document;
}

const header = (name: string) =>
  `<set-header name="${name}" exists-action="override"><value>x</value></set-header>`;
const policies = { inbound: header("x-global") };

describe("the global document", () => {
  it("is adopted from the start, since every service has one, and forwards as before", async () => {
    const project = await open();
    const planned = await project.plan({ policies });
    expect(actions(planned)).toEqual(["adopt policy global"]);
    expect(planned.plan.changes[0]?.diff).toContain("+");
    expect([...planRisks(planned.plan).values()].flat().map(({ kind }) => kind)).toEqual(["service-wide"]);
    await project.apply({ policies });
    expect(actions(await project.plan({ policies }))).toEqual([]);
    const document = await documentAt(project, "");
    expect(document && markOf(document)?.owner).toBe("team-a");
    expect(JSON.stringify(document)).toContain("forward-request");
  });

  it.each([
    ["it leaves the spec", (project: LocalProject) => project.plan({})],
    ["the spec is destroyed", (project: LocalProject) => project.planDestroy()],
  ])("is put back to that of a new service when %s", async (_, plan) => {
    const project = await open();
    await project.apply({ policies });
    const planned = await plan(project);
    expect(actions(planned)).toEqual(["delete policy global"]);
    expect(planned.plan.changes[0]?.notes).toEqual([
      "put back to what a new service has: it forwards calls and does nothing else",
    ]);
    expect([...planRisks(planned.plan).values()].flat().map(({ message }) => message)).toEqual([
      "put back to what a new service has: it forwards calls and does nothing else",
      "counts for every API of the service, whoever made it",
    ]);
    expect((await project.applyPlanned(planned)).failures).toEqual([]);
    const document = await documentAt(project, "");
    expect(document && samePolicy(document, defaultGlobalPolicy)).toBe(true);
    expect(document && markOf(document)).toBeUndefined();
    expect(actions(await plan(project))).toEqual([]);
  });

  it("is not put back over what somebody wrote after the plan", async () => {
    const project = await open();
    await project.apply({ policies });
    const planned = await project.planDestroy();
    await editByHand(project, "policies/policy", replaceInDocument("x-global", "x-theirs"));
    const applied = await project.applyPlanned(planned);
    expect(applied.failures.join()).toContain("somebody changed policy `global` since the plan");
    expect(JSON.stringify(await documentAt(project, ""))).toContain("x-theirs");
  });

  it("stays as it is without `policies`, whoever wrote it, and is refused when another spec has it", async () => {
    const project = await open();
    await editByHand(
      project,
      "policies/policy",
      replaceInDocument("<inbound />", `<inbound>${header("x-hand")}</inbound>`),
    );
    expect(actions(await project.plan({}))).toEqual([]);
    expect(actions(await project.planDestroy())).toEqual([]);
    await project.apply({ name: "other", policies });
    expect(actions(await project.plan({}))).toEqual([]);
    await expect(project.plan({ policies })).rejects.toThrow("policy `global` belongs to `other`");
  });

  it("outlives nothing that it names: a fragment goes after it", async () => {
    const project = await open();
    const fragments = { strip: header("x-strip") };
    await project.apply({ fragments, policies: { inbound: '<include-fragment fragment-id="strip" />' } });
    const planned = await project.planDestroy();
    expect(actions(planned)).toEqual(["delete policy global", "delete fragment strip"]);
    expect((await project.applyPlanned(planned)).failures).toEqual([]);
  });
});

describe("the document of a product", () => {
  const products = { p: { rateLimit: { calls: 5, period: "1m" } } };

  it("is written before the product's APIs are linked, and goes when nothing is said in it", async () => {
    const project = await open();
    await project.service.put("apis/hand", { properties: { displayName: "hand", path: "hand" } });
    const apis = { hand: { unlisted: "allow", policies: false } };
    const planned = await project.plan({ apis, products: { p: { ...products.p, apis: ["hand"] } } });
    expect(actions(planned)).toEqual([
      "create product p",
      "create policy products/p",
      "create productApi p/hand",
    ]);
    expect((await project.applyPlanned(planned)).failures).toEqual([]);
    const without = await project.plan({ apis, products: { p: { apis: ["hand"] } } });
    expect(actions(without)).toEqual(["delete policy products/p"]);
    await project.applyPlanned(without);
    expect(await documentAt(project, "products/p/")).toBeUndefined();
  });

  it("is somebody else's while it has no mark: kept without a word in the spec, adopted with one", async () => {
    const project = await open();
    await project.apply({ products: { p: {} } });
    const theirs = '<policies><inbound><base /><quota calls="9" renewal-period="300" /></inbound></policies>';
    await project.service.put("products/p/policies/policy", {
      properties: { format: "rawxml", value: theirs },
    });
    expect(actions(await project.plan({ products: { p: {} } }))).toEqual([]);
    const adopting = await project.plan({ products });
    expect(actions(adopting)).toEqual(["adopt policy products/p"]);
    expect(adopting.plan.changes[0]?.diff).toContain('-    <quota calls="9"');
  });

  it("goes with its product, without a step of its own", async () => {
    const project = await open();
    await project.apply({ products });
    expect(actions(await project.planDestroy())).toEqual(["delete product p"]);
    const kept = await project.planDestroy("team-a", { ...everything, deletes: false });
    expect(actions(kept)).toEqual([]);
  });
});

describe("pull", () => {
  it("writes both documents into the spec, and plans no change", async () => {
    const project = await open();
    await project.apply({
      policies: { ...policies, backend: '<forward-request timeout="60" />' },
      backends: { safety: { url: "https://s.example" }, e: { url: "https://e.example/openai" } },
      products: {
        plain: {},
        own: { policies: {} },
        limited: {
          subscriptionsLimit: 2,
          callers: { entra: { tenant: "t", clientApplications: ["c"] } },
          rateLimit: { calls: 5, period: "90s", counterKey: "user", headers: { total: "x-total" } },
          quota: { bandwidth: 7, period: "0s", counterKey: "@(context.Api.Id)" },
          tokenLimit: { quota: 9, period: "Weekly", estimate: false, headers: true },
          contentSafety: { backend: "safety", outputType: "EightSeverityLevels", categories: { Hate: 3 } },
          tokenMetrics: { dimensions: ["API ID", { name: "API ID 2", value: "@(context.Api.Id)" }] },
          semanticCache: { embeddings: "e", scoreThreshold: 0.05, varyBy: "product" },
          policies: { inbound: header("x-last") },
        },
        byHand: { policies: { inbound: `${header("x-first")}<rate-limit calls="1" renewal-period="10" />` } },
      },
    });
    const pulled = await pullAndPlan(project.service);
    expect([pulled.changes, pulled.errors, pulled.notes]).toEqual([[], [], []]);
    for (const text of [
      "rateLimit: { calls: 5, period: 90s, counterKey: user, headers: { total: x-total } }",
      'quota: { bandwidth: 7, period: 0s, counterKey: "@(context.Api.Id)" }',
      "tokenLimit: { quota: 9, period: Weekly, estimate: false, headers: true }",
      "subscriptionsLimit: 2",
      "varyBy: product",
      "file: policies/products/byHand.inbound.xml",
      "file: policies/global/backend.xml",
    ])
      expect(pulled.text).toContain(text);
  });

  it("leaves the global document of a new service out, and that of another spec", async () => {
    const project = await open();
    await project.apply({ backends: { a: { url: "https://a.example/openai" } } });
    expect((await pullAndPlan(project.service)).text).not.toContain("policies:");
    await project.apply({ name: "other", policies });
    const pulled = await pullAndPlan(project.service, { name: "team-a" });
    expect(pulled.text).not.toContain("policies:");
    expect(pulled.notes).toEqual([
      {
        kind: "policy",
        id: "global",
        path: "policies/policy",
        note: "left out: it belongs to the spec `other`",
      },
    ]);
  });
});

describe("an open product", () => {
  it("is told when it lets calls without a key into an API that is there", async () => {
    const project = await openLocalProject({ "one.json": JSON.stringify(small) });
    onTestFinished(() => project.close());
    const apis = { small: { path: "small", openapi: "one.json" } };
    const products = { open: { apis: ["small"], subscriptionRequired: false } };
    const opened = (planned: Awaited<ReturnType<LocalProject["plan"]>>) =>
      [...planRisks(planned.plan)].flatMap(([{ path }, risks]) =>
        risks.map(({ kind, message }) => [path, kind, message]),
      );
    expect(opened(await project.plan({ apis, products }))).toEqual([]);
    await project.apply({ apis });
    expect(opened(await project.plan({ apis, products }))).toEqual([
      [
        "products/open/apis/small",
        "subscription-not-required",
        "calls to `small` without a subscription key are let in from now on",
      ],
    ]);
    const closed = { open: { apis: ["small"] } };
    expect(opened(await project.plan({ apis, products: closed }))).toEqual([]);
  });
});

const small = {
  openapi: "3.0.1",
  info: { title: "Small", version: "1" },
  paths: { "/chat": { post: { operationId: "Chat", responses: { 200: { description: "OK" } } } } },
};
