/** `revision: new`: changes go into a new revision, and calls see them when all of it is there. */
import { expect, it, onTestFinished } from "vitest";
import { objectMember } from "../../src/core/model/kind-definition.ts";
import { releaseRevision } from "../../src/usecases/revisions.ts";
import { markDescription } from "../../src/core/model/ownership.ts";
import { createHurriedClock } from "../support/hurried-clock.ts";
import { actions, editByHand, openLocalProject, replaceInDocument } from "./local-project.ts";
import type { LocalProject, SpecParts } from "./local-project.ts";

const document = (...ids: readonly string[]): string =>
  JSON.stringify({
    openapi: "3.0.1",
    info: { title: "Small", version: "1" },
    paths: Object.fromEntries(
      ids.map((id) => [`/${id.toLowerCase()}`, { post: { operationId: id, responses: {} } }]),
    ),
  });
const files = { "one.json": document("Chat", "Images"), "two.json": document("Chat", "Images", "Text") };

function specOf(api: object = {}, more: object = {}): SpecParts {
  return {
    backends: { a: { url: "https://a.example/openai" }, b: { url: "https://b.example/openai" } },
    apis: {
      ai: {
        path: "ai",
        openapi: "one.json",
        revision: "new",
        operations: { Chat: { backend: "a" }, Images: { backend: "a" } },
        ...api,
      },
    },
    ...more,
  };
}

const routed = (backend: string) => ({ operations: { Chat: { backend }, Images: { backend: "a" } } });

async function open(): Promise<LocalProject> {
  // A refused step is tried again for a minute: nobody waits for that here.
  const project = await openLocalProject(files, undefined, { clock: createHurriedClock() });
  onTestFinished(() => project.close());
  return project;
}

/** `3 current`, `2`: the revisions that are there, newest first. */
async function revisionsOf({ service }: LocalProject): Promise<string[]> {
  const apis = await service.list("apis");
  return apis
    .map(({ body }) => objectMember(body, "properties") ?? {})
    .map(
      ({ apiRevision, isCurrent }) =>
        `${JSON.stringify(apiRevision).replaceAll('"', "")}${isCurrent === true ? " current" : ""}`,
    )
    .sort()
    .reverse();
}

async function chatDocument({ service }: LocalProject, api = "ai"): Promise<string> {
  const policy = await service.get(`apis/${api}/operations/Chat/policies/policy`, { format: "rawxml" });
  return JSON.stringify(policy?.body);
}

it("makes the API itself in place, and a revision of it for each later change", async () => {
  const project = await open();
  await project.apply(specOf());
  expect(await revisionsOf(project)).toEqual(["1 current"]);
  expect(actions(await project.plan(specOf()))).toEqual([]);

  const changed = specOf(routed("b"));
  const planned = await project.plan(changed);
  expect(actions(planned)).toEqual([
    "create revision ai;rev=2",
    "update policy ai/Chat",
    "create release ai;rev=2",
  ]);
  expect(planned.plan.changes.map(({ path }) => path)).toEqual([
    "apis/ai;rev=2",
    "apis/ai;rev=2/operations/Chat/policies/policy",
    "apis/ai/releases/apimgw-2",
  ]);
  expect(planned.plan.changes[1]?.diff).toContain('backend-id="b"');
  const { failures } = await project.applyPlanned(planned);
  expect(failures).toEqual([]);
  expect(await revisionsOf(project)).toEqual(["2 current", "1"]);
  expect(await chatDocument(project)).toContain('backend-id=\\"b\\"');
  expect(await chatDocument(project, "ai;rev=1")).toContain('backend-id=\\"a\\"');
  expect(actions(await project.plan(changed))).toEqual([]);
});

it.each<readonly [string, object, readonly string[]]>([
  ["a document with another operation", { openapi: "two.json" }, ["create revision ai;rev=2"]],
  ["a service URL", { serviceUrl: "https://s.example/x" }, ["create revision ai;rev=2"]],
  ["a description", { description: "Other" }, ["create revision ai;rev=2"]],
  [
    "an operation that is no longer listed",
    { operations: { Chat: { backend: "a" } } },
    ["create revision ai;rev=2", "delete policy ai/Images"],
  ],
  [
    "operations that are removed",
    { unlisted: "remove", operations: { Chat: { backend: "a" } } },
    ["create revision ai;rev=2", "delete operation ai/Images", "update policy ai"],
  ],
  ["a denial", { deny: { status: 403 } }, ["create revision ai;rev=2", "update policy ai"]],
])("takes %s into the revision", async (_, change, expected) => {
  const project = await open();
  await project.apply(specOf());
  const planned = await project.plan(specOf(change));
  expect(actions(planned)).toEqual([...expected, "create release ai;rev=2"]);
  const { failures } = await project.applyPlanned(planned);
  expect(failures).toEqual([]);
  expect(actions(await project.plan(specOf(change)))).toEqual([]);
  expect(await revisionsOf(project)).toEqual(["2 current", "1"]);
});

it("changes what all revisions share in one write, after the release", async () => {
  const project = await open();
  await project.apply(specOf());
  const moved = { path: "other", displayName: "Other", ...routed("b") };
  const planned = await project.plan(specOf(moved));
  expect(actions(planned)).toEqual([
    "create revision ai;rev=2",
    "update policy ai/Chat",
    "create release ai;rev=2",
    "update api ai",
  ]);
  expect((await project.applyPlanned(planned)).failures).toEqual([]);
  expect(actions(await project.plan(specOf(moved)))).toEqual([]);
  const alone = specOf({ ...moved, displayName: "Third" });
  expect(actions(await project.plan(alone))).toEqual(["update api ai"]);
  await project.apply(alone);
  expect(await revisionsOf(project)).toEqual(["2 current", "1"]);
});

it("does not release what is not whole, and goes on with it next time", async () => {
  const project = await open();
  await project.apply(specOf());
  const changed = specOf({ openapi: "two.json", ...routed("b") });
  const planned = await project.plan(changed);
  const refusing = {
    ...planned,
    steps: planned.steps.map((step) =>
      step.change.kind === "policy" && step.resource !== undefined
        ? { ...step, resource: { ...step.resource, path: "apis/ai;rev=2/operations/None/policies/policy" } }
        : step,
    ),
  };
  const applied = await project.applyPlanned(refusing);
  expect(applied.failures).toHaveLength(1);
  expect(applied.summary.skipped).toBe(1);
  expect(await revisionsOf(project)).toEqual(["2", "1 current"]);
  expect(await chatDocument(project)).toContain('backend-id=\\"a\\"');

  const again = await project.plan(changed);
  expect(actions(again)).toEqual(["update policy ai/Chat", "create release ai;rev=2"]);
  expect((await project.applyPlanned(again)).failures).toEqual([]);
  expect(await revisionsOf(project)).toEqual(["2 current", "1"]);
  expect(actions(await project.plan(changed))).toEqual([]);
});

it("does not release a revision that somebody has changed meanwhile", async () => {
  const project = await open();
  await project.apply(specOf({ revision: { release: "manual" } }));
  await project.apply(specOf({ revision: { release: "manual" }, ...routed("b") }));
  const planned = await project.plan(specOf(routed("b")));
  expect(actions(planned)).toEqual(["create release ai;rev=2"]);
  await editByHand(
    project,
    "apis/ai;rev=2/operations/Images/policies/policy",
    replaceInDocument('backend-id="a"', 'backend-id="b"'),
  );
  const { failures } = await project.applyPlanned(planned);
  expect(failures).toHaveLength(1);
  expect(failures[0]).toContain("is not as the spec wants it, so `apis/ai;rev=2` is not released");
  expect(await revisionsOf(project)).toEqual(["2", "1 current"]);
});

it("leaves the release to people when the spec says so", async () => {
  const project = await open();
  const manual = (more: object) => specOf({ revision: { release: "manual" }, ...more });
  await project.apply(manual({}));
  const planned = await project.plan(manual(routed("b")));
  expect(actions(planned)).toEqual(["create revision ai;rev=2", "update policy ai/Chat"]);
  await project.applyPlanned(planned);
  expect(await revisionsOf(project)).toEqual(["2", "1 current"]);
  // It is there, and waits.
  expect(actions(await project.plan(manual(routed("b"))))).toEqual([]);
  // Nobody needs it any more.
  expect(actions(await project.plan(manual({})))).toEqual(["delete revision ai;rev=2"]);
  await project.apply(manual({}));
  expect(await revisionsOf(project)).toEqual(["1 current"]);
});

it("writes diagnostics and links to products to the API itself", async () => {
  const project = await open();
  const logged = (api: object, more: object) =>
    specOf(api, { loggers: { l: { azureMonitor: {} } }, products: { p: { apis: ["ai"] } }, ...more });
  const diagnostics = { azureMonitor: { logger: "l" } };
  await project.apply(logged({ inheritance: "replace", diagnostics }, {}));
  const changed = logged({ inheritance: "replace", ...routed("b") }, { products: { p: {} } });
  const planned = await project.plan(changed);
  expect(planned.plan.changes.map(({ action, path }) => `${action} ${path}`)).toEqual([
    "create apis/ai;rev=2",
    "update apis/ai;rev=2/operations/Chat/policies/policy",
    "create apis/ai/releases/apimgw-2",
    "delete apis/ai/diagnostics/azuremonitor",
    "delete products/p/apis/ai",
  ]);
  expect((await project.applyPlanned(planned)).failures).toEqual([]);
  expect(actions(await project.plan(changed))).toEqual([]);
});

const withBackends = (names: readonly string[], api: object) => ({
  ...specOf({ ...api, operations: { Chat: { backend: names[0] }, Images: { backend: names[0] } } }),
  backends: Object.fromEntries(names.map((name) => [name, { url: `https://${name}.example/openai` }])),
});

const manual = { revision: { release: "manual" } };
const one = { revision: { keep: 1 } };

it.each([
  ["with a release, for the revision before", {}],
  ["without one, for the current revision", manual],
])("keeps a backend that has left the spec %s", async (_, api) => {
  const project = await open();
  await project.apply(withBackends(["a"], api));
  const planned = await project.plan(withBackends(["b"], api));
  expect(actions(planned)).not.toContain("delete backend a");
  expect(planned.plan.notes.map(({ path, note }) => `${path}: ${note}`)).toEqual([
    expect.stringMatching(
      /^backends\/a: has left the spec and is not deleted yet: revision 1 of API `ai` still/,
    ),
  ]);
  expect((await project.applyPlanned(planned)).failures).toEqual([]);
  const again = await project.plan(withBackends(["b"], api));
  expect(actions(again)).toEqual([]);
  expect(again.plan.notes).toEqual(planned.plan.notes);
});

it("keeps what the backends of old revisions need, and deletes all of it when these are gone", async () => {
  const project = await open();
  const pooled = {
    ...specOf({ operations: { Chat: { backend: "p" }, Images: { backend: "p" } } }),
    backends: {
      m: { url: "https://m.example/openai" },
      b: { url: "https://b.example" },
    },
    pools: { p: { members: [{ backend: "m" }] } },
  };
  await project.apply(pooled);
  const left = withBackends(["b"], {});
  const planned = await project.plan(left);
  expect(planned.plan.notes.map(({ path }) => path)).toEqual(["backends/m", "backends/p"]);
  expect((await project.applyPlanned(planned)).failures).toEqual([]);
  await project.service.remove("apis/ai;rev=1", "*");
  const last = await project.plan(left);
  expect(actions(last)).toEqual(["delete pool p", "delete backend m"]);
  expect((await project.applyPlanned(last)).failures).toEqual([]);
});

it("deletes old revisions that the spec keeps no longer, and what only they name", async () => {
  const project = await open();
  for (const names of [["a"], ["b"], ["c"]]) await project.apply(withBackends(names, {}));
  expect(await revisionsOf(project)).toEqual(["3 current", "2", "1"]);
  const planned = await project.plan(withBackends(["d"], one));
  expect(actions(planned)).toEqual([
    "create backend d",
    "create revision ai;rev=4",
    "update policy ai/Chat",
    "update policy ai/Images",
    "create release ai;rev=4",
    "delete revision ai;rev=2",
    "delete backend b",
  ]);
  expect(planned.plan.changes.find(({ id }) => id === "ai;rev=2")?.notes).toEqual([
    "older than what `revision.keep` keeps",
  ]);
  expect((await project.applyPlanned(planned)).failures).toEqual([]);
  // The first was made as the API itself, and not as a revision by the spec: it stays, with its backend.
  expect(await revisionsOf(project)).toEqual(["4 current", "3", "1"]);
  const again = await project.plan(withBackends(["d"], one));
  expect(actions(again)).toEqual([]);
  expect(again.plan.notes.map(({ path }) => path)).toEqual(["backends/a", "backends/c"]);
});

it("deletes old revisions when nothing else changes, never the one that calls got before", async () => {
  const project = await open();
  for (const backend of ["a", "b", "a", "b"]) await project.apply(specOf(routed(backend)));
  expect(await revisionsOf(project)).toEqual(["4 current", "3", "2", "1"]);
  const releaseLater = async (number: number) => {
    await project.clock.sleep(1000);
    await releaseRevision(project.service, "ai", number, "", project.clock);
  };
  await releaseLater(2);
  const planned = await project.plan(specOf({ ...routed("b"), ...one }));
  expect(actions(planned)).toEqual(["delete revision ai;rev=3"]);
  expect((await project.applyPlanned(planned)).failures).toEqual([]);
  // By hand; then the latest of all goes, and its number and release are not used again.
  await releaseLater(1);
  await project.apply(specOf({ ...routed("a"), ...one }));
  expect(await revisionsOf(project)).toEqual(["2", "1 current"]);
  await project.apply(specOf({ ...routed("b"), ...one }));
  expect(await revisionsOf(project)).toEqual(["5 current", "1"]);
});

it.each([
  ["that nobody has marked", "Theirs"],
  ["that another spec has made", markDescription("Theirs", { owner: "team-b" })],
])("releases revisions of an API %s, and only changes it", async (_, description) => {
  const project = await open();
  const value = files["one.json"];
  const properties = { displayName: "AI", path: "ai", protocols: ["https"], description };
  await project.service.put("apis/ai", { properties: { ...properties, format: "openapi+json", value } });
  const changing = (backend: string) => ({
    backends: { a: { url: "https://a.example/openai" }, b: { url: "https://b.example/openai" } },
    apis: { ai: { revision: "new", unlisted: "allow", operations: { Chat: { backend } } } },
  });
  await project.apply(changing("a"));
  expect(actions(await project.plan(changing("a")))).toEqual([]);
  const planned = await project.plan(changing("b"));
  expect(actions(planned)).toEqual([
    "create revision ai;rev=3",
    "update policy ai/Chat",
    "create release ai;rev=3",
  ]);
  expect((await project.applyPlanned(planned)).failures).toEqual([]);
  expect(await revisionsOf(project)).toEqual(["3 current", "2", "1"]);
  expect((await project.service.get("apis/ai"))?.body.properties).toMatchObject({ description });
});

it("deletes an API with all its revisions", async () => {
  const project = await open();
  await project.apply(specOf());
  await project.apply(specOf(routed("b")));
  const planned = await project.planDestroy();
  expect((await project.applyPlanned(planned)).failures).toEqual([]);
  expect(await project.service.list("apis")).toEqual([]);
});
