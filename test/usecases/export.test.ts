import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createDiskFiles } from "../../src/adapters/files/disk-files.ts";
import { exportModel } from "../../src/core/export/export-files.ts";
import { armTypeOf } from "../../src/core/export/deployment.ts";
import { exportTargets } from "../../src/core/export/targets.ts";
import { isJsonObject } from "../../src/core/json.ts";
import type { Model } from "../../src/core/model/resource.ts";
import { plainly } from "../../src/core/plan/compare.ts";
import type { Files } from "../../src/core/ports.ts";
import { loadSoundGateway } from "../../src/usecases/load-gateway.ts";
import { planModel } from "../../src/usecases/plan.ts";
import { pullService } from "../../src/usecases/pull.ts";
import type { PulledGateway } from "../../src/usecases/pull.ts";
import { loadBicepTypes } from "../support/export/bicep-types.ts";
import { deployModule, textOf } from "../support/export/deploy.ts";
import { readModule } from "./export-project.ts";
import { files as fullFiles, version } from "./full-project.ts";
import { memoryFiles, openLocalProject, ref } from "./local-project.ts";
import type { LocalProject, SpecParts } from "./local-project.ts";

const fixtures = resolve(import.meta.dirname, "../../fixtures");
const specs = [
  ...readdirSync(join(fixtures, "patterns")).map((name) => `patterns/${name}/gateway.yaml`),
  "export/gateway.yaml",
];

async function load(files: Files, file: string): Promise<Model> {
  const { model } = await loadSoundGateway(files, {
    file,
    variables: {},
    ownDocuments: resolve(import.meta.dirname, "../../templates/openapi"),
    overrides: { subscriptionId: ref.subscriptionId, resourceGroup: ref.resourceGroup, service: ref.name },
  });
  return model;
}

function modelOf(spec: SpecParts, files: Readonly<Record<string, string>> = {}): Promise<Model> {
  const text = JSON.stringify({ apimgw: 1, name: "team-a", service: ref, ...spec });
  return load(memoryFiles({ ...files, "gateway.yaml": text }), "gateway.yaml");
}

async function open(workspace?: string): Promise<LocalProject> {
  const project = await openLocalProject({}, undefined, { workspace });
  onTestFinished(() => project.close());
  return project;
}

/** What planning the model finds on a service. */
async function planned({ service }: LocalProject, model: Model) {
  const { plan } = await planModel(service, model, plainly);
  const changes = plan.changes.map(({ action, path, diff }) => `${action} ${path}: ${diff}`);
  return { changes, unchanged: plan.unchanged, unmarked: plan.unmarked };
}

/** The files of a pulled spec, without the ids that the service gives to what it makes for loggers. */
function pulledText(pulled: PulledGateway | undefined): string[] {
  const texts = [pulled?.text ?? "", ...(pulled?.files ?? []).map(({ path, text }) => `${path}\n${text}`)];
  return texts.map((text) => text.replaceAll(/Logger-Credentials--[0-9a-f]+/g, "Logger-Credentials"));
}

/** Of the service's own identity. */
async function principalOf({ service }: LocalProject): Promise<string> {
  const identity = (await service.get(""))?.body["identity"];
  return isJsonObject(identity) ? textOf(identity["principalId"]) : "";
}

/** Puts what the spec only names where the module expects it. */
async function putExisting({ service }: LocalProject): Promise<void> {
  await service.put("backends/made-elsewhere", {
    properties: { protocol: "http", url: "https://elsewhere.example" },
  });
}

describe.each(exportTargets)("export --to %s", (target) => {
  it.each(specs)("%s: planning what it made shows no change, and it pulls as if applied", async (spec) => {
    const model = await load(createDiskFiles(), join(fixtures, spec));
    const { workspace } = model.service;
    const [deployed, applied] = [await open(workspace), await open(workspace)];
    await Promise.all([putExisting(deployed), putExisting(applied)]);
    // The service of the project is the workspace already.
    const module = readModule(model, target, await principalOf(deployed)).map((resource) => ({
      ...resource,
      path: resource.path.replace(`workspaces/${workspace ?? ""}/`, ""),
    }));
    const paths = await deployModule(deployed.service, module);
    const roles = paths.filter((path) => path.startsWith("/"));
    expect(paths.filter((path) => !roles.includes(path)).toSorted()).toEqual(
      model.resources.map(({ path }) => path).toSorted(),
    );
    expect(await planned(deployed, model)).toEqual({
      changes: [],
      unchanged: model.resources.length + roles.length,
      unmarked: 0,
    });
    const steps = await planModel(applied.service, model, plainly);
    expect((await applied.applyPlanned(steps)).failures).toEqual([]);
    const [one, other] = await Promise.all(
      [deployed, applied].map(({ service }) => pullService(service, { apis: [] })),
    );
    expect(pulledText(one)).toEqual(pulledText(other));
  });

  it("goes on from what an earlier version of the spec has made", async () => {
    const project = await open();
    let state: string[] = [];
    for (const which of ["one", "two"] as const) {
      const model = await modelOf(version(which), fullFiles);
      state = await deployModule(project.service, readModule(model, target), state);
      expect((await planned(project, model)).changes).toEqual([]);
    }
  });

  it("takes loggers, products and named values of all sorts", async () => {
    const project = await open();
    const model = await modelOf({
      namedValues: {
        "a.b": { value: "v" },
        _c: { value: "[concat('x')]" },
        d: {
          keyVault: "https://kv.example/secrets/x/0123",
          identityClientId: "00000000-0000-0000-0000-00000000000a",
        },
        e: { keyVault: "https://kv.example/secrets/x", identityClientId: "somebody", tags: ["[t]", "%{t}"] },
      },
      loggers: {
        a: { applicationInsights: { instrumentationKey: "{{a.b}}" } },
        b: { azureMonitor: {}, description: "it's [all]" },
        c: { eventHub: { name: "n", connectionString: "Endpoint=hush" } },
        d: { eventHub: { name: "n", endpointAddress: "x.example", identityClientId: "SystemAssigned" } },
        e: { eventHub: { name: "n", endpointAddress: "x.example" } },
        f: { eventHub: { name: "n", endpointAddress: "x.example", identityClientId: ref.subscriptionId } },
      },
      backends: { _a: { url: "https://a.example", title: "T" } },
      products: {
        p: { approvalRequired: true, displayName: "P" },
        q: { subscriptionRequired: false, published: false },
      },
    });
    await deployModule(project.service, readModule(model, target));
    expect((await planned(project, model)).changes).toEqual([]);
  });

  it("writes policies of an API that is there already", async () => {
    const project = await open();
    const before = await modelOf({ apis: { small: { path: "small", openapi: "one.json" } } }, fullFiles);
    const others = await deployModule(project.service, readModule({ ...before, owner: "others" }, target));
    const model = await modelOf({
      backends: { a: { url: "https://a.example" } },
      apis: { small: { operations: { Chat: { backend: "a" } } } },
    });
    // With Terraform the API's document, which is there, has been imported.
    await deployModule(project.service, readModule(model, target), others);
    expect((await planned(project, model)).changes).toEqual([]);
  });

  it("splits or refuses what is too long", async () => {
    const project = await open();
    const model = await modelOf(
      { apis: { small: { path: "small", openapi: "long.json" } } },
      { "long.json": longDocument(300_000) },
    );
    await deployModule(project.service, readModule(model, target));
    expect((await planned(project, model)).changes).toEqual([]);
    const tooLong = await modelOf(
      { apis: { small: { path: "small", openapi: "long.json" } } },
      { "long.json": longDocument(1_100_000) },
    );
    if (target === "terraform") expect(exportModel(tooLong, target).files).toHaveLength(6);
    else
      expect(() => exportModel(tooLong, target)).toThrow(
        expect.objectContaining({ code: "EXPORT.TOO_LARGE", message: "the API `small` has 1.0 MB" }),
      );
  });
});

function longDocument(length: number): string {
  const responses = { 200: { description: "d".repeat(length) } };
  return JSON.stringify({
    openapi: "3.0.1",
    info: { title: "Long", version: "1" },
    paths: { "/chat": { post: { operationId: "Chat", responses } } },
  });
}

describe("an API that the spec changes without making it", () => {
  const spec = { apis: { small: { displayName: "Other", operations: {} } } };

  it.each(["arm", "bicep"] as const)("cannot be said in %s", async (target) => {
    const model = await modelOf(spec);
    expect(() => exportModel(model, target)).toThrow(expect.objectContaining({ code: "EXPORT.PARTIAL" }));
  });

  it("keeps its other properties with Terraform", async () => {
    const project = await open();
    const before = await modelOf({ apis: { small: { path: "small", openapi: "one.json" } } }, fullFiles);
    const imported = await deployModule(project.service, readModule(before, "terraform"));
    const model = await modelOf(spec);
    await deployModule(project.service, readModule(model, "terraform"), imported);
    expect((await planned(project, model)).changes).toEqual([]);
    const live = await project.service.get("apis/small");
    expect(live?.body.properties).toMatchObject({ displayName: "Other", path: "small" });
  });
});

describe("roles", () => {
  const account = (name: string, group = "rg-ai", subscription = ref.subscriptionId) =>
    `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.CognitiveServices/accounts/${name}`;
  const spec: SpecParts = {
    backends: {
      a: { url: "https://a.example", account: account("Contoso-A") },
      b: {
        url: "https://b.example",
        account: account("b", "rg-other", "00000000-0000-0000-0000-00000000000b"),
      },
    },
    pools: { both: { members: [{ backend: "a" }, { backend: "b" }] } },
    apis: { small: { path: "small", openapi: "one.json", operations: { Chat: { backend: "both" } } } },
    roles: "manage",
  };

  it.each(exportTargets)(
    "are given before what calls the accounts, under the names of apply: %s",
    async (target) => {
      const project = await open();
      const model = await modelOf(spec, fullFiles);
      const module = readModule(model, target, await principalOf(project));
      const roles = module.filter(({ path }) => path.startsWith("/"));
      expect(roles).toHaveLength(2);
      const policy = module.find(({ path }) => path.endsWith("/Chat/policies/policy"));
      expect(policy?.waitsFor).toEqual(expect.arrayContaining(roles.map(({ name }) => name)));
      await deployModule(project.service, module);
      const { changes, unchanged } = await planned(project, model);
      expect(changes).toEqual([]);
      expect(unchanged).toBe(module.length);
      const { plan } = await project.planDestroy(
        "team-a",
        undefined,
        model.roles && { ...model.roles, accounts: [] },
      );
      expect(plan.changes.filter(({ kind }) => kind === "roleAssignment")).toHaveLength(2);
    },
  );

  it.each([
    [
      { identity: { clientId: ref.subscriptionId } },
      "the spec manages the roles of a user-assigned identity",
    ],
    [{ roles: { mode: "manage", role: "Our own" } }, "the role `Our own` is known to Azure only"],
  ])("that only Azure knows are refused: %j", async (more, message) => {
    const model = await modelOf({ ...spec, ...more }, fullFiles);
    for (const target of exportTargets)
      expect(() => exportModel(model, target)).toThrow(
        expect.objectContaining({ code: "EXPORT.ROLES", message }),
      );
  });

  it("are left alone without `manage`", async () => {
    const model = await modelOf({ ...spec, roles: "check" }, fullFiles);
    for (const target of exportTargets)
      expect(JSON.stringify(exportModel(model, target).files)).not.toContain("Microsoft.Authorization");
  });
});

it("does not change an API past its revisions", async () => {
  for (const revision of ["new", { release: "manual" }]) {
    const apis = { small: { path: "small", openapi: "one.json", revision } };
    const model = await modelOf({ apis }, fullFiles);
    for (const target of exportTargets)
      expect(() => exportModel(model, target)).toThrow(
        expect.objectContaining({
          code: "EXPORT.REVISION",
          message: "the API `small` is changed in new revisions",
        }),
      );
  }
});

describe("with Terraform", () => {
  it("the global document is changed, since every service has one", async () => {
    const model = await modelOf({ policies: { inbound: '<check-header name="x" />' } });
    const [only, ...others] = readModule(model, "terraform");
    expect(others).toEqual([]);
    expect(only).toMatchObject({ path: "policies/policy", isUpdate: true });
  });

  it("no answer about subscriptions enters the state, and azurerm is not asked to make them", async () => {
    const model = await modelOf({ products: { p: { subscriptions: ["p-app"] } } });
    const { files } = exportModel(model, "terraform");
    const text = files.map((file) => file.text).join("\n");
    expect(text).toContain('resource "azapi_resource" "subscription_p_p_app"');
    expect(text).not.toContain("azurerm_api_management_subscription");
  });
});

it("says which product Terraform cannot link", async () => {
  const model = await modelOf(
    {
      apis: { small: { path: "small", openapi: "one.json" } },
      products: { _p: { apis: ["small"] } },
    },
    fullFiles,
  );
  expect(() => exportModel(model, "terraform")).toThrow(expect.objectContaining({ code: "EXPORT.NAME" }));
  expect(readModule(model, "bicep").map(({ path }) => path)).toContain("products/_p/apis/small");
});

it("refuses more resources than a deployment takes", async () => {
  const backends = Object.fromEntries(
    Array.from({ length: 801 }, (_, index) => [`b${index}`, { url: "https://a.example" }]),
  );
  const model = await modelOf({ backends });
  for (const target of ["arm", "bicep"] as const)
    expect(() => exportModel(model, target)).toThrow(
      expect.objectContaining({
        code: "EXPORT.TOO_LARGE",
        message: "the gateway has 801 resources",
        why: "an ARM deployment takes at most 800 resources",
      }),
    );
  expect(readModule(model, "terraform")).toHaveLength(801);
});

const bicepTypes = loadBicepTypes();

describe.skipIf(bicepTypes === undefined)("the types that Bicep has", () => {
  it.each(specs)("%s fits them", async (spec) => {
    const model = await load(createDiskFiles(), join(fixtures, spec));
    const faults = readModule(model, "bicep").flatMap(({ path, body, apiVersion }) => {
      if (apiVersion !== "2024-05-01") return [];
      const { type, names } = armTypeOf(path);
      return bicepTypes?.faultsOf(type, { name: names.at(-1), ...body }) ?? [];
    });
    expect(faults).toEqual([]);
  });
});
