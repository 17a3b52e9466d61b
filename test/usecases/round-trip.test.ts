import { describe, expect, it, onTestFinished } from "vitest";
import type { LiveService } from "../../src/core/ports.ts";
import { openLocalProject } from "./local-project.ts";
import type { LocalProject, SpecParts } from "./local-project.ts";

const operation = (id: string) => ({ operationId: id, responses: { 200: { description: "OK" } } });
const openApi = (servers: readonly object[], ...ids: string[]): string =>
  JSON.stringify({
    openapi: "3.0.1",
    info: { title: "Small", version: "1" },
    ...(servers.length === 0 ? {} : { servers }),
    paths: Object.fromEntries(ids.map((id) => [`/${id.toLowerCase()}`, { post: operation(id) }])),
  });
const models = JSON.stringify({
  openapi: "3.0.1",
  info: { title: "Models", version: "1" },
  paths: {
    "/deployments/{deployment-id}/chat/completions": { post: operation("Path") },
    "/responses": { post: operation("Body") },
  },
});
const files = {
  "models.json": models,
  "plain.json": openApi([], "Chat", "Images", "Text"),
  "other.json": openApi([], "Chat", "Audio"),
  "with-server.json": openApi([{ url: "https://account.example/openai/" }], "Chat", "Images"),
  "fragment.xml": '<fragment><set-variable name="x" value="1" /></fragment>',
};

const renaming = (a: string, b: string): SpecParts => ({
  a: { url: "https://a.example/openai", deployments: { x: a } },
  b: { url: "https://b.example/openai", deployments: { x: b } },
});
const backends = { a: { url: "https://a.example/openai" }, b: { url: "https://b.example/openai" } };
const api = (more: object = {}): SpecParts => ({
  path: "small",
  openapi: "plain.json",
  operations: { Chat: { backend: "a" } },
  ...more,
});
const oneApi = (more: object = {}): SpecParts => ({ backends, apis: { small: api(more) } });
const applicationInsights = { connectionString: "InstrumentationKey=hush" };
const diagnosed = (more: object): SpecParts => ({
  ...oneApi({ diagnostics: { applicationInsights: { logger: "l", ...more } } }),
  loggers: { l: { applicationInsights } },
});

/** Specs of one name that are applied one after the other. */
const histories: Readonly<Record<string, readonly SpecParts[]>> = {
  "a document with a server, and a service URL that comes and goes": [
    oneApi({ openapi: "with-server.json" }),
    oneApi({ openapi: "with-server.json", serviceUrl: "https://x.example/y" }),
    oneApi({ openapi: "with-server.json" }),
    oneApi({ openapi: "plain.json" }),
  ],
  "deployments of other names, and models that come and go": [
    {
      backends: renaming("one", "two"),
      pools: { p: { members: [{ backend: "a" }, { backend: "b" }], whenNamesDiffer: "expand" } },
      apis: { small: api({ openapi: "models.json", operations: { Path: { backend: "p", retry: true } } }) },
    },
    {
      backends: renaming("one", "two"),
      apis: {
        small: api({
          openapi: "models.json",
          operations: {
            Path: { backend: "a", fallback: ["b"] },
            Body: { models: { x: { backend: "a", fallback: ["b"] }, "y*": { backend: "b", timeout: "1m" } } },
          },
        }),
      },
    },
    {
      backends: renaming("one", "one"),
      apis: {
        small: api({
          openapi: "models.json",
          operations: { Path: { models: { x: { backend: "a" }, otherwise: { backend: "b" } } } },
        }),
      },
    },
  ],
  "a diagnostic that loses its options": [
    diagnosed({
      alwaysLogErrors: true,
      logClientIp: true,
      correlationProtocol: "W3C",
      verbosity: "error",
      sampling: 12.5,
    }),
    diagnosed({}),
    diagnosed({ logClientIp: false, correlationProtocol: "Legacy", sampling: 0 }),
    oneApi(),
  ],
  "a diagnostic that sends more of messages, and less again": [
    diagnosed({
      headers: ["x-ms-region", "User-Agent"],
      bodyBytes: 1024,
      metrics: true,
      operationName: "Url",
    }),
    diagnosed({
      headers: ["x-ms-region"],
      mask: { headers: { "api-key": "hide", Authorization: "mask" }, query: { code: "mask" } },
      metrics: false,
      frontend: { request: { bodyBytes: 8192 }, response: { headers: [] } },
    }),
    diagnosed({ bodyBytes: 0, operationName: "Name", backend: { response: { bodyBytes: 1 } } }),
    diagnosed({}),
  ],
  "what a diagnostic logs of language models": [
    diagnosed({ llm: true }),
    diagnosed({ llm: { requestBytes: 1024, responseBytes: 262144 }, sampling: 5 }),
    diagnosed({ llm: { responseBytes: 1 } }),
    diagnosed({ llm: false }),
    diagnosed({}),
  ],
  "diagnostics of the service": [
    {
      loggers: { l: { applicationInsights }, m: { azureMonitor: {} } },
      serviceDiagnostics: {
        applicationInsights: { logger: "l", sampling: 10, headers: ["x-ms-region"] },
        azureMonitor: { logger: "m", verbosity: "error" },
      },
    },
    {
      loggers: { l: { applicationInsights }, m: { azureMonitor: {} } },
      serviceDiagnostics: { applicationInsights: { logger: "l" } },
    },
    {},
  ],
  "a product that opens and closes": [
    { products: { p: { approvalRequired: true, displayName: "P" } } },
    { products: { p: { subscriptionRequired: false } } },
    { products: { p: { approvalRequired: true, description: "for all " } } },
  ],
  "subscription keys": [
    oneApi({ subscriptionKey: { header: "api-key" } }),
    oneApi({ subscriptionKey: false }),
    oneApi({ subscriptionKey: { query: "key" }, description: "With a key", displayName: "Small API" }),
    oneApi({ path: "elsewhere" }),
  ],
  "a backend that becomes a pool, and back": [
    { backends, pools: { c: { members: [{ backend: "a" }] } } },
    { backends: { c: backends.a, b: backends.b }, pools: { a: { members: [{ backend: "c", weight: 3 }] } } },
    { backends: { ...backends, c: backends.a } },
  ],
  "a pool and its members, gone at once": [
    {
      backends,
      pools: { c: { members: [{ backend: "a", priority: 0, weight: 0 }, { backend: "b" }], title: "C" } },
    },
    {},
  ],
  breakers: [
    {
      backends: {
        a: {
          ...backends.a,
          title: "A",
          circuitBreaker: {
            percentage: 50,
            interval: "90s",
            errorReasons: ["Timeout"],
            tripDuration: "P1DT1H",
          },
        },
      },
    },
    {
      backends: {
        a: {
          ...backends.a,
          circuitBreaker: {
            count: 3,
            interval: "PT30S",
            statusCodes: ["500-599", 429],
            tripDuration: "3600s",
            acceptRetryAfter: true,
          },
        },
      },
    },
    { backends },
  ],
  "loggers that change their kind and their credentials": [
    {
      namedValues: { n: { value: "v" } },
      loggers: {
        a: { applicationInsights },
        b: { azureMonitor: {}, description: "To the workspace" },
        c: { eventHub: { name: "n", connectionString: "{{n}}" } },
        d: { eventHub: { name: "n", endpointAddress: "x.example", identityClientId: "SystemAssigned" } },
        e: { applicationInsights: { instrumentationKey: "{{n}}" } },
      },
    },
    {
      loggers: {
        a: { azureMonitor: {} },
        b: { applicationInsights },
        c: { eventHub: { name: "o", connectionString: "Endpoint=hush" } },
        d: { eventHub: { name: "n", connectionString: "Endpoint=hush" } },
        e: { applicationInsights },
      },
    },
  ],
  "named values that change what they are": [
    {
      namedValues: {
        a: { value: "plain" },
        b: { value: "hush", secret: true },
        c: { keyVault: "https://kv.example/secrets/x", identityClientId: "someone", displayName: "d.d" },
      },
    },
    {
      namedValues: {
        a: { keyVault: "https://kv.example/secrets/y" },
        b: { value: "plain" },
        c: { value: "hush", secret: true },
      },
    },
  ],
  "a named value that is renamed under what refers to it": [
    {
      namedValues: { k: { value: "v", displayName: "old" } },
      fragments: { f: '<set-variable name="x" value="{{old}}" />' },
    },
    {
      namedValues: { k: { value: "v", displayName: "new" } },
      fragments: { f: '<set-variable name="x" value="{{new}}" />' },
    },
    {},
  ],
  "fragments in fragments": [
    {
      fragments: {
        f: '<include-fragment fragment-id="g" />',
        g: '<include-fragment fragment-id="h" />',
        h: { file: "fragment.xml", description: "About it" },
      },
    },
    { fragments: { f: "<!-- nothing -->", g: '<include-fragment fragment-id="f" />' } },
    {},
  ],
  "operations that leave the document": [
    oneApi({ operations: { Chat: { backend: "a" }, Images: { backend: "b" } } }),
    oneApi({ openapi: "other.json" }),
  ],
  "unlisted operations": [
    oneApi({ operations: { Chat: { backend: "a" }, Images: { backend: "b" } } }),
    oneApi({ unlisted: "remove" }),
    oneApi({ unlisted: "allow", serviceUrl: "https://x.example" }),
    oneApi({ deny: { status: 403, reason: "No & no", body: "text" } }),
    oneApi({ deny: { body: { error: { code: "<no>" } } }, inheritance: "keep" }),
  ],
};

async function open(): Promise<LocalProject> {
  const project = await openLocalProject(files);
  onTestFinished(() => project.close());
  return project;
}

async function remaining({ plan }: LocalProject, spec: SpecParts): Promise<string[]> {
  const { changes } = (await plan(spec)).plan;
  return changes.map(({ action, path, diff }) => `${action} ${path}: ${diff}`);
}

/** Everything on the service that still names the owner. */
async function marked(service: LiveService): Promise<string[]> {
  const collections = ["backends", "namedValues", "loggers", "policyFragments", "products", "apis"];
  const all = (await Promise.all(collections.map((collection) => service.list(collection)))).flat();
  return all.filter(({ body }) => JSON.stringify(body).includes("team-a")).map(({ path }) => path);
}

it("reads the document of each operation once, whether or not the spec lists it", async () => {
  const calls: string[] = [];
  const project = await openLocalProject(files, ({ method, path }) => {
    calls.push(`${method} ${path}`);
    return undefined;
  });
  onTestFinished(() => project.close());
  await project.apply(oneApi());
  calls.splice(0);
  await project.plan(oneApi());
  const documents = calls.filter((call) => call.endsWith("/policies/policy")).sort();
  expect(documents).toEqual([
    "GET apis/small/operations/Chat/policies/policy",
    "GET apis/small/operations/Images/policies/policy",
    "GET apis/small/operations/Text/policies/policy",
    "GET apis/small/policies/policy",
  ]);
});

describe("apply, then plan", () => {
  it.each(Object.entries(histories))("has nothing to do: %s", async (_, specs) => {
    const project = await open();
    for (const [index, spec] of specs.entries()) {
      await project.apply(spec);
      expect({ index, remaining: await remaining(project, spec) }).toEqual({ index, remaining: [] });
    }
    const { failures } = await project.applyPlanned(await project.planDestroy());
    expect(failures).toEqual([]);
    expect(await marked(project.service)).toEqual([]);
  });
});
