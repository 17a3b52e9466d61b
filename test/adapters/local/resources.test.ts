import { describe, expect, test } from "vitest";
import {
  document,
  importBody,
  namesOf,
  propertiesOf,
  refusalOf,
  serviceId,
  single,
  start,
} from "./support.ts";
import type { Client } from "./support.ts";

type Case = {
  path: string;
  body: Record<string, unknown>;
  changed: Record<string, unknown>;
  prepare?: (client: Client) => Promise<unknown>;
};

const api = { path: "a", displayName: "A" };
const operation = { displayName: "Op", method: "GET", urlTemplate: "/x" };
const policy = { format: "xml", value: document("") };
const withApi = ({ put }: Client) => put("apis/a", api);

const cases: Case[] = [
  { path: "backends/b", body: single, changed: { ...single, title: "B" } },
  {
    path: "namedValues/n",
    body: { displayName: "n", value: "1" },
    changed: { displayName: "n", value: "2" },
  },
  {
    path: "loggers/l",
    body: { loggerType: "azureMonitor" },
    changed: { loggerType: "azureMonitor", description: "d" },
  },
  {
    path: "policyFragments/f",
    body: { value: "<fragment />" },
    changed: { value: "<fragment><base-line /></fragment>" },
  },
  { path: "apis/a", body: api, changed: { ...api, description: "d" } },
  {
    path: "apis/a/operations/o",
    body: operation,
    changed: { ...operation, description: "d" },
    prepare: withApi,
  },
  {
    path: "apis/a/policies/policy",
    body: policy,
    changed: { ...policy, value: document("<!-- x -->") },
    prepare: withApi,
  },
  {
    path: "apis/a/operations/o/policies/policy",
    body: policy,
    changed: { ...policy, value: document("<!-- x -->") },
    prepare: async (client) => [await withApi(client), await client.put("apis/a/operations/o", operation)],
  },
  {
    path: "apis/a/diagnostics/azuremonitor",
    body: { loggerId: "/loggers/l" },
    changed: { loggerId: "/loggers/l", verbosity: "error" },
    prepare: async (client) => [
      await withApi(client),
      await client.put("loggers/l", { loggerType: "azureMonitor" }),
    ],
  },
  {
    path: "diagnostics/azuremonitor",
    body: { loggerId: "/loggers/l" },
    changed: { loggerId: "/loggers/l", verbosity: "error" },
    prepare: (client) => client.put("loggers/l", { loggerType: "azureMonitor" }),
  },
  {
    path: "products/p",
    body: { displayName: "P", subscriptionRequired: false },
    changed: { displayName: "P", subscriptionRequired: false, description: "d" },
  },
  {
    path: "products/p/policies/policy",
    body: policy,
    changed: { ...policy, value: document("<!-- x -->") },
    prepare: ({ put }) => put("products/p", { displayName: "P" }),
  },
];

describe.each(cases)("$path", ({ path, body, changed, prepare }) => {
  const prepared = async () => {
    const client = await start();
    await prepare?.(client);
    return client;
  };

  test("is created, updated and deleted", async () => {
    const { put, get, call, remove, settle } = await prepared();
    expect((await get(path)).status).toBe(404);
    const created = await put(path, body);
    expect([created.status, created.body]).toMatchObject([
      201,
      { id: `${serviceId}/${path}`, name: path.split("/").at(-1) },
    ]);
    const updated = await put(path, changed);
    expect(updated.status).toBe(200);
    const seen = await get(path);
    expect(seen.body).toMatchObject({ id: `${serviceId}/${path}` });
    expect(namesOf(await get(path.slice(0, path.lastIndexOf("/"))))).toEqual([path.split("/").at(-1)]);
    expect((await call("HEAD", path)).headers.get("etag")).toBe(seen.headers.get("etag"));
    const removed = await settle(await remove(path));
    expect([200, 204]).toContain(removed.status);
    expect((await get(path)).status).toBe(404);
    expect((await remove(path)).status).toBe(204);
  });

  test("has an ETag that guards writes", async () => {
    const { put, get, remove } = await prepared();
    const missing = await put(path, body, { "If-Match": "*" });
    expect(refusalOf(missing)).toMatchObject({ status: 412, code: "PreconditionFailed" });
    const first = (await put(path, body, { "If-None-Match": "*" })).headers.get("etag") ?? "";
    expect(first).toMatch(/^"[^"]+"$/);
    expect((await put(path, body, { "If-None-Match": "*" })).status).toBe(412);
    const second = (await put(path, changed, { "If-Match": first })).headers.get("etag") ?? "";
    expect(second).not.toBe(first);
    const late = await put(path, body, { "If-Match": first });
    expect(refusalOf(late)).toMatchObject({
      status: 412,
      message: "Resource was modified since last retrieval.",
    });
    expect((await get(path)).headers.get("etag")).toBe(second);
    expect(refusalOf(await remove(path, {}))).toMatchObject({ status: 400, code: "ValidationError" });
    expect((await remove(path, { "If-Match": first })).status).toBe(412);
    expect([200, 202]).toContain((await remove(path, { "If-Match": second })).status);
  });
});

test.each([
  ["apis/none/operations", "API not found."],
  ["apis/none/operations/o", "API not found."],
  ["apis/none/operations/o/policies/policy", "API not found."],
  ["apis/a/operations/none/policies/policy", "Operation not found."],
  ["apis/a/operations/none/policies", "Operation not found."],
  ["apis/a/policies/policy", "Policy not found."],
  ["products/none/apis", "Product not found."],
  ["backends/none", "Backend not found."],
  ["loggers/none", "Logger not found."],
])("GET %s without what it needs: %s", async (path, message) => {
  const { put, get } = await start();
  await put("apis/a", api);
  expect((await get(path)).body).toEqual({ error: { code: "ResourceNotFound", message, details: null } });
});

test("writing below something that is not there is a 404", async () => {
  const { put } = await start();
  expect(refusalOf(await put("apis/none/operations/o", operation))).toMatchObject({
    status: 404,
    message: "API not found.",
  });
  await put("apis/a", api);
  const reply = await put("apis/a/operations/none/policies/policy", policy);
  expect(refusalOf(reply)).toMatchObject({ status: 404, message: "Operation not found." });
});

test("PATCH merges into what is there, and null takes away", async () => {
  const { put, patch } = await start();
  await put("backends/b", {
    ...single,
    title: "T",
    description: "D",
    tls: { validateCertificateChain: true, validateCertificateName: true },
  });
  const patched = await patch("backends/b", { title: null, tls: { validateCertificateName: false } });
  expect(patched.status).toBe(200);
  expect(propertiesOf(patched)).toMatchObject({
    title: null,
    description: "D",
    url: single.url,
    tls: { validateCertificateChain: true, validateCertificateName: false },
  });
  expect((await patch("backends/b", {}, {})).status).toBe(400);
  expect((await patch("backends/b", {}, { "If-Match": '"old"' })).status).toBe(412);
  expect((await patch("backends/none", {})).status).toBe(404);
});

test("lists come in pages of 100, sorted by name, with a link to the next", async () => {
  const { put, get, endpoint } = await start();
  const names = Array.from({ length: 205 }, (_, index) => `b${String(index).padStart(3, "0")}`);
  for (const name of [...names].reverse()) await put(`backends/${name}`, single);
  const pages: string[][] = [];
  let query: Record<string, string> | undefined = {};
  while (query !== undefined) {
    const reply = await get("backends", query);
    pages.push(namesOf(reply));
    const { nextLink, count } = reply.body as { nextLink?: string; count: number };
    expect(count).toBe(205);
    expect(nextLink === undefined || nextLink.startsWith(`${endpoint}${serviceId}/backends?`)).toBe(true);
    query = nextLink === undefined ? undefined : Object.fromEntries(new URL(nextLink).searchParams);
  }
  expect(pages.map((page) => page.length)).toEqual([100, 100, 5]);
  expect(pages.flat()).toEqual(names);
});

test.each([
  [{ $top: "2" }, ["b0", "b1"]],
  [{ $skip: "3" }, ["b3"]],
  [{ $top: "1", $skip: "1" }, ["b1"]],
  [{ $skip: "9" }, []],
])("$skip and $top: %j", async (query, expected) => {
  const { put, get } = await start();
  for (const name of ["b0", "b1", "b2", "b3"]) await put(`backends/${name}`, single);
  const reply = await get("backends", query);
  expect(namesOf(reply)).toEqual(expected);
  expect(reply.body).not.toHaveProperty("nextLink");
});

test("$top must be a number", async () => {
  const { get } = await start();
  expect((await get("backends", { $top: "many" })).status).toBe(400);
});

test("an id is checked when a resource is made", async () => {
  const { put } = await start();
  expect((await put("backends/gpt-4.1", single)).status).toBe(400);
  expect((await put(`backends/${"b".repeat(81)}`, single)).status).toBe(400);
  expect((await put("apis/a;rev=x", api)).status).toBe(400);
  expect((await put("policies/other", policy)).status).toBe(400);
});

test("products link APIs without bodies", async () => {
  const { call, get, put } = await start();
  await put("products/p", { displayName: "P" });
  expect((await call("PUT", "products/p/apis/a")).status).toBe(404);
  await put("apis/A", api);
  expect((await call("HEAD", "products/p/apis/a")).status).toBe(404);
  const made = await call("PUT", "products/p/apis/a");
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    type: "Microsoft.ApiManagement/service/products/apis",
    properties: { path: "a" },
  });
  expect(refusalOf(await call("PUT", "products/p/apis/a"))).toMatchObject({
    status: 409,
    message: "Link already exists between specified Product and Api.",
    details: null,
  });
  expect((await call("HEAD", "products/p/apis/a")).status).toBe(204);
  expect(namesOf(await get("products/p/apis"))).toEqual(["a"]);
  expect(namesOf(await get("apis/a/products"))).toEqual(["p"]);
  expect((await call("DELETE", "products/p/apis/a")).status).toBe(200);
  expect((await call("DELETE", "products/p/apis/a")).status).toBe(204);
});

test("a product that asks for subscriptions has one, and is not deleted without it", async () => {
  const { call, put, remove, get } = await start();
  const headers = { "If-Match": "*" };
  await put("products/p", { displayName: "P" });
  expect(refusalOf(await remove("products/p"))).toEqual({
    status: 400,
    code: "ValidationError",
    message: expect.stringMatching(
      /^Product cannot be deleted since it has existing subscriptions\./,
    ) as unknown,
    details: null,
  });
  const taken = await call("DELETE", "products/p", { headers, query: { deleteSubscriptions: "true" } });
  expect(taken.status).toBe(200);
  expect((await get("products/p")).status).toBe(404);
  await put("products/open", { displayName: "Open", subscriptionRequired: false });
  expect((await remove("products/open")).status).toBe(200);
});

test("deleting an API takes along everything below it and its links", async () => {
  const { call, put, get, remove, settle } = await start();
  await put("products/p", { displayName: "P" });
  await settle(await put("apis/a", importBody("chat", "Chat")));
  await put("apis/a/policies/policy", policy);
  await put("apis/a/operations/Chat/policies/policy", policy);
  await call("PUT", "products/p/apis/a");
  const removed = await remove("apis/a");
  expect(removed.status).toBe(202);
  expect((await settle(removed)).status).toBe(204);
  expect(namesOf(await get("products/p/apis"))).toEqual([]);
  await put("apis/a", api);
  expect(namesOf(await get("apis/a/operations"))).toEqual([]);
  expect((await get("apis/a/policies/policy")).status).toBe(404);
});

test("allPolicies lists where there are documents", async () => {
  const { put, get } = await start();
  await put("apis/a", api);
  await put("apis/a/policies/policy", policy);
  const { value } = (await get("allPolicies")).body as { value: { id: string }[] };
  expect(value.map(({ id }) => id.slice(serviceId.length))).toEqual([
    "/policies/policy",
    "/apis/a/policies/policy",
  ]);
});

test("an API has no schemas and releases, and one revision", async () => {
  const { put, get } = await start();
  await put("apis/a", api);
  expect(namesOf(await get("apis/a/schemas"))).toEqual([]);
  expect(namesOf(await get("apis/a/releases"))).toEqual([]);
  expect((await get("apis/a/revisions")).body).toMatchObject({
    value: [{ apiRevision: "1", isCurrent: true }],
  });
});

test.each([
  [{ displayName: "P", subscriptionRequired: false, approvalRequired: true }, 400],
  [{ displayName: "P", subscriptionRequired: false, approvalRequired: false }, 201],
  [{ displayName: "Taken" }, 400],
  [{ displayName: "P", state: "draft" }, 400],
  [{}, 400],
])("a product %j: %i", async (body, status) => {
  const { put } = await start();
  await put("products/other", { displayName: "Taken" });
  expect((await put("products/p", body)).status).toBe(status);
});

test("what a service fills in", async () => {
  const { put, get } = await start();
  await put("loggers/l", { loggerType: "azureMonitor" });
  await put("apis/a", { ...api, subscriptionKeyParameterNames: { header: "api-key" } });
  await put("products/p", { displayName: "P" });
  await put("diagnostics/azuremonitor", { loggerId: "/loggers/L" });
  expect(propertiesOf(await get("apis/a"))).toMatchObject({
    apiRevision: "1",
    isCurrent: true,
    protocols: ["https"],
    subscriptionRequired: true,
    type: "http",
    subscriptionKeyParameterNames: { header: "api-key", query: "subscription-key" },
    authenticationSettings: { oAuth2: null },
  });
  expect(propertiesOf(await get("products/p"))).toMatchObject({
    state: "notPublished",
    subscriptionRequired: true,
  });
  expect(propertiesOf(await get("loggers/l"))).toMatchObject({ isBuffered: true });
  expect(propertiesOf(await get("diagnostics/azuremonitor"))).toMatchObject({
    loggerId: `${serviceId}/loggers/l`,
    sampling: { samplingType: "fixed", percentage: 100 },
    frontend: null,
    backend: null,
  });
});

test.each([
  [
    { path: "a", displayName: "B" },
    "path: Cannot create API 'b' with the same Path 'a' as API 'a'  unless it's a part of the same version set",
  ],
  [{ displayName: "B" }, "path: 'path' should not be empty."],
  [{ path: "b" }, "displayName: 'displayName' should not be empty."],
  [
    { path: "b", displayName: "B", type: "rest" },
    "type: 'type' must be one of: http, soap, websocket, graphql, odata, grpc.",
  ],
  [
    { path: "b", displayName: "B", protocols: ["tcp"] },
    "protocols[0]: 'protocols[0]' must be one of: http, https, ws, wss.",
  ],
])("an API %j is refused", async (body, detail) => {
  const { put } = await start();
  await put("apis/a", api);
  expect(refusalOf(await put("apis/b", body))).toMatchObject({ status: 400, details: [detail] });
});

test.each([
  [
    { ...operation, urlTemplate: "/{id}" },
    "templateParameters: All template parameters used in the UriTemplate must be defined in the Operation; missing: id.",
  ],
  [operation, "urlTemplate: Operation with the same method and URL template already exists"],
  [{ displayName: "x", method: "GET" }, "urlTemplate: 'urlTemplate' should not be empty."],
])("an operation %j is refused", async (body, detail) => {
  const { put } = await start();
  await put("apis/a", api);
  await put("apis/a/operations/first", operation);
  expect(refusalOf(await put("apis/a/operations/second", body))).toMatchObject({
    status: 400,
    details: [detail],
  });
});

test("a diagnostic needs its logger, and the logger stays while it is needed", async () => {
  const { put, remove } = await start();
  expect(refusalOf(await put("diagnostics/azuremonitor", { loggerId: "/loggers/none" }))).toMatchObject({
    details: ["loggerId: Logger not found"],
  });
  await put("loggers/l", { loggerType: "azureMonitor" });
  await put("diagnostics/azuremonitor", { loggerId: `${serviceId}/loggers/l` });
  expect(refusalOf(await remove("loggers/l"))).toMatchObject({
    status: 400,
    message: "The Logger 'l' is used by the following entities:\r\n/diagnostics/azuremonitor\r\n",
    details: null,
  });
  await remove("diagnostics/azuremonitor");
  expect((await remove("loggers/l")).status).toBe(200);
});
