import { describe, expect, it, onTestFinished } from "vitest";
import { Failure } from "../../src/core/failure.ts";
import { actions, openLocalProject } from "./local-project.ts";
import type { LocalProject, SpecParts } from "./local-project.ts";

const openApi = JSON.stringify({
  openapi: "3.0.1",
  info: { title: "Small", version: "1" },
  paths: { "/chat": { post: { operationId: "Chat", responses: { 200: { description: "OK" } } } } },
});
const backends = { a: { url: "https://a.example/openai" }, b: { url: "https://b.example/openai" } };
const apis = (paths: Readonly<Record<string, string>>): SpecParts => ({
  backends,
  apis: Object.fromEntries(
    Object.entries(paths).map(([id, path]) => [
      id,
      { path, openapi: "openapi.json", operations: { Chat: { backend: "a" } } },
    ]),
  ),
});
const named = (names: Readonly<Record<string, string>>, more: object = {}): SpecParts => ({
  namedValues: Object.fromEntries(
    Object.entries(names).map(([id, displayName]) => [id, { value: id, displayName }]),
  ),
  ...more,
});
const products = (names: Readonly<Record<string, string>>): SpecParts => ({
  products: Object.fromEntries(Object.entries(names).map(([id, displayName]) => [id, { displayName }])),
});
const fragment = { f: '<set-variable name="x" value="{{name}}" />' };

async function open(): Promise<LocalProject> {
  const project = await openLocalProject({ "openapi.json": openApi });
  onTestFinished(() => project.close());
  return project;
}

async function failureOf(planning: Promise<unknown>): Promise<Failure> {
  const thrown = await planning.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof Failure)) throw new Error(`no Failure: ${String(thrown)}`);
  return thrown;
}

describe("a name that goes from one resource to another", () => {
  it.each<[string, SpecParts, SpecParts, readonly string[]]>([
    [
      "the path of an API that gets another id",
      apis({ old: "openai" }),
      apis({ new: "openai" }),
      ["delete api old", "create api new", "create policy new", "create policy new/Chat"],
    ],
    [
      "the path of an API that moves on",
      apis({ s: "one", t: "two" }),
      apis({ s: "Two", t: "three" }),
      ["update api t", "update api s"],
    ],
    [
      "a display name that is passed on",
      named({ k: "x", l: "y", m: "z" }),
      named({ k: "y", l: "z" }),
      ["delete namedValue m", "update namedValue l", "update namedValue k"],
    ],
    [
      "the display name of a product",
      products({ p: "One", q: "Two" }),
      products({ r: "One", q: "Three", s: "Two" }),
      ["delete product p", "update product q", "create product r", "create product s"],
    ],
    [
      "a member of a pool that becomes a pool itself",
      { backends, pools: { p: { members: [{ backend: "a" }, { backend: "b" }] } } },
      {
        backends: { b: backends.b },
        pools: { a: { members: [{ backend: "b" }] }, p: { members: [{ backend: "b" }] } },
      },
      ["update pool p", "update pool a"],
    ],
  ])("%s", async (_, first, second, expected) => {
    const project = await open();
    await project.apply(first);
    const planned = await project.plan(second);
    expect(actions(planned)).toEqual(expected);
    expect((await project.applyPlanned(planned)).failures).toEqual([]);
    expect(actions(await project.plan(second))).toEqual([]);
  });

  it("says beside a delete why it does not come last", async () => {
    const project = await open();
    await project.apply(apis({ old: "openai" }));
    const { changes } = (await project.plan(apis({ new: "openai" }))).plan;
    expect(changes.find(({ action }) => action === "delete")?.notes).toEqual([
      "goes first: API `new` takes over its path",
    ]);
  });

  it.each<[string, SpecParts, SpecParts, string]>([
    [
      "an exchange",
      apis({ s: "one", t: "two" }),
      apis({ s: "two", t: "one" }),
      "each wants the path that another one has",
    ],
    [
      "a named value that policies go on naming",
      named({ k: "name" }, { fragments: fragment }),
      named({ l: "name" }, { fragments: fragment }),
      "wants the display name `name`, which named value `k` has",
    ],
  ])("refuses before anything is written: %s", async (_, first, second, message) => {
    const project = await open();
    await project.apply(first);
    const failure = await failureOf(project.plan(second));
    expect(failure.code).toBe("PLAN.NAME_TAKEN");
    expect(failure.message).toContain(message);
    expect(failure.remedy).toBeDefined();
  });

  it("refuses a path that somebody else's API has", async () => {
    const project = await open();
    const properties = { displayName: "Theirs", path: "OpenAI" };
    await project.service.put("apis/theirs", { properties });
    const failure = await failureOf(project.plan(apis({ ours: "openai" })));
    expect(failure).toMatchObject({ code: "PLAN.NAME_TAKEN" });
    expect(failure.message).toContain("wants the path `openai`, which API `theirs` has");
  });
});

describe("fragments that include each other", () => {
  it.each([
    { f: '<include-fragment fragment-id="f" />' },
    { f: '<include-fragment fragment-id="g" />', g: '<include-fragment fragment-id="f" />' },
  ])("are refused with their names: %o", async (fragments) => {
    const project = await open();
    const failure = await failureOf(project.plan({ fragments }));
    expect(failure.code).toBe("PLAN.CYCLE");
    expect(failure.message).toContain("fragment `f` (gateway.yaml:1:");
  });
});
