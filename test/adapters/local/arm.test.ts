import { expect, test } from "vitest";
import type { Fault } from "../../../src/adapters/local/faults.ts";
import { refusalOf, send, serviceId, single, start, subscriptionId } from "./support.ts";

const backends = `${serviceId}/backends?api-version=2024-05-01`;

test.each([
  ["no api-version", `${serviceId}/backends`, {}, 400, "MissingApiVersionParameter"],
  [
    "an api-version that is not served",
    `${serviceId}/backends?api-version=2020-01-01`,
    {},
    400,
    "InvalidApiVersionParameter",
  ],
  ["no Authorization", backends, { Authorization: "" }, 401, "AuthenticationFailed"],
  ["another scheme", backends, { Authorization: "Basic eDp5" }, 401, "AuthenticationFailed"],
  ["an unknown type", `${serviceId}/gateways?api-version=2024-05-01`, {}, 404, "InvalidResourceType"],
  ["an unknown path", "/elsewhere?api-version=2024-05-01", {}, 404, "InvalidResourceType"],
  [
    "a malformed subscription",
    `${serviceId.replace(subscriptionId, "x")}?api-version=2024-05-01`,
    {},
    400,
    "InvalidSubscriptionId",
  ],
  ["an impossible service name", `${serviceId}_?api-version=2024-05-01`, {}, 404, "ResourceNotFound"],
  ["an encoded slash", `${serviceId}/backends/a%2Fb?api-version=2024-05-01`, {}, 400, "InvalidRequestUri"],
  ["broken encoding", `${serviceId}/backends/%E0%A4%A?api-version=2024-05-01`, {}, 400, "InvalidRequestUri"],
  ["an empty segment", `${serviceId}//backends?api-version=2024-05-01`, {}, 400, "InvalidRequestUri"],
])("ARM refuses %s", async (_, path, headers, status, code) => {
  const { endpoint } = await start();
  const reply = await send(`${endpoint}${path}`, "GET", { headers });
  expect(refusalOf(reply)).toMatchObject({ status, code });
});

test.each([
  ["POST", "backends"],
  ["PUT", "backends"],
  ["POST", "backends/x"],
  ["PATCH", "policies/policy"],
  ["GET", "products/p/apis/a"],
  ["PUT", "allPolicies"],
  ["DELETE", ""],
])("%s %s is 405", async (method, path) => {
  const { call } = await start();
  const reply = await call(method, path);
  expect(refusalOf(reply)).toMatchObject({ status: 405, code: "MethodNotAllowed" });
  expect(reply.headers.get("allow")).toMatch(/GET|HEAD/);
});

test("any service exists, has a tier and holds nothing but the global policy", async () => {
  const { get } = await start();
  expect((await get("")).body).toMatchObject({
    id: serviceId,
    type: "Microsoft.ApiManagement/service",
    name: "apimService1",
    sku: { name: "StandardV2", capacity: 1 },
    properties: { provisioningState: "Succeeded" },
  });
  for (const path of [
    "backends",
    "namedValues",
    "loggers",
    "policyFragments",
    "apis",
    "products",
    "diagnostics",
  ]) {
    expect((await get(path)).body).toEqual({ value: [], count: 0 });
  }
  expect((await get("policies/policy")).body).toMatchObject({
    name: "policy",
    type: "Microsoft.ApiManagement/service/policies",
  });
});

test("services are stores of their own, and paths do not care about case", async () => {
  const { put, call } = await start();
  expect((await put("backends/Chat", single)).status).toBe(201);
  const upper = serviceId.toUpperCase().replace("/SUBSCRIPTIONS", "/subscriptions");
  const seen = await call("GET", "BACKENDS/cHAT", { id: upper });
  expect(seen.body).toMatchObject({
    id: `${serviceId}/backends/Chat`,
    name: "Chat",
    type: "Microsoft.ApiManagement/service/backends",
  });
  expect((await call("PUT", "backends/CHAT", { body: { properties: single } })).status).toBe(200);
  expect(
    (await call("GET", "backends", { id: serviceId.replace("apimService1", "other") })).body,
  ).toMatchObject({ count: 0 });
});

test.each([
  ["not JSON", "{", 400, "InvalidRequestContent"],
  ["no object", "[]", 400, "ValidationError"],
  ["nothing", "", 400, "ValidationError"],
  ["no properties", "{}", 400, "ValidationError"],
  ["more than 8 MB", `{"x":"${"x".repeat(8 * 1024 * 1024)}"}`, 413, "RequestEntityTooLarge"],
])("a body that is %s", async (_, text, status, code) => {
  const { endpoint } = await start();
  const url = `${endpoint}${serviceId}/backends/x?api-version=2024-05-01`;
  const response = await fetch(url, { method: "PUT", headers: { Authorization: "Bearer t" }, body: text });
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ error: { code } });
});

test("it listens on loopback only", async () => {
  const { endpoint } = await start();
  expect(new URL(endpoint).hostname).toBe("127.0.0.1");
});

test("a port that is taken is said to be taken", async () => {
  const { endpoint } = await start();
  await expect(start({ port: Number(new URL(endpoint).port) })).rejects.toMatchObject({
    code: "LOCAL.PORT_IN_USE",
  });
});

test("faults answer in place of the service, once if the hook says so", async () => {
  const queue: Fault[] = [
    {
      status: 429,
      code: "SubscriptionRequestsThrottled",
      message: "Try again.",
      headers: { "Retry-After": "1" },
    },
    { status: 500, code: "InternalServerError", message: "Oops." },
  ];
  const seen: string[] = [];
  const { get } = await start({
    faults: ({ method, path }) => {
      seen.push(`${method} ${path}`);
      return queue.shift();
    },
  });
  const throttled = await get("backends");
  expect([throttled.status, throttled.headers.get("retry-after")]).toEqual([429, "1"]);
  expect(refusalOf(await get("backends"))).toMatchObject({ status: 500, message: "Oops." });
  expect((await get("backends")).status).toBe(200);
  expect(seen).toEqual(["GET backends", "GET backends", "GET backends"]);
});

test.each([
  ["before", 404],
  ["after", 200],
] as const)("a connection that drops %s the work", async (drop, status) => {
  let isBroken = true;
  const { put, get } = await start({ faults: () => (isBroken ? { drop } : undefined) });
  await expect(put("backends/x", single)).rejects.toThrow();
  isBroken = false;
  expect((await get("backends/x")).status).toBe(status);
});

test("a bug inside is a 500 with its message, and the server lives on", async () => {
  let isBroken = true;
  const { get } = await start({
    faults: () => {
      if (isBroken) throw new Error("a bug in a hook");
      return undefined;
    },
  });
  expect(refusalOf(await get("backends"))).toMatchObject({
    status: 500,
    code: "InternalServerError",
    message: "a bug in a hook",
  });
  isBroken = false;
  expect((await get("backends")).status).toBe(200);
});
