import { describe, expect, it, onTestFinished } from "vitest";
import { driftReport } from "../../src/core/plan/drift.ts";
import { actions, editByHand, openLocalProject, replaceInDocument } from "./local-project.ts";
import type { LocalProject, SpecParts } from "./local-project.ts";

const openApi = JSON.stringify({
  openapi: "3.0.1",
  info: { title: "Small", version: "1" },
  paths: { "/chat": { post: { operationId: "Chat", responses: { 200: { description: "OK" } } } } },
});
const spec: SpecParts = {
  backends: {
    a: {
      url: "https://a.example",
      circuitBreaker: { count: 3, interval: "5m", statusCodes: [429, "500-599"], tripDuration: "90s" },
    },
    b: { url: "https://b.example" },
  },
  pools: { p: { members: [{ backend: "a", priority: 1 }, { backend: "b" }] } },
  namedValues: { n: { value: "x" }, secret: { value: "hush", secret: true } },
  loggers: { l: { applicationInsights: { connectionString: "{{secret}}" }, description: "Ours" } },
  fragments: { f: '<set-variable name="v" value="{{n}}" />' },
  apis: {
    small: { path: "small", openapi: "openapi.json", operations: { Chat: { backend: "p", retry: true } } },
  },
  products: { d: { apis: ["small"] } },
};

async function applied(): Promise<LocalProject> {
  const project = await openLocalProject({ "openapi.json": openApi });
  onTestFinished(() => project.close());
  await project.apply(spec);
  return project;
}

describe("drift", () => {
  it("is none after an apply, nor for changes of the spec", async () => {
    const project = await applied();
    expect(driftReport(await project.plan(spec))).toMatchObject({ drift: [], missing: [] });
    const changed = {
      ...spec,
      backends: { a: { url: "https://a2.example" }, b: { url: "https://b.example", title: "B" } },
      apis: {
        small: {
          path: "small2",
          serviceUrl: "https://s.example",
          openapi: "openapi.json",
          operations: { Chat: { backend: "b" } },
        },
      },
      products: { d: { displayName: "D", apis: ["small"] } },
    };
    const planned = await project.plan(changed);
    expect(actions(planned)).toContain("update api small");
    expect(driftReport(planned)).toMatchObject({ drift: [], missing: [] });
  });

  it.each<[string, (project: LocalProject) => Promise<void>, string, string]>([
    [
      "a backend",
      (p) => editByHand(p, "backends/b", { title: "By hand" }),
      "backend b",
      '+ title: "By hand"',
    ],
    ["a pool", (p) => editByHand(p, "backends/p", { title: "By hand" }), "pool p", '+ title: "By hand"'],
    [
      "a named value",
      (p) => editByHand(p, "namedValues/n", { value: "y" }),
      "namedValue n",
      '~ value: "x" -> "y"',
    ],
    ["a logger", (p) => editByHand(p, "loggers/l", { isBuffered: false }), "logger l", "+ isBuffered: false"],
    [
      "an API",
      (p) => editByHand(p, "apis/small", { displayName: "By hand" }),
      "api small",
      '~ displayName: "Small" -> "By hand"',
    ],
    [
      "a product",
      (p) => editByHand(p, "products/d", { state: "notPublished" }),
      "product d",
      '~ state: "published" -> "notPublished"',
    ],
    [
      "a fragment",
      (p) => editByHand(p, "policyFragments/f", replaceInDocument('name="v"', 'name="w"')),
      "fragment f",
      '-  <set-variable name="v" value="{{n}}" />\n+  <set-variable name="w" value="{{n}}" />',
    ],
    [
      "a document",
      (p) =>
        editByHand(
          p,
          "apis/small/operations/Chat/policies/policy",
          replaceInDocument('backend-id="p"', 'backend-id="a"'),
        ),
      "policy small/Chat",
      '-    <set-backend-service backend-id="p" />\n+    <set-backend-service backend-id="a" />',
    ],
  ])("of %s is told, with the diff from the spec to what is there", async (_, change, what, diff) => {
    const project = await applied();
    await change(project);
    const { drift } = driftReport(await project.plan(spec));
    expect(drift.map(({ kind, id, by }) => [`${kind} ${id}`, by])).toEqual([[what, "service"]]);
    expect(drift[0]?.diff).toContain(diff);
  });

  it("tells when the spec has changed as well, and what has left it", async () => {
    const project = await applied();
    await editByHand(project, "backends/b", { title: "By hand" });
    await editByHand(project, "namedValues/n", { value: "y" });
    const { n, ...namedValues } = spec.namedValues as Record<string, unknown>;
    expect(n).toBeDefined();
    const { drift } = driftReport(
      await project.plan({
        ...spec,
        namedValues,
        fragments: {},
        backends: { ...Object(spec.backends), b: { url: "https://b2.example" } },
      }),
    );
    expect(drift.map(({ id, by, diff }) => [id, by, diff])).toEqual([
      ["b", "both", '+ title: "By hand"\n~ url: "https://b2.example" -> "https://b.example"'],
      ["n", "service", ""],
    ]);
  });

  it("lists what is not there", async () => {
    const project = await applied();
    await project.service.remove("products/d", "*", { deleteSubscriptions: "true" });
    expect(driftReport(await project.plan(spec)).missing.map(({ path }) => path)).toEqual([
      "products/d",
      "products/d/apis/small",
    ]);
  });
});
