import { describe, expect, it, onTestFinished } from "vitest";
import { createArmService } from "../../src/adapters/arm/arm-service.ts";
import { systemClock } from "../../src/adapters/clock.ts";
import { exportModel } from "../../src/core/export/export-files.ts";
import { exportTargets } from "../../src/core/export/targets.ts";
import { isJsonObject } from "../../src/core/json.ts";
import type { JsonObject } from "../../src/core/json.ts";
import { baseArmId, serviceArmId } from "../../src/core/ports.ts";
import { chooseSubscriptions, listSubscriptions } from "../../src/usecases/keys.ts";
import { doctor } from "../../src/usecases/doctor.ts";
import { loadSoundGateway } from "../../src/usecases/load-gateway.ts";
import { deployModule } from "../support/export/deploy.ts";
import { readModule } from "./export-project.ts";
import { files as openApiFiles, version } from "./full-project.ts";
import { actions, memoryFiles, openLocalProject, ref } from "./local-project.ts";
import type { LocalProject, SpecParts } from "./local-project.ts";
import { pullAndPlan } from "./pull-project.ts";

const workspace = "team-a";
const place = { ...ref, workspace };

const inWorkspace = (path: string): string => `${baseArmId(place)}/${path}`;
const onService = (path: string): string => `${serviceArmId(ref)}/${path}`;

async function open(): Promise<LocalProject> {
  const project = await openLocalProject(openApiFiles, undefined, { workspace });
  onTestFinished(() => project.close());
  return project;
}

/** On the local APIM every workspace is there until it is deleted. */
async function deleteWorkspace({ endpoint }: LocalProject): Promise<void> {
  const { status } = await fetch(`${endpoint}${baseArmId(place)}?api-version=2024-05-01`, {
    method: "DELETE",
    headers: { authorization: "Bearer x", "if-match": "*" },
  });
  expect(status).toBe(200);
}

async function propertiesAt({ service }: LocalProject, path: string): Promise<JsonObject | undefined> {
  const properties = (await service.get(path))?.body.properties;
  return isJsonObject(properties) ? properties : undefined;
}

const header = (name: string) =>
  `<set-header name="${name}" exists-action="override"><value>x</value></set-header>`;

const one = version("one");

const spec: SpecParts = {
  ...one,
  versionSets: { dated: { scheme: "query", name: "v" } },
  apis: { small: { ...(one.apis as { small: object }).small, version: { set: "dated", name: "one" } } },
  products: {
    shared: { apis: ["small"], subscriptions: ["app"], rateLimit: { calls: 5, period: "1m" } },
    other: { apis: ["small"] },
  },
  policies: { inbound: header("x-workspace") },
};

describe("a spec in a workspace", () => {
  it("is planned, applied and planned again without a change, and leaves the service alone", async () => {
    const project = await open();
    const planned = await project.plan(spec);
    expect(planned.plan.service).toEqual(place);
    expect(actions(planned)).toEqual(
      expect.arrayContaining(["create policy workspace", "create productApi shared/small", "create pool p"]),
    );
    expect((await project.applyPlanned(planned)).failures).toEqual([]);
    expect(actions(await project.plan(spec))).toEqual([]);
    for (const collection of ["backends", "apis", "products", "subscriptions", "namedValues", "loggers"]) {
      expect(await project.service.list(onService(collection))).toEqual([]);
      expect(await project.service.list(inWorkspace(collection))).not.toEqual([]);
    }
  });

  it("refers to what is in the workspace by its whole id", async () => {
    const project = await open();
    await project.apply(spec);
    expect(await propertiesAt(project, "apis/small")).toMatchObject({
      apiVersionSetId: inWorkspace("apiVersionSets/dated"),
    });
    expect(await propertiesAt(project, "subscriptions/app")).toMatchObject({
      scope: inWorkspace("products/shared"),
    });
    expect(await propertiesAt(project, "backends/p")).toMatchObject({
      pool: { services: [{ id: inWorkspace("backends/a") }, { id: inWorkspace("backends/b") }] },
    });
    expect(await propertiesAt(project, "diagnostics/applicationinsights")).toMatchObject({
      loggerId: inWorkspace("loggers/l"),
    });
    expect(await propertiesAt(project, "products/shared/apiLinks/shared--small")).toEqual({
      apiId: inWorkspace("apis/small"),
    });
  });

  it("changes to another version of itself, and deletes what has left it", async () => {
    const project = await open();
    await project.apply(spec);
    const two = { ...spec, ...version("two"), products: { shared: { apis: ["small"] } } };
    await project.apply(two);
    expect(actions(await project.plan(two))).toEqual([]);
    expect(await project.service.get("products/other")).toBeUndefined();
    const unlinked = { ...two, products: { shared: {} } };
    expect(actions(await project.plan(unlinked))).toEqual(["delete productApi shared/small"]);
    await project.apply(unlinked);
    expect(await project.service.list("products/shared/apiLinks")).toEqual([]);
  });

  it("is destroyed whole, the document of the workspace with it, and the workspace stays", async () => {
    const project = await open();
    await project.apply(spec);
    const planned = await project.planDestroy();
    expect(planned.plan.changes.find(({ id }) => id === "workspace")?.notes).toEqual([]);
    expect((await project.applyPlanned(planned)).failures).toEqual([]);
    expect(await project.service.get("policies/policy")).toBeUndefined();
    expect(await project.service.list("apis")).toEqual([]);
    expect(await project.service.get(inWorkspace("").slice(0, -1))).toBeDefined();
    expect(actions(await project.planDestroy())).toEqual([]);
  });

  it("is pulled with the workspace in it, and planned again without a change", async () => {
    const project = await open();
    await project.apply(spec);
    const pulled = await pullAndPlan(project.service);
    expect(pulled.text).toContain("workspace: team-a");
    expect(pulled.model.service).toEqual(place);
    expect([pulled.changes, pulled.errors, pulled.remaining]).toEqual([[], [], []]);
    expect(pulled.model.resources.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        "policies/policy",
        "products/shared/apiLinks/shared--small",
        "subscriptions/app",
      ]),
    );
  });

  it("does not see another workspace, nor one another's marks", async () => {
    const project = await open();
    await project.apply(spec);
    const there = `${serviceArmId(ref)}/workspaces/team-b`;
    expect(await project.service.list(`${there}/apis`)).toEqual([]);
    const other = await project.plan({ ...spec, service: ref });
    expect(other.plan.service).toEqual(ref);
    expect(other.plan.digest).not.toBe((await project.plan(spec)).plan.digest);
  });

  it("keeps a link that people have made under a name of their own", async () => {
    const project = await open();
    await project.apply({ ...spec, products: { shared: { subscriptions: ["app"] } } });
    await project.service.put("products/shared/apiLinks/by-hand", {
      properties: { apiId: inWorkspace("apis/small") },
    });
    const linked = { ...spec, products: { shared: { apis: ["small"], subscriptions: ["app"] } } };
    expect(actions(await project.plan(linked))).toEqual([]);
    expect((await pullAndPlan(project.service)).changes).toEqual([]);
    const [change] = (await project.plan({ ...spec, products: { shared: {} } })).plan.changes;
    expect(change).toMatchObject({ action: "delete", path: "products/shared/apiLinks/by-hand" });
  });

  it("makes a new revision of an API and releases it", async () => {
    const project = await open();
    await project.apply(spec);
    const small = (spec.apis as { small: object }).small;
    const changed = { ...spec, apis: { small: { ...small, revision: "new", deny: { status: 404 } } } };
    const planned = await project.plan(changed);
    expect(actions(planned)).toEqual(expect.arrayContaining(["create release small;rev=2"]));
    expect((await project.applyPlanned(planned)).failures).toEqual([]);
    expect(await propertiesAt(project, "apis/small")).toMatchObject({ apiRevision: "2" });
    expect(actions(await project.plan(changed))).toEqual([]);
  });

  it("lists the keys of its subscriptions", async () => {
    const project = await open();
    const { desired } = await project.plan(spec);
    await project.apply(spec);
    const listed = await listSubscriptions(project.service, chooseSubscriptions(desired, []), {
      shows: true,
    });
    expect(listed).toMatchObject([{ id: "app", product: "shared", state: "active" }]);
    expect(listed[0]?.keys?.primaryKey).toMatch(/^[0-9a-f]{32}$/);
  });
});

const missing = {
  code: "SERVICE.NO_WORKSPACE",
  message: "service `contoso-apim` has no workspace `team-a`",
};

describe("a workspace that is not there", () => {
  it.each<readonly [string, (project: LocalProject) => Promise<unknown>]>([
    ["plan", (project) => project.plan(spec)],
    ["destroy", (project) => project.planDestroy()],
    ["pull", ({ service }) => pullAndPlan(service)],
    ["keys", ({ service }) => listSubscriptions(service, [], { shows: false })],
  ])("is what %s says", async (_, run) => {
    const project = await open();
    await deleteWorkspace(project);
    await expect(run(project)).rejects.toMatchObject(missing);
    await expect(run(project)).rejects.toMatchObject({
      remedy: expect.stringContaining("az rest --method put --url") as unknown,
    });
  });
});

it("is an error of doctor where it is not there", async () => {
  const project = await open();
  await deleteWorkspace(project);
  const connect = () =>
    createArmService({
      service: place,
      endpoint: project.endpoint,
      cloud: "AzureCloud",
      isLocal: true,
      clock: systemClock,
      userAgent: "test",
    });
  const subject = { service: place, spec: undefined, lintOnTier: () => Promise.resolve([]) };
  const { findings } = await doctor(connect, subject, systemClock);
  expect(findings.filter(({ check }) => check === "workspace")).toMatchObject([
    { status: "error", subject: "team-a", message: missing.message },
  ]);
});

it("the identity that gets roles is the service's", async () => {
  const project = await open();
  const account = `/subscriptions/${ref.subscriptionId}/resourceGroups/r/providers/Microsoft.CognitiveServices/accounts/a`;
  const withRoles = {
    roles: "manage",
    backends: { a: { url: "https://a.openai.azure.com/openai", account } },
  };
  await project.apply(withRoles);
  expect(actions(await project.plan(withRoles))).toEqual([]);
  const identity = (await project.service.get(""))?.body["identity"];
  const principalId = isJsonObject(identity) ? JSON.stringify(identity["principalId"]) : "";
  const assigned = await project.service.list(
    `${account}/providers/Microsoft.Authorization/roleAssignments`,
    {
      $filter: `principalId eq ${principalId.replaceAll('"', "'")}`,
    },
  );
  expect(assigned).toHaveLength(1);
});

describe.each(exportTargets)("export --to %s of a workspace", (target) => {
  it("makes all of it in the workspace, and planning shows no change", async () => {
    const project = await open();
    const text = JSON.stringify({ apimgw: 1, name: "team-a", service: place, ...spec });
    const { model } = await loadSoundGateway(memoryFiles({ ...openApiFiles, "gateway.yaml": text }), {
      file: "gateway.yaml",
      variables: {},
    });
    const resources = readModule(model, target);
    expect(resources.map(({ path }) => path).toSorted()).toEqual(
      model.resources.map(({ path }) => `workspaces/team-a/${path}`).toSorted(),
    );
    const byId = resources.map((resource) => ({ ...resource, path: onService(resource.path) }));
    await deployModule(project.service, byId);
    expect(actions(await project.plan(spec))).toEqual([]);
    const { files } = exportModel(model, target);
    expect(files.map((file) => file.text).join("\n")).toContain("service/workspaces/backends");
  });
});
