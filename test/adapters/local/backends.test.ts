import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { sharedRoot } from "../../support/shared-data.ts";
import { detailsOf, document, propertiesOf, refusalOf, serviceId, single, start } from "./support.ts";

const rule = {
  name: "r",
  failureCondition: { count: 3, interval: "PT1M", statusCodeRanges: [{ min: 429, max: 429 }] },
  tripDuration: "PT1M",
};
const breaker = (...rules: unknown[]) => ({ ...single, circuitBreaker: { rules } });
const member = (id: string, rest: object = {}) => ({ id, ...rest });
const pool = (...services: unknown[]) => ({ type: "Pool", pool: { services } });

test.each([
  ["no url", { protocol: "http" }, ["url: 'url' should not be empty."]],
  ["no protocol", { url: single.url }, ["protocol: 'protocol' should not be empty."]],
  ["protocol https", { ...single, protocol: "https" }, ["protocol: Protocol is not supported"]],
  [
    "a relative url",
    { ...single, url: "a.example.com" },
    ["url: 'a.example.com' is not an absolute http or https URL."],
  ],
  [
    "half a tls object",
    { ...single, tls: { validateCertificateChain: true } },
    ["tls.validateCertificateName: Default backend property required"],
  ],
  [
    "an unknown certificate",
    { ...single, credentials: { certificate: ["ABC"] } },
    ["credentials.certificate[0]: Certificate with thumbprint 'ABC' not found."],
  ],
  [
    "half an authorization",
    { ...single, credentials: { authorization: { scheme: "Basic" } } },
    ["credentials.authorization.parameter: 'parameter' should not be empty."],
  ],
  [
    "an unknown named value",
    { ...single, credentials: { header: { "x-key": ["{{nope}}"] } } },
    ["credentials: Cannot find a property 'nope'"],
  ],
  ["another type", { ...single, type: "Multi" }, ["type: 'type' must be one of: Single, Pool."]],
  [
    "a pool in a single",
    { ...single, pool: { services: [] } },
    ["pool: Pool is not supported for a backend of type Single."],
  ],
  [
    "two breaker rules",
    breaker(rule, { ...rule, name: "s" }),
    ["circuitBreaker.rules: Only one circuit breaker rule is supported."],
  ],
  [
    "a rule without condition",
    breaker({ ...rule, failureCondition: undefined }),
    ["circuitBreaker.rules[0].failureCondition: failureCondition must not be empty"],
  ],
  [
    "a bad duration",
    breaker({ ...rule, tripDuration: "1m" }),
    [
      "circuitBreaker.rules[0].tripDuration: 'circuitBreaker.rules[0].tripDuration' must be an ISO 8601 duration, such as PT1M.",
    ],
  ],
  [
    "a status below 200",
    breaker({
      ...rule,
      failureCondition: { ...rule.failureCondition, statusCodeRanges: [{ min: 100, max: 599 }] },
    }),
    [
      "circuitBreaker.rules[0].failureCondition.statusCodeRanges[0].min: 'circuitBreaker.rules[0].failureCondition.statusCodeRanges[0].min' must be between 200 and 599.",
    ],
  ],
  [
    "a title that is too long",
    { ...single, title: "t".repeat(301) },
    ["title: 'title' must be between 1 and 300 characters long."],
  ],
  [
    "a pool with what only singles have",
    {
      ...pool(member("/backends/a")),
      url: "http://localhost",
      protocol: "http",
      circuitBreaker: { rules: [rule] },
    },
    [
      "url: Url is not supported for backend pool.",
      "protocol: Protocol is not supported for backend pool.",
      "circuitBreaker: CircuitBreaker is not supported for backend pool.",
    ],
  ],
  ["a pool without pool", { type: "Pool" }, ["pool: 'pool' should not be empty."]],
  ["a pool without members", pool(), ["pool.services: 'pool.services' should not be empty."]],
  [
    "a pool of 31",
    pool(...Array.from({ length: 31 }, () => member("/backends/a"))),
    ["pool.services: 'pool.services' must have at most 30 items."],
  ],
  [
    "a weight over 100",
    pool(member("/backends/a", { weight: 101 })),
    ["pool.services[0].weight: 'pool.services[0].weight' must be between 0 and 100."],
  ],
  [
    "a member that is not there",
    pool(member("/backends/none")),
    ["pool: Backend with id 'none' could not be found."],
  ],
  [
    "a member of another service",
    pool(member(`${serviceId}X/backends/a`)),
    ["pool: Backend with id 'a' could not be found."],
  ],
  [
    "a pool in a pool",
    pool(member("/backends/p")),
    ["pool: Backend with id 'p' is a pool and cannot be a member of a pool."],
  ],
])("%s is refused", async (_, body, details) => {
  const { put } = await start();
  await put("backends/a", single);
  await put("backends/p", pool(member("/backends/a")));
  expect(detailsOf(await put("backends/x", body))).toEqual(details);
});

test("defaults are filled in, what the service does not know is kept, members get full ids", async () => {
  const { put, get } = await start();
  await put("backends/Sweden", {
    ...breaker(rule),
    credentials: { managedIdentity: { resource: "https://x/" } },
  });
  expect(propertiesOf(await get("backends/sweden"))).toEqual({
    title: null,
    description: null,
    url: single.url,
    protocol: "http",
    type: "Single",
    credentials: { managedIdentity: { resource: "https://x/" } },
    circuitBreaker: { rules: [{ acceptRetryAfter: false, ...rule }] },
  });
  const services = [member(`${serviceId.toLowerCase()}/backends/sweden`, { priority: 1 })];
  await put("backends/chat", {
    type: "Pool",
    pool: { services, sessionAffinity: { sessionId: { source: "Cookie" } } },
  });
  expect(propertiesOf(await get("backends/chat"))).toEqual({
    title: null,
    description: null,
    type: "Pool",
    pool: {
      services: [{ id: `${serviceId}/backends/Sweden`, priority: 1 }],
      sessionAffinity: { sessionId: { source: "Cookie" } },
    },
  });
});

test("a member of a pool cannot become a pool", async () => {
  const { put } = await start();
  await put("backends/a", single);
  await put("backends/b", single);
  await put("backends/chat", pool(member("/backends/a")));
  expect(detailsOf(await put("backends/a", pool(member("/backends/b"))))).toEqual([
    "type: Backend is a member of the pool 'chat' and cannot be a pool.",
  ]);
});

test("a backend in use stays, and its users are named", async () => {
  const { put, remove } = await start();
  await put("backends/a", single);
  await put("backends/chat", pool(member("/backends/A")));
  await put("policies/policy", {
    value: document('<set-backend-service backend-id="a" />').replaceAll("<base />", ""),
  });
  const refused = await remove("backends/a");
  expect(refusalOf(refused)).toEqual({
    status: 400,
    code: "ValidationError",
    message: "The Backend 'a' is used by the following entities:\r\n/backends/chat\r\n/policies/policy\r\n",
    details: null,
  });
  expect((await remove("backends/chat")).status).toBe(200);
  expect((await remove("policies/policy")).status).toBe(200);
  expect((await remove("backends/a")).status).toBe(200);
});

type BadCase = {
  id: string;
  backend?: { properties: Record<string, unknown> };
  resourceName?: string;
  serviceMessage: string | null;
  needs?: string;
};

const badFile = resolve(sharedRoot, "corpus/bad/errors.json");
const bad = existsSync(badFile) ? (JSON.parse(readFileSync(badFile, "utf8")) as BadCase[]) : [];
if (bad.length === 0) console.warn(`no recorded refusals: ${badFile} is not there`);

describe.skipIf(bad.length === 0)("refusals people have reported", () => {
  // The local APIM is of one tier, StandardV2: what only another tier refuses cannot be refused here.
  test.each(bad.filter(({ backend, needs }) => backend !== undefined && needs === undefined))(
    "$id",
    async ({ backend, resourceName, serviceMessage }) => {
      const { put } = await start();
      await put("backends/b0", single);
      const reply = await put(`backends/${resourceName ?? "x"}`, backend?.properties);
      expect(reply.status).toBe(400);
      expect(JSON.stringify(reply.body)).toContain(serviceMessage ?? "");
    },
  );
});
