import { afterEach, describe, expect, it } from "vitest";
import { createArmService } from "../../src/adapters/arm/arm-service.ts";
import type { Fault, FaultRequest } from "../../src/adapters/local/faults.ts";
import type { CheckName, DoctorFinding, DoctorReport } from "../../src/core/doctor/finding.ts";
import { ServiceFailure } from "../../src/core/failure.ts";
import type { JsonObject } from "../../src/core/json.ts";
import { serviceArmId } from "../../src/core/ports.ts";
import type { AzureService } from "../../src/core/ports.ts";
import { doctor, loadSubject } from "../../src/usecases/doctor.ts";
import { createHurriedClock } from "../support/hurried-clock.ts";
import { memoryFiles, openLocalProject, ref, subscriptionId } from "./local-project.ts";
import type { LocalProject, SpecParts } from "./local-project.ts";
import { send } from "./send-by-hand.ts";

const group = `/subscriptions/${subscriptionId}/resourceGroups/rg-ai`;
const swc = `${group}/providers/Microsoft.CognitiveServices/accounts/contoso-swc`;
const eus = `${group}/providers/Microsoft.CognitiveServices/accounts/contoso-eus`;
const openApi = JSON.stringify({
  openapi: "3.0.1",
  info: { title: "AI", version: "1" },
  paths: { "/chat": { post: { operationId: "Chat", responses: { 200: { description: "OK" } } } } },
});

function gateway(more: SpecParts = {}): SpecParts {
  return {
    roles: "manage",
    backends: {
      swc: { url: "https://contoso-swc.openai.azure.com/openai", account: swc },
      eus: { url: "https://contoso-eus.openai.azure.com/openai", account: eus },
    },
    pools: { chat: { members: [{ backend: "swc" }, { backend: "eus" }] } },
    apis: {
      ai: {
        path: "ai",
        openapi: "ai.json",
        managedIdentity: "https://cognitiveservices.azure.com/",
        operations: { Chat: { backend: "chat" } },
      },
    },
    ...more,
  };
}

const open: LocalProject[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((project) => project.close()));
});

async function project(faults?: (request: FaultRequest) => Fault | undefined): Promise<LocalProject> {
  const opened = await openLocalProject({ "ai.json": openApi }, faults, { clock: createHurriedClock() });
  open.push(opened);
  return opened;
}

const serviceOf = (opened: LocalProject, token?: string): Promise<AzureService> =>
  createArmService({
    service: ref,
    endpoint: opened.endpoint,
    cloud: "AzureCloud",
    isLocal: token === undefined,
    token,
    clock: createHurriedClock(),
    userAgent: "test",
  });

async function examine(
  opened: LocalProject,
  spec: SpecParts | undefined = gateway(),
  connect: () => Promise<AzureService> = () => serviceOf(opened),
): Promise<DoctorReport> {
  const text = JSON.stringify({ apimgw: 1, name: "team-a", service: ref, ...spec });
  const files = memoryFiles({ "gateway.yaml": text, "ai.json": openApi });
  const request = { file: "gateway.yaml", variables: {} };
  const subject = await loadSubject(files, request, () => Promise.resolve());
  return doctor(connect, subject, createHurriedClock());
}

/** `error contoso-swc: there is no …` of one check. */
function said({ findings }: DoctorReport, check: CheckName): string[] {
  return findings
    .filter((finding) => finding.check === check)
    .map(({ status, subject, message }) => `${status} ${subject}: ${message}`);
}

function remedies({ findings }: DoctorReport, check: CheckName): (string | undefined)[] {
  return findings.filter((finding) => finding.check === check).map(({ remedy }) => remedy);
}

const deploy = async (opened: LocalProject, account: string, ...names: string[]) => {
  await send(opened, "PUT", account, {});
  for (const name of names)
    await send(opened, "PUT", `${account}/deployments/${name}`, {
      properties: { model: { name, version: "1" } },
    });
};

describe("doctor", () => {
  it("finds nothing amiss where nothing is", async () => {
    const opened = await project();
    await opened.apply(gateway());
    await deploy(opened, swc, "gpt-4o");
    await deploy(opened, eus, "gpt-4o");
    const report = await examine(opened);
    expect(report.findings.filter(({ status }) => status !== "ok")).toEqual([]);
    expect(said(report, "sign-in")).toEqual(["ok Azure: none is needed on this machine"]);
    expect(said(report, "tier")).toEqual(["ok contoso-apim: StandardV2, which has what the spec asks for"]);
    expect(said(report, "role")).toHaveLength(2);
    expect(said(report, "deployments")).toEqual([
      "ok contoso-eus: it has gpt-4o",
      "ok contoso-swc: it has gpt-4o",
    ]);
    expect(report.summary).toMatchObject({ error: 0, warning: 0, unknown: 0 });
  });

  it("says what is missing before the first apply, with the commands", async () => {
    const report = await examine(await project());
    expect(said(report, "role")[1]).toContain(
      "error contoso-swc: the system-assigned identity of contoso-apim lacks the role",
    );
    expect(remedies(report, "role")[1]).toContain(`--scope ${swc}`);
    expect(said(report, "deployments")[1]).toContain(
      "unknown contoso-swc: its deployments could not be checked",
    );
  });

  it("checks a service without a spec", async () => {
    const opened = await project();
    const { subscriptionId: id, resourceGroup, name } = ref;
    const request = {
      file: "gateway.yaml",
      variables: {},
      overrides: { subscriptionId: id, resourceGroup, service: name },
    };
    const subject = await loadSubject(memoryFiles({}), request, () => Promise.resolve());
    const { findings, summary } = await doctor(() => serviceOf(opened), subject, createHurriedClock());
    expect(summary.error).toBe(0);
    expect([...new Set(findings.map(({ check }) => check))]).toEqual([
      "sign-in",
      "service",
      "tier",
      "identity",
      "network",
    ]);
  });

  it("names the flags when there is neither", async () => {
    const request = { file: "gateway.yaml", variables: {} };
    await expect(loadSubject(memoryFiles({}), request, () => Promise.resolve())).rejects.toMatchObject({
      code: "FILE.NOT_FOUND",
      remedy: expect.stringContaining("--subscription") as string,
    });
  });
});

describe("a sign-in that fails", () => {
  it.each([
    ["at once", () => Promise.reject(failed)],
    [
      "with the first request",
      (opened: LocalProject) =>
        serviceOf(opened).then((service) => ({ ...service, signIn: () => Promise.reject(failed) })),
    ],
  ])("%s is a finding, and the rest is not checked", async (_, connect) => {
    const opened = await project();
    const { findings } = await examine(opened, gateway(), () => connect(opened));
    expect(findings[0]).toEqual({
      check: "sign-in",
      subject: "Azure",
      status: "error",
      message: "cannot sign in to Azure: the Azure CLI is not signed in",
      remedy: "Sign in with `az login`",
    });
    const others = findings.slice(1);
    expect(others.length).toBeGreaterThan(5);
    for (const { status, message } of others)
      expect([status, message]).toEqual(["unknown", "not checked, since the sign-in failed"]);
  });
});

const failed = new ServiceFailure("SERVICE.UNAUTHORIZED", "cannot sign in to Azure", {
  why: "the Azure CLI is not signed in",
  remedy: "Sign in with `az login`",
});

function token(claims: JsonObject): string {
  const part = (value: JsonObject): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part(claims)}.x`;
}

describe("who is signed in", () => {
  const now = Date.UTC(2026, 0, 1) / 1000;
  it.each([
    [
      { upn: "jo@contoso.com", tid: "t", appid: "04b07795-8ddb-461a-bbee-02f9e1bf7b46", exp: now + 4000 },
      ["ok Azure: signed in with APIMGW_ACCESS_TOKEN as jo@contoso.com (the Azure CLI), tenant t"],
    ],
    [
      { appid: "a", idtyp: "app", tid: "t" },
      ["ok Azure: signed in with APIMGW_ACCESS_TOKEN as the application a, tenant t"],
    ],
    [
      { appid: "a", xms_mirid: "/subscriptions/x", tid: "t" },
      ["ok Azure: signed in with APIMGW_ACCESS_TOKEN as the managed identity a, tenant t"],
    ],
    [
      { oid: "o", exp: now + 100 },
      [
        "ok Azure: signed in with APIMGW_ACCESS_TOKEN as o",
        "warning APIMGW_ACCESS_TOKEN: the token ends in 2 minutes",
      ],
    ],
    [
      { oid: "o", exp: now - 1 },
      [
        "ok Azure: signed in with APIMGW_ACCESS_TOKEN as o",
        "error APIMGW_ACCESS_TOKEN: the token has expired",
      ],
    ],
  ])("%j", async (claims, expected) => {
    const opened = await project();
    const report = await examine(opened, gateway(), () => serviceOf(opened, token(claims)));
    expect(said(report, "sign-in")).toEqual(expected);
  });

  it("is not known from a token that is none of Microsoft's", async () => {
    const opened = await project();
    const report = await examine(opened, gateway(), () => serviceOf(opened, "opaque"));
    expect(said(report, "sign-in")).toEqual([
      "ok Azure: signed in with APIMGW_ACCESS_TOKEN; the token does not say as whom",
    ]);
  });
});

describe("the service", () => {
  const patch = (opened: LocalProject, body: JsonObject) => send(opened, "PATCH", serviceArmId(ref), body);

  it.each<[string, JsonObject, CheckName, string]>([
    [
      "busy",
      { properties: { provisioningState: "Updating" } },
      "service",
      "error contoso-apim: it is in the state Updating, and refuses writes while it is",
    ],
    [
      "of another tier",
      { sku: { name: "Premium" } },
      "tier",
      "warning contoso-apim: the service is of the tier Premium, the spec says StandardV2: lint judges by the wrong one",
    ],
    [
      "without an identity",
      { identity: { type: "None" } },
      "identity",
      "error contoso-apim: contoso-apim has no system-assigned identity",
    ],
    [
      "reached by nobody",
      { properties: { publicNetworkAccess: "Disabled" } },
      "network",
      "error contoso-apim: public access is disabled and no private endpoint is approved: nobody reaches it",
    ],
    [
      "in a network",
      { properties: { virtualNetworkType: "Internal" } },
      "network",
      "ok contoso-apim: callers reach it from its virtual network only (Internal)",
    ],
  ])("%s", async (_, body, check, expected) => {
    const opened = await project();
    await patch(opened, body);
    const spec = gateway({ service: { ...ref, sku: "StandardV2" } });
    expect(said(await examine(opened, spec), check)).toContain(expected);
  });

  it("lacks what the spec asks for on its tier", async () => {
    const opened = await project();
    await patch(opened, { sku: { name: "Consumption" } });
    const breaker = { count: 3, interval: "5m", statusCodes: [429], tripDuration: "1m" };
    const spec = gateway({
      backends: {
        swc: { url: "https://contoso-swc.openai.azure.com/openai", circuitBreaker: breaker },
        eus: { url: "https://contoso-eus.openai.azure.com/openai" },
      },
    });
    expect(said(await examine(opened, spec), "tier")).toEqual([
      "error contoso-apim: Consumption: the Consumption tier has no circuit breakers",
    ]);
  });

  it.each<[string, Fault, string, string]>([
    [
      "forbidden",
      { status: 403, code: "AuthorizationFailed", message: "No." },
      "cannot read the service: AuthorizationFailed: No.",
      "API Management Service Reader Role",
    ],
    [
      "not there",
      {
        status: 404,
        code: "ResourceNotFound",
        message:
          "The Resource 'Microsoft.ApiManagement/service/contoso-apim' under resource group 'rg-ai' was not found.",
      },
      "there is no API Management service `contoso-apim`",
      "az apim list",
    ],
  ])("%s: what depends on it is not checked", async (_, fault, message, remedy) => {
    const opened = await project(({ path }) => (path === "" ? fault : undefined));
    const report = await examine(opened);
    expect(said(report, "service")[0]).toContain(`error contoso-apim: ${message}`);
    expect(remedies(report, "service")[0]).toContain(remedy);
    expect(said(report, "tier")).toEqual([
      "unknown contoso-apim: not checked, since the service could not be read",
    ]);
    expect(said(report, "account")).toHaveLength(2);
  });
});

describe("accounts", () => {
  const properties = (opened: LocalProject, set: JsonObject) => send(opened, "PUT", swc, { properties: set });
  const named = (report: DoctorReport, check: CheckName) =>
    said(report, check).filter((line) => line.includes("contoso-swc"));

  it("that are not there", async () => {
    const opened = await project();
    await send(opened, "DELETE", swc);
    const report = await examine(opened);
    expect(named(report, "account")).toEqual([`error contoso-swc: there is no account ${swc}`]);
    expect([...named(report, "role"), ...named(report, "deployments")]).toEqual([]);
    const at = report.findings.find(({ check, status }) => check === "account" && status === "error")?.at;
    expect(at).toMatchObject({ file: "gateway.yaml", line: 1 });
  });

  it("that are not those of the URL", async () => {
    const opened = await project();
    await properties(opened, { endpoint: "https://other.openai.azure.com/" });
    expect(named(await examine(opened), "account")).toEqual([
      "warning contoso-swc: backend `swc` calls contoso-swc.openai.azure.com, and this account answers at other.openai.azure.com",
    ]);
  });

  const disabled = { publicNetworkAccess: "Disabled" };
  const approved = { properties: { privateLinkServiceConnectionState: { status: "Approved" } } };
  const listed = (value: string) => ({ networkAcls: { defaultAction: "Deny", ipRules: [{ value }] } });
  const inNetwork = { virtualNetworkType: "External" };
  const addresses = { publicIPAddresses: ["20.1.2.3"] };

  it.each<[string, JsonObject, JsonObject, string]>([
    [
      "closed, and the service in no network",
      disabled,
      {},
      "error contoso-swc: public access is disabled, and contoso-apim is in no virtual network",
    ],
    [
      "closed, without a private endpoint",
      disabled,
      inNetwork,
      "error contoso-swc: public access is disabled and no private endpoint is approved",
    ],
    [
      "closed, with one",
      { ...disabled, privateEndpointConnections: [approved] },
      inNetwork,
      "ok contoso-swc: it is reached at its private endpoint only",
    ],
    [
      "open to others",
      listed("20.9.9.9"),
      addresses,
      "warning contoso-swc: it lets in listed networks only, and not 20.1.2.3",
    ],
    [
      "open to the service",
      listed("20.1.2.3"),
      addresses,
      "ok contoso-swc: it lets in the addresses of contoso-apim: 20.1.2.3",
    ],
    [
      "open to its range",
      listed("20.1.0.0/16"),
      addresses,
      "ok contoso-swc: it lets in the addresses of contoso-apim",
    ],
    [
      "open to some, and the service's addresses unknown",
      listed("20.1.2.3"),
      {},
      "the addresses of contoso-apim are not known",
    ],
    [
      "open to subnets",
      { networkAcls: { defaultAction: "Deny", virtualNetworkRules: [{ id: "x" }] } },
      inNetwork,
      "unknown contoso-swc: it lets in 1 subnets",
    ],
  ])("%s", async (_, account, service, expected) => {
    const opened = await project();
    await properties(opened, account);
    await send(opened, "PATCH", serviceArmId(ref), { properties: service });
    expect(named(await examine(opened), "network")).toEqual([expect.stringContaining(expected)]);
  });

  it("that stand in for each other need the same deployments", async () => {
    const opened = await project();
    await deploy(opened, swc, "gpt-4o", "embeddings");
    await deploy(opened, eus, "gpt-4o");
    const report = await examine(opened);
    expect(said(report, "deployments")).toEqual([
      "warning contoso-eus: it lacks the deployment `embeddings` that contoso-swc has: pool `chat` may send calls for it to both",
      "ok contoso-swc: it has embeddings, gpt-4o",
    ]);
    expect(remedies(report, "deployments")[0]).toContain("--deployment-name embeddings");
  });

  it("that stand in for each other may call deployments something else, as the spec says", async () => {
    const opened = await project();
    await deploy(opened, swc, "gpt-4o-swc", "embeddings-swc");
    await deploy(opened, eus, "gpt-4o-eus");
    const { backends } = gateway();
    const named = (name: "swc" | "eus") => ({
      ...(backends as Record<string, object>)[name],
      deployments: { "gpt-4o": `gpt-4o-${name}`, embeddings: `embeddings-${name}` },
    });
    const report = await examine(
      opened,
      gateway({
        backends: { swc: named("swc"), eus: named("eus") },
        pools: { chat: { members: [{ backend: "swc" }, { backend: "eus" }], whenNamesDiffer: "expand" } },
      }),
    );
    expect(said(report, "deployments")).toEqual([
      "warning contoso-eus: it lacks the deployment `embeddings-eus` that contoso-swc has: pool `chat` may send calls for it to both",
      "ok contoso-swc: it has embeddings-swc, gpt-4o-swc",
    ]);
    expect(remedies(report, "deployments")[0]).toContain("--deployment-name embeddings-eus");
  });

  it("that stand in for each other by model need that model's deployment", async () => {
    const opened = await project();
    await deploy(opened, swc, "gpt-4o", "gpt-4o-mini", "o3");
    await deploy(opened, eus, "other");
    const models = {
      "gpt-4o": { backend: "swc" },
      "gpt-4o-*": { backend: "swc", fallback: ["eus"] },
      otherwise: "deny",
    };
    const { apis } = gateway();
    const ai = { ...(apis as Record<string, object>)["ai"], operations: { Chat: { models } } };
    const report = await examine(opened, gateway({ pools: {}, apis: { ai } }));
    expect(said(report, "deployments")).toEqual([
      "warning contoso-eus: it lacks the deployment `gpt-4o-mini` that contoso-swc has: the fallback of `gpt-4o-*` in `ai/Chat` may send calls for it to both",
      "ok contoso-swc: it has gpt-4o, gpt-4o-mini, o3",
    ]);
  });

  it("that stand alone need not", async () => {
    const opened = await project();
    await deploy(opened, swc, "a");
    await deploy(opened, eus, "b");
    const spec = gateway({ pools: {}, apis: {} });
    expect(said(await examine(opened, spec), "deployments").map((line) => line.split(" ")[0])).toEqual([
      "ok",
      "ok",
    ]);
  });

  it("without deployments", async () => {
    const opened = await project();
    await deploy(opened, swc);
    expect(named(await examine(opened), "deployments")).toEqual([
      "error contoso-swc: it has no deployments: every call to it ends with 404",
    ]);
  });

  it.each<[CheckName, RegExp]>([
    ["account", /accounts\/contoso-swc$/],
    ["role", /accounts\/contoso-swc\/providers/],
    ["deployments", /accounts\/contoso-swc\/deployments$/],
  ])("whose %s may not be read", async (check, path) => {
    const opened = await project((request) =>
      path.test(request.path) ? { status: 403, code: "AuthorizationFailed", message: "No." } : undefined,
    );
    const report = await examine(opened);
    const finding: DoctorFinding | undefined = report.findings.find(
      (each) => each.check === check && each.subject === "contoso-swc",
    );
    expect(finding).toMatchObject({
      status: "unknown",
      message: expect.stringContaining("could not be checked") as string,
    });
    expect(finding?.remedy).toContain("Reader");
  });

  it("whose roles the spec wants ignored", async () => {
    const opened = await project();
    expect(said(await examine(opened, gateway({ roles: "ignore" })), "role")).toContain(
      "unknown contoso-swc: not checked: the spec says `roles: ignore`",
    );
  });

  it("with a role that is not there", async () => {
    const opened = await project();
    const spec = gateway({ roles: { mode: "check", role: "Cognitive Services Usr" } });
    expect(said(await examine(opened, spec), "role")[0]).toContain(
      "there is no role `Cognitive Services Usr`",
    );
  });
});

describe("settings of the service", () => {
  /** What the local APIM would not say by itself. */
  const answering = (path: string, value: JsonObject[]) => async (opened: LocalProject) => {
    const service = await serviceOf(opened);
    const list: AzureService["list"] = (asked, query) =>
      asked === path
        ? Promise.resolve(
            value.map((body) => ({
              path: `${path}/${typeof body["name"] === "string" ? body["name"] : ""}`,
              body,
            })),
          )
        : service.list(asked, query);
    return {
      ref: service.ref,
      title: service.title,
      afterWrite: service.afterWrite,
      get: service.get.bind(service),
      put: service.put.bind(service),
      patch: service.patch.bind(service),
      act: service.act.bind(service),
      remove: service.remove.bind(service),
      retried: service.retried.bind(service),
      signIn: service.signIn.bind(service),
      list,
    };
  };
  const secret = (lastStatus: JsonObject | undefined): JsonObject => ({
    name: "key",
    properties: {
      displayName: "key",
      keyVault: {
        secretIdentifier: "https://kv.vault.azure.net/secrets/x",
        ...(lastStatus === undefined ? {} : { lastStatus }),
      },
    },
  });

  it.each<[JsonObject | undefined, string]>([
    [{ code: "Success" }, "ok key: the service gets its secret"],
    [
      { code: "Forbidden", message: "No access." },
      "error key: the service could not fetch its secret: No access.",
    ],
    [undefined, "unknown key: the service has not said yet whether it gets the secret"],
  ])("a named value with %j", async (status, expected) => {
    const opened = await project();
    const report = await examine(opened, gateway(), () => answering("namedValues", [secret(status)])(opened));
    expect(said(report, "key-vault")).toEqual([expected]);
    const [remedy] = remedies(report, "key-vault");
    if (expected.startsWith("error")) expect(remedy).toContain("az keyvault show --name kv");
    else expect(remedy).toBeUndefined();
  });

  it.each<[string, JsonObject, string]>([
    ["whole", { loggerType: "azureMonitor" }, "ok l: azureMonitor"],
    [
      "without its secret",
      { loggerType: "applicationInsights", credentials: { connectionString: "{{gone}}" } },
      "error l: its credentials are in the named value `gone`, which is not on the service",
    ],
    ["without credentials", { loggerType: "applicationInsights" }, "error l: it has no connection string"],
    [
      "with an identity that is not there",
      {
        loggerType: "azureEventHub",
        credentials: { identityClientId: "11111111-2222-4333-8444-555555555555" },
      },
      "error l: it signs in with an identity, and contoso-apim does not have the identity",
    ],
    [
      "with the service's identity",
      { loggerType: "azureEventHub", credentials: { identityClientId: "SystemAssigned" } },
      "ok l: azureEventHub",
    ],
  ])("a logger %s", async (_, properties, expected) => {
    const opened = await project();
    const report = await examine(opened, gateway(), () =>
      answering("loggers", [{ name: "l", properties }])(opened),
    );
    expect(said(report, "logger")).toEqual([expect.stringContaining(expected)]);
  });

  const emitting = gateway({
    apis: {
      ai: {
        path: "ai",
        openapi: "ai.json",
        managedIdentity: "https://cognitiveservices.azure.com/",
        operations: {
          Chat: {
            backend: "chat",
            policies: {
              inbound:
                '<llm-emit-token-metric namespace="n"><dimension name="API ID" /></llm-emit-token-metric>',
            },
          },
        },
      },
    },
  });

  it.each<[string, JsonObject[], string]>([
    [
      "no diagnostic",
      [],
      "warning ai/Chat: `llm-emit-token-metric` emits metrics, and no diagnostic of Application Insights takes them: they are lost",
    ],
    [
      "one without metrics",
      [{ name: "applicationinsights", properties: {} }],
      "warning ai/Chat: `llm-emit-token-metric` emits metrics",
    ],
    [
      "one with metrics",
      [{ name: "applicationinsights", properties: { metrics: true } }],
      "ok ai/Chat: `llm-emit-token-metric` has a diagnostic that takes metrics",
    ],
  ])("metrics with %s", async (_, diagnostics, expected) => {
    const opened = await project();
    const report = await examine(opened, emitting, () => answering("diagnostics", diagnostics)(opened));
    expect(said(report, "metrics")).toEqual([expect.stringContaining(expected)]);
  });

  it("that may not be read", async () => {
    const opened = await project(({ path }) =>
      /^(namedValues|loggers|diagnostics)$/.test(path)
        ? { status: 403, code: "AuthorizationFailed", message: "No." }
        : undefined,
    );
    const report = await examine(opened, emitting);
    expect(said(report, "key-vault")).toEqual([
      expect.stringContaining("unknown contoso-apim: named values could not be checked"),
    ]);
    expect(said(report, "logger")).toEqual([
      expect.stringContaining("unknown contoso-apim: loggers could not be checked"),
    ]);
    expect(said(report, "metrics")).toEqual([
      expect.stringContaining("unknown contoso-apim: diagnostics could not be checked"),
    ]);
  });
});
