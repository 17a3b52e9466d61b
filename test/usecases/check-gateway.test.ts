import { describe, expect, it, onTestFinished } from "vitest";
import { Failure } from "../../src/core/failure.ts";
import type { JsonObject } from "../../src/core/json.ts";
import type { LiveResource, LiveService } from "../../src/core/ports.ts";
import { checkGateway } from "../../src/usecases/check-gateway.ts";
import { validateOnService } from "../../src/usecases/server-validate.ts";
import { memoryFiles, openLocalProject, ref } from "./local-project.ts";
import type { SpecParts } from "./local-project.ts";

async function localService(): Promise<LiveService> {
  const project = await openLocalProject();
  onTestFinished(() => project.close());
  return project.service;
}

/** The service, with other answers to some reads. */
function answering(
  service: LiveService,
  get: (path: string) => JsonObject | undefined,
  list: (path: string) => readonly JsonObject[] | undefined = () => undefined,
): LiveService {
  const named = (path: string, body: JsonObject): LiveResource => ({ path, body });
  return {
    ref: service.ref,
    title: service.title,
    afterWrite: service.afterWrite,
    get: async (path, query) => {
      const body = get(path);
      return body === undefined ? service.get(path, query) : named(path, body);
    },
    list: async (path, query) => {
      const items = list(path);
      return items === undefined
        ? service.list(path, query)
        : items.map((body) => named(`${path}/${JSON.stringify(body.name).slice(1, -1)}`, body));
    },
    put: (...args) => service.put(...args),
    patch: (...args) => service.patch(...args),
    act: (...args) => service.act(...args),
    remove: (...args) => service.remove(...args),
    retried: () => service.retried(),
  };
}

async function check(service: LiveService, spec: SpecParts) {
  const text = JSON.stringify({ apimgw: 1, name: "team-a", service: ref, ...spec }, undefined, 1);
  return checkGateway(
    memoryFiles({ "gateway.yaml": text }),
    { file: "gateway.yaml", variables: {} },
    { open: () => Promise.resolve(service), loadGrammar: () => Promise.resolve() },
  );
}

async function problemsOf(service: LiveService, spec: SpecParts): Promise<string[]> {
  try {
    const { warnings } = await check(service, spec);
    return warnings.map(({ rule }) => rule);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return error.problems.map(({ rule, severity, at }) => `${rule} ${severity} ${at.line}`);
  }
}

const backends = {
  a: {
    url: "https://a.example/openai",
    circuitBreaker: {
      count: 1,
      interval: "1m",
      statusCodes: [429],
      tripDuration: "1m",
      acceptRetryAfter: true,
    },
  },
};
const tier = (name: string) => ({ sku: { name }, properties: { provisioningState: "Succeeded" } });

describe("checkGateway", () => {
  it("refuses what lint calls an error in hand-written policies, before anything is read but the service", async () => {
    const service = await localService();
    const fragments = { f: '<set-header name="x" exist-action="override"><value>a</value></set-header>' };
    expect(await problemsOf(service, { fragments })).toEqual([
      expect.stringMatching(/^unknown-attribute error \d+$/),
    ]);
    const lint = { rules: { "unknown-attribute": "warning" } };
    expect(await problemsOf(service, { fragments, lint })).toContain("unknown-attribute");
  });

  it("sees what compiled documents use, though it does not look into them", async () => {
    const service = await localService();
    const pools = { p: { members: [{ backend: "a" }, { backend: "b" }] } };
    const two = { a: { url: "https://a.example/openai" }, b: { url: "https://b.example/openai" } };
    const apis = { small: { path: "small", operations: { Chat: { backend: "p" } } } };
    expect(await problemsOf(service, { backends: two, pools, apis })).toEqual([]);
  });

  it.each([
    ["Consumption", undefined, ["sku-circuit-breaker error 10"]],
    ["StandardV2", undefined, []],
    ["Consumption", "StandardV2", []],
    ["Mystery", undefined, []],
  ])("of a service of tier %s that the spec calls %s", async (actual, named, problems) => {
    const service = answering(await localService(), (path) => (path === "" ? tier(actual) : undefined));
    const found = await problemsOf(service, {
      backends,
      ...(named === undefined ? {} : { service: { ...ref, sku: named } }),
    });
    expect(found.map((text) => text.replace(/ \d+$/, ""))).toEqual(
      problems.map((text) => text.replace(/ \d+$/, "")),
    );
  });
});

describe("--server-validate", () => {
  const spec = {
    fragments: { f: "<set-method>GET</set-method>" },
    namedValues: { key: { keyVault: "https://kv.example/secrets/key" } },
  };

  it("finds nothing wrong with a service that is ready and knows the policies", async () => {
    const service = await localService();
    const { gateway } = await check(service, spec);
    expect(await validateOnService(service, gateway)).toEqual({ problems: [], unasked: [] });
  });

  it("tells what the service says: its state, the policies that it lacks, the secrets that it cannot fetch", async () => {
    const local = await localService();
    const { gateway } = await check(local, spec);
    const service = answering(
      local,
      (path) => (path === "" ? { properties: { provisioningState: "Updating" } } : undefined),
      (path) => {
        if (path === "policyDescriptions") return [{ name: "forward-request" }, { name: "set-body" }];
        const lastStatus = { code: "AccessDenied", message: "no access" };
        return path === "namedValues"
          ? [{ name: "key", properties: { keyVault: { lastStatus } } }]
          : undefined;
      },
    );
    const { problems } = await validateOnService(service, gateway);
    expect(problems.map(({ rule, severity, message }) => [rule, severity, message])).toEqual([
      ["service-not-ready", "error", "the service is in the state Updating, and refuses writes while it is"],
      ["policy-not-on-service", "error", "this service does not know the policy `set-method`"],
      [
        "key-vault-unresolved",
        "warning",
        "the service could not fetch the secret of named value `key`: no access",
      ],
    ]);
  });

  it("says what it cannot ask", async () => {
    const local = await localService();
    const { gateway } = await check(local, spec);
    const service = answering(
      local,
      () => undefined,
      (path) => (path === "policyDescriptions" ? [] : undefined),
    );
    expect((await validateOnService(service, gateway)).unasked).toEqual(["which policies it knows"]);
  });
});
