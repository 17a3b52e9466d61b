import { describe, expect, it, onTestFinished } from "vitest";
import { Failure } from "../../src/core/failure.ts";
import { requireSameBasis } from "../../src/core/plan/basis.ts";
import { plainly } from "../../src/core/plan/compare.ts";
import type { PlannedSteps } from "../../src/core/plan/compare.ts";
import type { Files } from "../../src/core/ports.ts";
import { readSavedPlans, savePlans } from "../../src/usecases/saved-plan.ts";
import type { SavedPlan } from "../../src/usecases/saved-plan.ts";
import { expectOutput } from "../support/json-output.ts";
import { actions, editByHand, openLocalProject, replaceInDocument } from "./local-project.ts";
import type { LocalProject, SpecParts } from "./local-project.ts";

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
  apimgwVersion: "1",
  file: "gateway.yaml",
  environment: null,
  options: plainly,
  target: "AzureCloud",
  overrides: {},
};

async function saved(planned: PlannedSteps): Promise<SavedPlan> {
  const files = memory();
  await savePlans(files, "plan.json", [{ planned: planned, origin }]);
  expectOutput("saved-plan", await files.read("plan.json"));
  const [plan] = await readSavedPlans(files, "plan.json", "1");
  if (plan === undefined) throw new Error("there is no plan");
  return plan;
}

function failure(work: () => void): Failure {
  try {
    work();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error("it did not fail");
}

const openApi = JSON.stringify({
  openapi: "3.0.1",
  info: { title: "Small", version: "1" },
  paths: { "/chat": { post: { operationId: "Chat", responses: { 200: { description: "OK" } } } } },
});
const first: SpecParts = {
  backends: { a: { url: "https://a.example/openai" }, b: { url: "https://b.example/openai" } },
  namedValues: { key: { value: "hush", secret: true }, plain: { value: "x" } },
  apis: { small: { path: "small", openapi: "openapi.json", operations: { Chat: { backend: "a" } } } },
};
const second: SpecParts = {
  ...first,
  backends: { a: { url: "https://a2.example/openai" }, b: { url: "https://b.example/openai" } },
};

async function applied(): Promise<LocalProject> {
  const project = await openLocalProject({ "openapi.json": openApi });
  onTestFinished(() => project.close());
  await project.apply(first);
  return project;
}

it("several plans in one file are as their schema says, and one alone is no list", async () => {
  const project = await applied();
  const planned = await project.plan(second);
  const files = memory();
  await savePlans(files, "plan.json", [
    { planned, origin },
    { planned, origin: { ...origin, environment: "prod" } },
  ]);
  const text = await files.read("plan.json");
  expectOutput("saved-plan", text);
  const { plans } = JSON.parse(text) as { plans: object[] };
  expect(() => expectOutput("saved-plan", JSON.stringify({ formatVersion: 1, plans: [plans[0]] }))).toThrow();
});

describe("a saved plan", () => {
  it("is carried out when nothing has changed, also when a resource was written again as it was", async () => {
    const project = await applied();
    const plan = await saved(await project.plan(second));
    await editByHand(project, "backends/a", {});
    const now = await project.plan(second);
    requireSameBasis(plan, now);
    expect(actions(now)).toEqual(["update backend a"]);
  });

  it.each<[string, (project: LocalProject) => Promise<void>, string, string]>([
    [
      "what is to be changed",
      (project) => editByHand(project, "backends/a", { url: "https://hand.example/openai" }),
      "backends/a",
      'backends/a was changed:\n  ~ url: "https://a.example/openai" -> "https://hand.example/openai"',
    ],
    [
      "what was to stay as it is",
      (project) => editByHand(project, "backends/b", { title: "By hand" }),
      "backends/b",
      'backends/b was changed:\n  + title: "By hand"',
    ],
    [
      "what is gone",
      ({ service }) => service.remove("namedValues/plain", "*"),
      "namedValues/plain",
      "namedValues/plain was deleted",
    ],
  ])("names %s on the service, and how", async (_, edit, path, diff) => {
    const project = await applied();
    const plan = await saved(await project.plan(second));
    await edit(project);
    const now = await project.plan(second);
    const { code, message, diff: shown } = failure(() => requireSameBasis(plan, now));
    expect([code, message, shown]).toEqual([
      "PLAN.CHANGED",
      `changed on the service since the plan: ${path}`,
      diff,
    ]);
  });

  it("shows the lines in which a policy document differs", async () => {
    const project = await applied();
    const plan = await saved(await project.plan(second));
    const path = "apis/small/operations/Chat/policies/policy";
    await editByHand(project, path, replaceInDocument('backend-id="a"', 'backend-id="b"'));
    const now = await project.plan(second);
    const { diff = "" } = failure(() => requireSameBasis(plan, now));
    expect(diff).toContain('  -    <set-backend-service backend-id="a" />');
    expect(diff).toContain('  +    <set-backend-service backend-id="b" />');
  });

  it("names what has been created since", async () => {
    const project = await applied();
    const more = { ...second, fragments: { f: '<set-header name="x" exists-action="delete" />' } };
    const plan = await saved(await project.plan(more));
    await project.service.put("policyFragments/f", {
      properties: { format: "xml", value: "<fragment><base /></fragment>" },
    });
    const now = await project.plan(more);
    const { diff } = failure(() => requireSameBasis(plan, now));
    expect(diff).toBe("policyFragments/f was created");
  });

  it("does not take what was written meanwhile for the same where the content is secret", async () => {
    const project = await applied();
    const plan = await saved(await project.plan(first, { rewritesSecrets: true }));
    await editByHand(project, "namedValues/key", { value: "by hand" });
    const now = await project.plan(first, { rewritesSecrets: true });
    const { diff } = failure(() => requireSameBasis(plan, now));
    expect(diff).toBe("namedValues/key was written, and part of it cannot be compared");
  });

  it("names what has changed in the spec, with its place", async () => {
    const project = await applied();
    const plan = await saved(await project.plan(second));
    const { namedValues, ...rest } = second;
    expect(namedValues).toBeDefined();
    const now = await project.plan({ ...rest, pools: { p: { members: [{ backend: "a" }] } } });
    expect(failure(() => requireSameBasis(plan, now)).message).toMatch(
      /^changed since the plan: the spec, or .*: backends\/p is new \(gateway\.yaml:1:\d+\); namedValues\/key is no longer in it; namedValues\/plain is no longer in it$/,
    );
  });

  it("holds no secret", async () => {
    const project = await applied();
    const files = memory();
    await savePlans(files, "plan.json", [
      { planned: await project.plan(first, { rewritesSecrets: true }), origin },
    ]);
    expect(await files.read("plan.json")).not.toContain("hush");
  });

  it("is refused by another version, and when it is none", async () => {
    const files = memory();
    const project = await applied();
    await savePlans(files, "plan.json", [{ planned: await project.plan(second), origin }]);
    await expect(readSavedPlans(files, "plan.json", "2")).rejects.toThrow(
      "plan.json was saved by apimgw 1, and this is 2",
    );
    const text = await files.read("plan.json");
    for (const broken of ["", "[]", "{}", text.slice(0, -20), text.replace('"content"', '"contents"')]) {
      await files.write("plan.json", broken);
      await expect(readSavedPlans(files, "plan.json", "1")).rejects.toThrow("is not a plan saved by apimgw");
    }
  });
});
