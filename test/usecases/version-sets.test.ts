/** Version sets, and the APIs that are versions in them: applied, planned again, pulled, taken apart. */
import { expect, it, onTestFinished } from "vitest";
import { parseSpec } from "../../src/core/spec/parse-spec.ts";
import { actions, openLocalProject } from "./local-project.ts";
import type { SpecParts } from "./local-project.ts";
import { pullAndPlan, removeMarks } from "./pull-project.ts";

const document = JSON.stringify({
  openapi: "3.0.1",
  info: { title: "Small", version: "1" },
  paths: { "/chat": { post: { operationId: "Chat", responses: {} } } },
});
const backends = { a: { url: "https://a.example/openai" } };

function specOf(versionSets: SpecParts, apis: Readonly<Record<string, object>>): SpecParts {
  const whole = Object.entries(apis).map(([id, api]) => [
    id,
    { path: "ai", openapi: "small.json", displayName: id, operations: { Chat: { backend: "a" } }, ...api },
  ]);
  return { backends, versionSets, apis: Object.fromEntries(whole) };
}

async function open() {
  const project = await openLocalProject({ "small.json": document });
  onTestFinished(() => project.close());
  return project;
}

const path = { chat: { scheme: "path" } };
const two = specOf(path, {
  v1: { version: { set: "chat", name: "v1" } },
  v2: { version: { set: "chat", name: "v2" } },
});

it("makes the set before its versions, and deletes it after them", async () => {
  const project = await open();
  const planned = await project.plan(two);
  expect(actions(planned)).toEqual([
    "create backend a",
    "create versionSet chat",
    "create api v1",
    "create api v2",
    "create policy v1",
    "create policy v2",
    "create policy v1/Chat",
    "create policy v2/Chat",
  ]);
  await project.apply(two);
  expect(actions(await project.plan(two))).toEqual([]);
  const gone = await project.plan({ backends });
  expect(actions(gone)).toEqual(["delete api v1", "delete api v2", "delete versionSet chat"]);
  await project.apply({ backends });
  expect(await project.service.list("apiVersionSets")).toEqual([]);
});

it.each<readonly [string, readonly SpecParts[]]>([
  [
    "an API becomes the first of two versions, and is alone again",
    [
      specOf({}, { v1: {} }),
      specOf(path, { v1: { version: { set: "chat" } }, v2: { version: { set: "chat", name: "v2" } } }),
      specOf({}, { v1: {} }),
    ],
  ],
  [
    "the scheme changes, and a version its name",
    [
      two,
      specOf(
        { chat: { scheme: "header", name: "x-version", displayName: "Chat", description: "All" } },
        { v1: { version: { set: "chat", name: "v1" } }, v2: { version: { set: "chat", name: "v3" } } },
      ),
      specOf(
        { chat: { scheme: "query", name: "v" } },
        { v1: { version: { set: "chat", name: "v1" } }, v2: { version: { set: "chat", name: "v3" } } },
      ),
    ],
  ],
  [
    "a version moves to another set",
    [
      two,
      specOf(
        { chat: { scheme: "path" }, more: { scheme: "query", name: "v" } },
        {
          v1: { version: { set: "chat", name: "v1" } },
          v2: { path: "more", version: { set: "more", name: "v2" } },
        },
      ),
    ],
  ],
])("%s", async (_, specs) => {
  const project = await open();
  for (const spec of specs) {
    await project.apply(spec);
    expect(actions(await project.plan(spec))).toEqual([]);
  }
});

it("is pulled in the spec's words", async () => {
  const project = await open();
  const sets = { chat: { scheme: "header", name: "x-version", displayName: "Chat", description: "All" } };
  await project.apply(
    specOf(sets, { v1: { version: { set: "chat" } }, v2: { version: { set: "chat", name: "v2" } } }),
  );
  await removeMarks(project.service);
  const { text, changes, notes } = await pullAndPlan(project.service);
  expect([changes, notes]).toEqual([[], []]);
  const { parsed } = parseSpec(text, { file: "gateway.yaml", variables: {} });
  expect(parsed?.spec.versionSets).toEqual(sets);
  expect(parsed?.spec.apis).toMatchObject({
    v1: { path: "ai", version: { set: "chat" } },
    v2: { path: "ai", version: { set: "chat", name: "v2" } },
  });
});

it("leaves out a set of another spec, and pulls the API without its version and path", async () => {
  const project = await open();
  await project.apply(two);
  const { text, changes, notes } = await pullAndPlan(project.service, { name: "team-b" });
  expect(changes).toEqual([]);
  expect(text).not.toContain("versionSets");
  expect(notes.map(({ path: where }) => where)).toContain("apiVersionSets/chat");
});

it("keeps an API that is not imported in its set, and can move it", async () => {
  const project = await open();
  await project.apply(two);
  const existing = { backends, versionSets: path, apis: { v1: { operations: { Chat: { backend: "a" } } } } };
  await project.apply({ ...existing, versionSets: { ...path, other: { scheme: "query", name: "v" } } });
  const moved = {
    backends,
    versionSets: { other: { scheme: "query", name: "v" } },
    apis: {
      v1: { path: "x", version: { set: "other", name: "1" }, operations: { Chat: { backend: "a" } } },
    },
  };
  await project.apply(moved);
  const api = await project.service.get("apis/v1");
  expect(JSON.stringify(api?.body)).toContain("/apiVersionSets/other");
  expect(actions(await project.plan(moved))).toEqual([]);
});
