import { describe, expect, it, onTestFinished } from "vitest";
import { parseSelector } from "../../src/core/plan/select.ts";
import type { Selection } from "../../src/core/plan/select.ts";
import { actions, openLocalProject } from "./local-project.ts";
import type { LocalProject, SpecParts } from "./local-project.ts";

const openApi = JSON.stringify({
  openapi: "3.0.1",
  info: { title: "Small", version: "1" },
  paths: {
    "/chat": { post: { operationId: "Chat", responses: { 200: { description: "OK" } } } },
    "/images": { post: { operationId: "Images", responses: { 200: { description: "OK" } } } },
  },
});
const backends = { a: { url: "https://a.example" }, b: { url: "https://b.example" } };
const api = (operations: object) => ({ small: { path: "small", openapi: "openapi.json", operations } });
const both: SpecParts = {
  backends,
  pools: { p: { members: [{ backend: "a" }, { backend: "b" }] } },
  apis: api({ Chat: { backend: "p" }, Images: { backend: "b" } }),
};
const less: SpecParts = { backends: { a: backends.a }, apis: api({ Chat: { backend: "a" } }) };

async function open(before?: SpecParts): Promise<LocalProject> {
  const project = await openLocalProject({ "openapi.json": openApi });
  onTestFinished(() => project.close());
  if (before !== undefined) await project.apply(before);
  return project;
}

function selection({
  target = [],
  exclude = [],
  deletes = true,
}: {
  target?: string[];
  exclude?: string[];
  deletes?: boolean;
}): Selection {
  return { targets: target.map(parseSelector), excludes: exclude.map(parseSelector), deletes };
}

describe("part of a plan", () => {
  it.each<[string, Parameters<typeof selection>[0], string[]]>([
    [
      "a target drags along what it needs",
      { target: ["policy:small/Images"] },
      ["create backend b", "create api small", "create policy small", "create policy small/Images"],
    ],
    ["a pattern", { target: ["backend:*"] }, ["create backend a", "create backend b"]],
    ["any case", { target: ["Backend:A"] }, ["create backend a"]],
    [
      "what is excluded takes along what needs it",
      { exclude: ["backend:b"] },
      ["create backend a", "create api small", "create policy small"],
    ],
    ["both", { target: ["*:p"], exclude: ["pool:p"] }, ["create backend a", "create backend b"]],
  ])("of creates: %s", async (_, parts, expected) => {
    const project = await open();
    const planned = await project.plan(both, { selection: selection(parts) });
    expect(actions(planned)).toEqual(expected);
    expect(planned.plan.leftOut).toHaveLength(7 - expected.length);
    expect((await project.applyPlanned(planned)).failures).toEqual([]);
  });

  it.each<[string, Parameters<typeof selection>[0], string[]]>([
    [
      "all",
      {},
      ["update policy small/Chat", "delete policy small/Images", "delete pool p", "delete backend b"],
    ],
    [
      "a delete drags along what lets go of it",
      { target: ["pool:p"] },
      ["update policy small/Chat", "delete pool p"],
    ],
    ["no deletes", { deletes: false }, ["update policy small/Chat"]],
    [
      "an excluded write keeps what it would have let go",
      { exclude: ["policy:small/Chat"] },
      ["delete policy small/Images"],
    ],
    [
      "an excluded delete keeps what it refers to",
      { exclude: ["policy:small/Images"] },
      ["update policy small/Chat", "delete pool p"],
    ],
  ])("of deletes: %s", async (_, parts, expected) => {
    const project = await open(both);
    const planned = await project.plan(less, { selection: selection(parts) });
    expect(actions(planned)).toEqual(expected);
    expect((await project.applyPlanned(planned)).failures).toEqual([]);
    const rest = await project.plan(less);
    expect((await project.applyPlanned(rest)).failures).toEqual([]);
    expect(actions(await project.plan(less))).toEqual([]);
  });

  it("leaves out a write that waits for a delete which may not happen", async () => {
    const project = await open({ namedValues: { old: { value: "x", displayName: "name" } } });
    const spec = { namedValues: { new: { value: "x", displayName: "name" } } };
    expect(actions(await project.plan(spec))).toEqual(["delete namedValue old", "create namedValue new"]);
    expect(actions(await project.plan(spec, { selection: selection({ deletes: false }) }))).toEqual([]);
  });

  it.each([
    ["backend:c", "nothing fits `backend:c`"],
    ["backends:a", "`backends:a` does not name resources"],
    ["backend", "`backend` does not name resources"],
    ["backend:", "`backend:` does not name resources"],
  ])("refuses %s", async (text, message) => {
    const project = await open();
    await expect(
      (async () => project.plan(both, { selection: selection({ target: [text] }) }))(),
    ).rejects.toThrow(message);
  });
});

describe("protection", () => {
  const guarded = (value: boolean): SpecParts => ({
    backends: { a: { ...backends.a, protected: value } },
    pools: { p: { members: [{ backend: "a" }], protected: value } },
    namedValues: { n: { value: "x", protected: value } },
    loggers: { l: { azureMonitor: {}, protected: value } },
    fragments: { f: { file: "f.xml", protected: value } },
    apis: { small: { path: "small", openapi: "openapi.json", protected: value, operations: {} } },
    products: { d: { protected: value } },
  });

  it("refuses to delete before anything is written, until it has been given up", async () => {
    const project = await openLocalProject({
      "openapi.json": openApi,
      "f.xml": '<set-header name="x" exists-action="delete" />',
    });
    onTestFinished(() => project.close());
    await project.apply(guarded(true));
    expect(actions(await project.plan(guarded(true)))).toEqual([]);
    const refusal =
      /^(?=.*backend `a`)(?=.*pool `p`)(?=.*named value `n`)(?=.*logger `l`)(?=.*fragment `f`)(?=.*API `small`)(?=.*product `d`).* would be deleted, and are protected$/;
    await expect(project.plan({})).rejects.toThrow(refusal);
    await expect(project.planDestroy()).rejects.toThrow(refusal);
    const rest = await project.planDestroy("team-a", selection({ exclude: ["*:*"], target: [] }));
    expect(actions(rest)).toEqual([]);
    const unguarded = await project.plan(guarded(false));
    expect(actions(unguarded)).toHaveLength(7);
    expect(unguarded.plan.changes[0]?.diff).toBe("- protected: true");
    expect((await project.applyPlanned(unguarded)).failures).toEqual([]);
    expect((await project.applyPlanned(await project.plan({}))).failures).toEqual([]);
  });
});
