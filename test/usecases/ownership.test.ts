import { describe, expect, it, onTestFinished } from "vitest";
import { serviceArmId } from "../../src/core/ports.ts";
import { actions, openLocalProject, ref } from "./local-project.ts";
import type { LocalProject } from "./local-project.ts";

const openApi = JSON.stringify({
  openapi: "3.0.1",
  info: { title: "Small", version: "1" },
  paths: { "/chat": { post: { operationId: "Chat", responses: { 200: { description: "OK" } } } } },
});
const backends = { a: { url: "https://a.example/openai" } };
const operations = { Chat: { backend: "a" } };

async function open(): Promise<LocalProject> {
  const project = await openLocalProject({ "openapi.json": openApi });
  onTestFinished(() => project.close());
  return project;
}

/** Makes resources on the service by hand: nobody's. */
async function seed(
  { service }: LocalProject,
  resources: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Promise<void> {
  for (const [path, properties] of Object.entries(resources)) await service.put(path, { properties });
}

const imported = (displayName: string) => ({
  displayName,
  path: displayName,
  format: "openapi+json",
  value: openApi,
});
const logger = `${serviceArmId(ref)}/loggers/hand`;

describe("what belongs to a spec", () => {
  it("leaves alone what is there without a mark as the spec wants it, until --adopt", async () => {
    const project = await open();
    await seed(project, { "backends/a": { url: "https://a.example/openai", protocol: "http" } });
    const { plan } = await project.plan({ backends });
    expect([plan.changes, plan.unchanged, plan.unmarked]).toEqual([[], 1, 1]);
    expect(actions(await project.planDestroy())).toEqual([]);
    const adopting = await project.plan({ backends }, { adoptsUnchanged: true });
    expect(actions(adopting)).toEqual(["adopt backend a"]);
    await project.applyPlanned(adopting);
    expect((await project.plan({ backends })).plan.unmarked).toBe(0);
    expect(actions(await project.planDestroy())).toEqual(["delete backend a"]);
  });

  it("shows at once what goes with an adopted API or product, and is done after one apply", async () => {
    const project = await open();
    await seed(project, {
      "loggers/hand": { loggerType: "azureMonitor" },
      "apis/small": imported("small"),
      "apis/other": imported("other"),
      "apis/small/diagnostics/azuremonitor": { loggerId: logger },
      "apis/other/diagnostics/azuremonitor": { loggerId: logger },
      "products/p": { displayName: "p" },
      "products/p/apis/small": {},
      "products/p/apis/other": {},
    });
    const spec = {
      backends,
      apis: { small: { path: "small", openapi: "openapi.json", operations } },
      products: { p: { apis: ["small"] } },
    };
    const planned = await project.plan(spec);
    expect(actions(planned)).toEqual([
      "create backend a",
      "adopt api small",
      "adopt product p",
      "create policy small",
      "create policy small/Chat",
      "delete diagnostic small/azuremonitor",
      "delete productApi p/other",
    ]);
    expect((await project.applyPlanned(planned)).failures).toEqual([]);
    expect(actions(await project.plan(spec))).toEqual([]);
  });

  it("takes back its diagnostics from an API that it did not make, before the logger", async () => {
    const project = await open();
    await seed(project, {
      "loggers/hand": { loggerType: "azureMonitor" },
      "apis/small": imported("small"),
      "apis/small/diagnostics/azuremonitor": { loggerId: logger },
    });
    const loggers = { ours: { applicationInsights: { connectionString: "InstrumentationKey=x" } } };
    const diagnostics = { applicationInsights: { logger: "ours" } };
    await project.apply({ backends, loggers, apis: { small: { operations, diagnostics } } });
    const planned = await project.planDestroy();
    expect(actions(planned)).toEqual([
      "delete policy small/Chat",
      "delete diagnostic small/applicationinsights",
      "delete policy small",
      "delete backend a",
      "delete logger ours",
    ]);
    expect((await project.applyPlanned(planned)).failures).toEqual([]);
    const left = await project.service.list("apis/small/diagnostics");
    expect(left.map(({ path }) => path)).toEqual(["apis/small/diagnostics/azuremonitor"]);
  });

  it("leaves a diagnostic of the service alone, unless the logger that it sends to goes", async () => {
    const project = await open();
    const loggers = { ours: { azureMonitor: {} } };
    await seed(project, { "loggers/hand": { loggerType: "azureMonitor" } });
    await seed(project, { "diagnostics/azuremonitor": { loggerId: logger } });
    expect(actions(await project.plan({ loggers }))).toEqual(["create logger ours"]);
    const serviceDiagnostics = { azureMonitor: { logger: "ours", sampling: 5 } };
    const planned = await project.plan({ loggers, serviceDiagnostics });
    expect(actions(planned)).toEqual(["create logger ours", "update diagnostic azuremonitor"]);
    await project.applyPlanned(planned);
    expect(actions(await project.plan({ loggers }))).toEqual([]);
    const destroyed = await project.planDestroy();
    expect(actions(destroyed)).toEqual(["delete diagnostic azuremonitor", "delete logger ours"]);
    expect((await project.applyPlanned(destroyed)).failures).toEqual([]);
    expect(await project.service.list("diagnostics")).toEqual([]);
    expect((await project.service.list("loggers")).map(({ path }) => path)).toEqual(["loggers/hand"]);
  });

  it("deletes a named value after what refers to it by its display name", async () => {
    const project = await open();
    await project.apply({
      namedValues: { id: { value: "v", displayName: "name" } },
      fragments: { f: '<set-variable name="x" value="{{name}}" />' },
      loggers: { l: { applicationInsights: { instrumentationKey: "{{name}}" } } },
    });
    const { changes } = (await project.planDestroy()).plan;
    const waits = changes.find(({ kind }) => kind === "namedValue")?.dependsOn;
    expect(waits).toEqual(["loggers/l", "policyFragments/f"]);
  });
});

describe("what a spec names without making it", () => {
  const named = {
    namedValues: { key: { secret: true } },
    existing: {
      backends: ["keyed", "group"],
      fragments: ["shared"],
      loggers: ["hand"],
      namedValues: ["plain.name"],
    },
    apis: {
      small: {
        path: "small",
        openapi: "openapi.json",
        diagnostics: { azureMonitor: { logger: "hand" } },
        operations: {
          Chat: {
            backend: "group",
            policies: {
              inbound: `<include-fragment fragment-id="shared" />
                <set-header name="k" exists-action="override"><value>{{key}}{{plain.name}}</value></set-header>`,
            },
          },
        },
      },
    },
  };

  it("must be on the service; the plan names all that is not", async () => {
    const project = await open();
    const failure = await project.plan(named).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: "PLAN.NOT_ON_SERVICE",
      problems: [
        { rule: "named-value-missing", message: "there is no named value `key` on the service" },
        { rule: "backend-missing", message: "there is no backend or pool `keyed` on the service" },
        { rule: "backend-missing", message: "there is no backend or pool `group` on the service" },
        { rule: "fragment-missing", message: "there is no fragment `shared` on the service" },
        { rule: "logger-missing", message: "there is no logger `hand` on the service" },
        { rule: "named-value-missing", message: "there is no named value `plain.name` on the service" },
      ],
    });
  });

  it("is neither written nor deleted, whosever it is", async () => {
    const project = await open();
    await project.apply({ backends, namedValues: { key: { value: "hush", secret: true } } });
    await seed(project, {
      "backends/keyed": { url: "https://k.example", protocol: "http" },
      "policyFragments/shared": { value: "<fragment />", format: "rawxml" },
      "loggers/hand": { loggerType: "azureMonitor" },
      "namedValues/plain": { displayName: "plain.name", value: "v" },
    });
    await project.service.put("backends/group", {
      properties: { type: "Pool", pool: { services: [{ id: `${serviceArmId(ref)}/backends/keyed` }] } },
    });
    const spec = { backends, ...named };
    await project.apply(spec);
    expect(actions(await project.plan(spec, { adoptsUnchanged: true }))).toEqual([]);
  });
});
