import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { startLocalApim } from "../../../src/adapters/local/local-apim.ts";
import type { LocalApim } from "../../../src/adapters/local/local-apim.ts";
import { gatewayResources } from "../../../src/core/gateway/arm-resources.ts";
import { gatewayConfig } from "../../../src/core/gateway/config.ts";
import { sharedRoot } from "../../support/shared-data.ts";
import {
  client,
  detailsOf,
  document,
  importBody,
  namesOf,
  openApi,
  propertiesOf,
  refusalOf,
  serviceId,
  single,
  start,
  temporaryDirectory,
} from "./support.ts";

const policy = { value: document('<set-backend-service backend-id="a" />') };

/** A clock whose sleepers wake when they are told to. */
function heldClock() {
  const sleepers: (() => void)[] = [];
  return {
    now: () => new Date("2026-01-01T00:00:00Z"),
    sleep: (_: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        sleepers.push(resolve);
        signal?.addEventListener("abort", () => reject(new Error("aborted")));
      }),
    wake: () => sleepers.splice(0).forEach((wake) => wake()),
  };
}

test("an import is answered at once and done later; operations appear only then", async () => {
  const clock = heldClock();
  const { put, get, settle, call } = await start({ clock });
  const accepted = await put("apis/Chat", importBody("chat", "Chat"));
  expect(accepted.status).toBe(202);
  expect(accepted.headers.get("location")).toMatch(
    /\/apis\/Chat\?api-version=2024-05-01&asyncId=[0-9a-f]+&asyncCode=201$/,
  );
  expect(accepted.headers.get("azure-asyncoperation")).toBeNull();
  const location = new URL(accepted.headers.get("location") ?? "");
  const poll = () => call("GET", "apis/Chat", { query: Object.fromEntries(location.searchParams) });
  const running = await poll();
  expect([running.status, running.headers.get("retry-after")]).toEqual([202, "0"]);
  expect((await get("apis/Chat")).status).toBe(404);
  expect((await get("apis/Chat/operations")).status).toBe(404);
  clock.wake();
  const done = await settle(await poll());
  expect(done.status).toBe(201);
  expect(done.body).toMatchObject({ id: `${serviceId}/apis/Chat`, properties: { path: "chat" } });
  expect(done.headers.get("etag")).toBe((await get("apis/Chat")).headers.get("etag"));
  expect(namesOf(await get("apis/Chat/operations"))).toEqual(["Chat"]);
});

test("nobody else may write to the API meanwhile", async () => {
  const clock = heldClock();
  const { put, patch, remove, get, settle } = await start({ clock });
  await put("apis/a", { path: "a", displayName: "A" });
  const accepted = await put("apis/a", importBody("chat", "Chat"));
  for (const reply of [
    await put("apis/A", { path: "a", displayName: "A" }),
    await patch("apis/a", { displayName: "B" }),
    await remove("apis/a"),
    await put("apis/a/policies/policy", { value: document("") }),
    await put("apis/a/operations/x", { displayName: "x", method: "GET", urlTemplate: "/" }),
  ]) {
    expect(refusalOf(reply)).toMatchObject({
      status: 409,
      code: "PessimisticConcurrencyConflict",
      message: "Operation on the API is in progress",
    });
  }
  expect((await put("apis/other", { path: "other", displayName: "O" })).status).toBe(201);
  expect((await put("backends/a", single)).status).toBe(201);
  expect(propertiesOf(await get("apis/a"))).toMatchObject({ path: "a" });
  clock.wake();
  expect((await settle(accepted)).status).toBe(200);
  expect((await patch("apis/a", { displayName: "B" })).status).toBe(200);
});

test("what the request says wins, the document fills in the rest", async () => {
  const { put, get, settle } = await start();
  const value = JSON.stringify(openApi("Chat"));
  await settle(await put("apis/a", { path: "/chat/", format: "openapi+json", value }));
  expect(propertiesOf(await get("apis/a"))).toMatchObject({
    path: "chat",
    displayName: "Chat",
    description: "From the document",
    serviceUrl: "https://a.example.com/openai",
  });
  await settle(
    await put("apis/a", {
      path: "chat",
      displayName: "Mine",
      description: "D",
      serviceUrl: "https://b.example.com",
      format: "openapi+json",
      value,
    }),
  );
  expect(propertiesOf(await get("apis/a"))).toMatchObject({
    displayName: "Mine",
    description: "D",
    serviceUrl: "https://b.example.com",
  });
});

test("operations: required query parameters go into the template, as on the service", async () => {
  const { put, get, settle } = await start();
  await settle(await put("apis/a", importBody("chat", "Chat")));
  expect(propertiesOf(await get("apis/a/operations/Chat"))).toEqual({
    displayName: "Does Chat",
    method: "POST",
    urlTemplate: "/deployments/{deployment-id}/chat?api-version={api-version}",
    templateParameters: [
      { name: "deployment-id", type: "string", required: true, values: [] },
      { name: "api-version", type: "string", required: true, values: [] },
    ],
    description: null,
    request: {
      queryParameters: [{ name: "verbose", type: "boolean", required: false, values: [] }],
      headers: [],
      representations: [],
    },
    responses: [{ statusCode: 200, description: "OK", representations: [], headers: [] }],
    policies: null,
  });
  await settle(
    await put("apis/a", { ...importBody("chat", "Chat"), translateRequiredQueryParameters: "query" }),
  );
  expect(propertiesOf(await get("apis/a/operations/Chat"))).toMatchObject({
    urlTemplate: "/deployments/{deployment-id}/chat",
  });
});

test("importing again keeps policies of operations that stay and takes along those that go", async () => {
  const { put, get, settle, remove } = await start();
  await put("backends/a", single);
  await settle(await put("apis/a", importBody("chat", "Chat", "Image")));
  await put("apis/a/operations/Chat/policies/policy", policy);
  await put("apis/a/operations/Image/policies/policy", policy);
  const before = (await get("apis/a/operations/Chat/policies/policy")).headers.get("etag");
  expect((await settle(await put("apis/a", importBody("chat", "chat", "Audio")))).status).toBe(200);
  expect(namesOf(await get("apis/a/operations"))).toEqual(["Audio", "Chat"]);
  expect((await get("apis/a/operations/Chat/policies/policy")).headers.get("etag")).toBe(before);
  expect((await get("apis/a/operations/Image/policies/policy")).status).toBe(404);
  expect(refusalOf(await remove("backends/a")).message).toBe(
    "The Backend 'a' is used by the following entities:\r\n/apis/a/operations/Chat/policies/policy\r\n",
  );
});

test("a PUT without a document changes properties only", async () => {
  const { put, get, settle } = await start();
  await settle(await put("apis/a", importBody("chat", "Chat")));
  expect((await put("apis/a", { path: "chat2", displayName: "C" })).status).toBe(200);
  expect(propertiesOf(await get("apis/a"))).toMatchObject({ path: "chat2", displayName: "C" });
  expect(namesOf(await get("apis/a/operations"))).toEqual(["Chat"]);
});

test.each([
  ["a broken document", { format: "openapi+json", value: '{"openapi": "3.0.1"' }],
  ["YAML as JSON", { format: "openapi+json", value: "openapi: 3.0.1" }],
  ["the wrong version", { format: "swagger-json", value: JSON.stringify(openApi("Chat")) }],
  ["an empty document", { format: "openapi", value: "openapi: 3.0.1\npaths: {}\n" }],
])("%s fails when polled, and nothing has changed", async (_, body) => {
  const { put, get, settle } = await start();
  const accepted = await put("apis/a", { path: "a", displayName: "A", ...body });
  expect(accepted.status).toBe(202);
  expect(detailsOf(await settle(accepted))).toEqual([
    expect.stringMatching(/^representation: Parsing error\(s\): /),
  ]);
  expect((await get("apis/a")).status).toBe(404);
  expect((await put("apis/a", { path: "a", displayName: "A" })).status).toBe(201);
});

test.each([
  [{ format: "openapi-link", value: "https://example.com/a.json" }, /does not fetch documents/],
  [{ format: "wsdl", value: "<x/>" }, /imports OpenAPI documents only/],
  [{ format: "openapi" }, /'value' should not be empty/],
  [{ value: "x" }, /'format' should not be empty/],
  [{ sourceApiId: "/apis/x" }, /does not copy APIs/],
  [{ apiVersionSetId: "/apiVersionSets/x" }, /API version set not found/],
])("%j is refused at once", async (body, message) => {
  const { put } = await start();
  const refused = await put("apis/a", { path: "a", displayName: "A", ...body });
  expect(JSON.stringify(detailsOf(refused))).toMatch(message);
});

test("two imports cannot end up with the same path", async () => {
  const clock = heldClock();
  const { put, settle } = await start({ clock });
  const first = await put("apis/a", importBody("same", "Chat"));
  const second = await put("apis/b", importBody("same", "Chat"));
  clock.wake();
  expect((await settle(first)).status).toBe(201);
  expect(detailsOf(await settle(second))).toEqual([expect.stringContaining("with the same Path 'same'")]);
});

test("polling for work that nobody started is a 404", async () => {
  const { put, call } = await start();
  await put("apis/a", { path: "a", displayName: "A" });
  expect((await call("GET", "apis/a", { query: { asyncId: "0", asyncCode: "201" } })).status).toBe(404);
});

test("YAML and Swagger 2.0", async () => {
  const { put, get, settle } = await start();
  const yaml =
    "openapi: 3.0.1\ninfo: { title: Y, version: '1' }\npaths:\n  /x:\n    get:\n      operationId: getX\n      responses: { '200': { description: OK } }\n";
  expect((await settle(await put("apis/y", { path: "y", format: "openapi", value: yaml }))).status).toBe(201);
  expect(namesOf(await get("apis/y/operations"))).toEqual(["getX"]);
  const swagger = {
    swagger: "2.0",
    info: { title: "S", version: "1" },
    host: "s.example.com",
    basePath: "/v1",
    paths: { "/x": { get: { operationId: "getX", responses: {} } } },
  };
  expect(
    (await settle(await put("apis/s", { path: "s", format: "swagger-json", value: JSON.stringify(swagger) })))
      .status,
  ).toBe(201);
  expect(propertiesOf(await get("apis/s"))).toMatchObject({
    displayName: "S",
    serviceUrl: "https://s.example.com/v1",
  });
});

const azureOpenAi = resolve(sharedRoot, "openapi/azure-openai-2025-03-01-preview.json");

test.skipIf(!existsSync(azureOpenAi))("Azure OpenAI's own document", async () => {
  const { put, get, settle } = await start();
  const body = { path: "openai", format: "openapi+json", value: readFileSync(azureOpenAi, "utf8") };
  expect((await settle(await put("apis/azure-openai", body))).status).toBe(201);
  const { value } = (await get("apis/azure-openai/operations")).body as {
    value: { properties: { urlTemplate: string } }[];
  };
  expect(value.map(({ properties }) => properties.urlTemplate)).toContain(
    "/deployments/{deployment-id}/chat/completions?api-version={api-version}",
  );
});

test("the document is kept for gateways that validate by it, through later writes and restarts, and never given back", async () => {
  const directory = temporaryDirectory();
  const known = (apim: LocalApim) => {
    const resources = gatewayResources(apim.services()[0]?.resources() ?? []);
    return gatewayConfig(resources, []).apis.map(({ id, openApi: text }) => [id, text]);
  };
  const first = await startLocalApim({ directory, importDelayMs: 0 });
  const { put, patch, get, settle } = client(first, directory);
  await settle(await put("apis/chat", importBody("chat", "Chat")));
  await put("apis/bare", { path: "bare", displayName: "Bare" });
  const expected = [
    ["chat", JSON.stringify(openApi("Chat"))],
    ["bare", undefined],
  ];
  expect(known(first)).toEqual(expected);
  await put("apis/chat", { path: "chat", displayName: "Other" });
  await patch("apis/chat", { description: "new" }, { "If-Match": "*" });
  expect(propertiesOf(await get("apis/chat"))).toMatchObject({ displayName: "Other", description: "new" });
  expect(propertiesOf(await get("apis/chat"))).not.toHaveProperty("value");
  expect(known(first)).toEqual(expected);
  await first.close();
  const second = await startLocalApim({ directory });
  expect(Object.fromEntries(known(second) as [string, unknown][])).toEqual(
    Object.fromEntries(expected as [string, unknown][]),
  );
  await second.close();
});
