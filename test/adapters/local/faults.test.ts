import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { parseFaultFile } from "../../../src/adapters/local/fault-file.ts";
import { createFaults } from "../../../src/adapters/local/fault-rules.ts";
import type { Clock } from "../../../src/core/ports.ts";
import { detailsOf, document, importBody, propertiesOf, refusalOf, single, start } from "./support.ts";
import type { Client } from "./support.ts";

function faultsOf(text: string) {
  const { settings, problems } = parseFaultFile(text, "faults.yaml");
  if (settings === undefined) throw new Error(problems.map(({ message }) => message).join("\n"));
  return createFaults(settings);
}

const startWith = (text: string, clock?: Clock): Promise<Client> =>
  start({ faults: faultsOf(text), ...(clock === undefined ? {} : { clock }) });

/** A clock that is set by hand; sleeping takes no time and is remembered. */
function handClock() {
  const slept: number[] = [];
  let now = Date.UTC(2026, 0, 1);
  const clock: Clock = {
    now: () => new Date(now),
    sleep: (milliseconds) => {
      slept.push(milliseconds);
      return Promise.resolve();
    },
  };
  return { clock, slept, pass: (milliseconds: number) => (now += milliseconds) };
}

const statuses = async (count: number, call: () => Promise<{ status: number }>): Promise<number[]> => {
  const found: number[] = [];
  for (let index = 0; index < count; index += 1) found.push((await call()).status);
  return found;
};

test.each([
  ["nth: 2", [200, 503, 200, 200, 200, 200]],
  ["nth: [1, 3]", [503, 200, 503, 200, 200, 200]],
  ["every: 3", [200, 200, 503, 200, 200, 503]],
  ["every: 2, times: 1", [200, 503, 200, 200, 200, 200]],
  ["times: 2", [503, 503, 200, 200, 200, 200]],
  ["probability: 0", [200, 200, 200, 200, 200, 200]],
  ["probability: 1", [503, 503, 503, 503, 503, 503]],
])("a rule with %s takes these requests", async (match, expected) => {
  const { get } = await startWith(`rules: [{ match: { ${match} }, status: 503 }]`);
  expect(await statuses(6, () => get("backends"))).toEqual(expected);
});

test("chance is the same for the same seed, and no rule disturbs another", async () => {
  const rule = "{ match: { method: GET, probability: 0.5 }, status: 500 }";
  const run = async (text: string) => {
    const { get } = await startWith(text);
    return statuses(20, () => get("backends"));
  };
  const first = await run(`seed: 7\nrules: [${rule}]`);
  expect(new Set(first)).toEqual(new Set([200, 500]));
  expect(await run(`seed: 7\nrules: [${rule}, { match: { probability: 0.5 }, delay: 1ms }]`)).toEqual(first);
  expect(await run(`seed: 8\nrules: [${rule}]`)).not.toEqual(first);
});

test.each([
  ["path: backends/*", ["backends/a"]],
  ["path: BACKENDS/a*", ["backends/a"]],
  ["path: '**'", ["", "backends", "backends/a", "apis/x/operations/y"]],
  ["path: 'apis/**'", ["apis/x/operations/y"]],
  ["path: ''", [""]],
  ["path: '*'", ["", "backends"]],
  ["method: [PUT, DELETE]", []],
])("a rule for %s is about these paths", async (match, expected) => {
  const { get } = await startWith(`rules: [{ match: { ${match} }, status: 503 }]`);
  const found: string[] = [];
  for (const path of ["", "backends", "backends/a", "apis/x/operations/y"])
    if ((await get(path)).status === 503) found.push(path);
  expect(found).toEqual(expected);
});

test.each([
  [
    "status: 409",
    { status: 409, code: "PessimisticConcurrencyConflict", message: "Operation on the API is in progress" },
  ],
  ["status: 412", { status: 412, code: "PreconditionFailed" }],
  ["status: 422", { status: 422, code: "ManagementApiRequestFailed" }],
  ["status: 403", { status: 403, code: "AuthorizationFailed" }],
  ["status: 418, code: Teapot", { status: 418, code: "Teapot", message: "Teapot" }],
  [
    "status: 409, code: Conflict, message: Link already exists",
    { status: 409, code: "Conflict", message: "Link already exists" },
  ],
])("an answer of %s has these words, and nothing is done", async (effect, expected) => {
  const { put, get } = await startWith(`rules: [{ match: { method: PUT }, ${effect} }]`);
  expect(refusalOf(await put("backends/a", single))).toMatchObject({ ...expected, details: null });
  expect((await get("backends/a")).status).toBe(404);
});

test("headers of a rule go over the usual ones", async () => {
  const { get } = await startWith(
    "rules:\n  - { match: { nth: 1 }, status: 429 }\n  - { status: 429, headers: { Retry-After: 7 } }\n",
  );
  expect((await get("backends")).headers.get("retry-after")).toBe("1");
  expect((await get("backends")).headers.get("retry-after")).toBe("7");
});

test.each([
  ["before", 404],
  ["after", 200],
])("a connection that drops %s the work", async (drop, status) => {
  const { put, get } = await startWith(`rules: [{ match: { method: PUT }, drop: ${drop} }]`);
  await expect(put("backends/a", single)).rejects.toThrow();
  expect((await get("backends/a")).status).toBe(status);
});

test.each([
  ["latency: 20ms", [20]],
  ["rules: [{ delay: 2s }]", [2000]],
  ["rules: [{ delay: { after: PT1M } }, { delay: { before: 1s } }]", [1000, 60_000]],
  ["latency: 5ms\nrules: [{ delay: 1s }, { delay: 2s }]", [3005]],
])("%j is slow", async (text, expected) => {
  const { clock, slept } = handClock();
  const { get } = await startWith(text, clock);
  await get("backends");
  expect(slept).toEqual(expected);
});

test("latency is drawn from a range", async () => {
  const { clock, slept } = handClock();
  const { get } = await startWith("latency: { min: 10ms, max: 30ms }", clock);
  await statuses(20, () => get("backends"));
  expect(slept).toHaveLength(20);
  expect(slept.every((each) => each >= 10 && each <= 30)).toBe(true);
  expect(new Set(slept).size).toBeGreaterThan(10);
});

test("work done after a delay sees what came before it", async () => {
  const { put } = await startWith("rules: [{ match: { method: PUT, nth: 1 }, delay: 30ms }]");
  const slow = put("backends/a", single, { "If-None-Match": "*" });
  const quick = await put("backends/a", single, { "If-None-Match": "*" });
  expect([quick.status, (await slow).status]).toEqual([201, 412]);
});

test.each([
  ["backends/a", single, "touch"],
  ["backends/a", single, "edit"],
  ["namedValues/a", { displayName: "a", value: "v" }, "edit"],
  ["policies/policy", { value: document(""), format: "rawxml" }, "touch"],
  ["policies/policy", { value: document(""), format: "rawxml" }, "edit"],
])("somebody else gets at %s before a write: %#", async (path, body, race) => {
  const { put, get } = await startWith(`rules: [{ match: { method: PUT, nth: 2 }, race: ${race} }]`);
  await put(path, body);
  const before = await get(path);
  const etag = before.headers.get("etag") ?? "";
  expect((await put(path, body, { "If-Match": etag })).status).toBe(412);
  const after = await get(path);
  expect(after.headers.get("etag")).not.toBe(etag);
  if (race === "touch") expect(propertiesOf(after)).toEqual(propertiesOf(before));
  else expect(propertiesOf(after)).not.toEqual(propertiesOf(before));
  expect((await put(path, body, { "If-Match": after.headers.get("etag") ?? "" })).status).toBe(200);
});

test("a resource appears late, to reads of it, of what is below it and to lists", async () => {
  const { put, get, call } = await startWith("rules: [{ match: { method: PUT }, late: { reads: 4 } }]");
  expect((await put("products/p", { displayName: "P" })).status).toBe(201);
  expect(refusalOf(await get("products/p"))).toMatchObject({ status: 404, message: "Product not found." });
  expect((await call("HEAD", "products/p")).status).toBe(404);
  expect(refusalOf(await get("products/p/apis"))).toMatchObject({
    status: 404,
    message: "Product not found.",
  });
  expect((await get("products")).body).toMatchObject({ value: [] });
  expect((await get("products")).body).toMatchObject({ value: [{ name: "p" }] });
  expect((await get("products/p")).status).toBe(200);
  // It was there all along, and a write to what is there makes nothing late.
  expect((await put("products/p", { displayName: "P" })).status).toBe(200);
  expect((await get("products/p")).status).toBe(200);
});

test("a resource appears late, for a time", async () => {
  const { clock, pass } = handClock();
  const { put, get } = await startWith("rules: [{ late: { for: 30s } }]", clock);
  await put("backends/a", single);
  pass(29_999);
  expect((await get("backends/a")).status).toBe(404);
  pass(1);
  expect((await get("backends/a")).status).toBe(200);
});

test("an import that fails shows it when it is polled, and leaves nothing behind", async () => {
  const { put, get, settle } = await startWith(
    "rules: [{ match: { path: apis/a, times: 1 }, failImport: { message: Cannot import } }]",
  );
  const first = await put("apis/a", importBody("a", "Chat"));
  expect(first.status).toBe(202);
  expect(refusalOf(await settle(first))).toMatchObject({ status: 400, message: "Cannot import" });
  expect((await get("apis/a")).status).toBe(404);
  expect((await settle(await put("apis/a", importBody("a", "Chat")))).status).toBe(201);
});

test("the deletion of an API that fails leaves it there", async () => {
  const { put, get, remove, settle } = await startWith(
    "rules: [{ match: { method: DELETE }, failImport: { status: 409, code: Conflict } }]",
  );
  await settle(await put("apis/a", importBody("a", "Chat")));
  expect((await settle(await remove("apis/a"))).status).toBe(409);
  expect((await get("apis/a")).status).toBe(200);
});

test("polls can be told from other reads", async () => {
  const { put, get, settle } = await startWith("rules: [{ match: { poll: true, nth: 1 }, status: 500 }]");
  const started = await put("apis/a", importBody("a", "Chat"));
  expect((await get("backends")).status).toBe(200);
  expect((await settle(started)).status).toBe(500);
  expect((await settle(started)).status).toBe(201);
});

test("a rate limit says what is left, refuses what is over it, and fills again", async () => {
  const { clock, pass } = handClock();
  const { get, put, remove } = await startWith(
    "rateLimit: { reads: { burst: 2, perSecond: 0.5 }, deletes: { burst: 1, perSecond: 0 } }",
    clock,
  );
  const left = "x-ms-ratelimit-remaining-subscription-reads";
  expect((await get("backends")).headers.get(left)).toBe("1");
  expect((await get("backends")).headers.get(left)).toBe("0");
  const throttled = await get("backends");
  expect([throttled.status, throttled.headers.get("retry-after"), throttled.headers.get(left)]).toEqual([
    429,
    "2",
    "0",
  ]);
  expect(refusalOf(throttled)).toMatchObject({ code: "SubscriptionRequestsThrottled" });
  pass(2000);
  expect(await statuses(2, () => get("backends"))).toEqual([200, 429]);
  // Each kind has a bucket of its own, and none has no limit.
  expect(await statuses(5, () => put("backends/a", single))).toEqual([201, 200, 200, 200, 200]);
  expect(await statuses(2, () => remove("backends/a"))).toEqual([200, 429]);
});

test("all rules that are due take effect, and the first end counts", async () => {
  const { clock, slept } = handClock();
  const { get } = await startWith(
    "rules: [{ delay: 1s }, { status: 500 }, { status: 403 }, { drop: before }]",
    clock,
  );
  expect((await get("backends")).status).toBe(500);
  expect(slept).toEqual([1000]);
});

test.each([
  ["rulse: []", "1:1 unknown-key unknown key `rulse`, did you mean `rules`?"],
  ["rules: {}", "1:8 wrong-type `rules`: expected a list, found a map"],
  ["- a", "1:1 wrong-type expected a map with keys such as `rules` and `latency`, found a list"],
  ["latency: 20", "1:10 wrong-type `latency`: expected a string or a map, found the number 20"],
  ["rules:\n  - { status: 200 }", "2:15 invalid-value `status`: expected at least 400, found the number 200"],
  ["rules:\n  - { status: 418 }", "2:5 invalid-value `rules[0]`: status 418 needs a `code`"],
  [
    "rules:\n  - { drop: never }",
    '2:13 invalid-value `drop`: expected `before` or `after`, found the string "never"',
  ],
  [
    "rules:\n  - { match: { path: x } }",
    "2:5 invalid-value `rules[0]`: a rule has exactly one effect of `status`, `drop`, `delay`, `race`, `late`, `failImport`",
  ],
  [
    "rules:\n  - { drop: before, status: 500 }",
    "2:5 invalid-value `rules[0]`: a rule has exactly one effect of `status`, `drop`, `delay`, `race`, `late`, `failImport`",
  ],
  ["rules:\n  - { drop: before, code: X }", "2:5 invalid-value `rules[0]`: `code` belongs to `status`"],
  [
    "rules:\n  - match: { method: FETCH }\n    drop: after",
    '2:22 invalid-value `method`: expected `GET`, `HEAD`, `PUT`, `PATCH`, `DELETE` or `POST`, found the string "FETCH"',
  ],
  [
    "rules:\n  - match: { nth: 0 }\n    drop: after",
    "2:19 invalid-value `nth`: expected at least 1, found the number 0",
  ],
  ["rules: [a", "1:9 yaml-syntax"],
])("says what is wrong with the file %j", (text, expected) => {
  const { problems, settings } = parseFaultFile(text, "faults.yaml");
  expect(settings).toBeUndefined();
  expect(problems.map(({ at, rule, message }) => `${at.line}:${at.column} ${rule} ${message}`)[0]).toContain(
    expected,
  );
});

test("the documentation's example is sound", () => {
  const page = readFileSync(resolve(import.meta.dirname, "../../../docs/local-apim.md"), "utf8");
  const example = /```yaml\n([^]*?)```/.exec(page)?.[1] ?? "";
  expect(example).toContain("rules:");
  expect(parseFaultFile(example, "faults.yaml").problems).toEqual([]);
});

test("an empty file has no faults", async () => {
  const { get } = await startWith("# nothing yet\n");
  expect((await get("backends")).status).toBe(200);
});

test("a field error of the service is answered as ever", async () => {
  const { put } = await startWith("rules: [{ match: { method: PUT }, race: edit }]");
  expect(detailsOf(await put("backends/a", { url: "https://a.example" }))).toEqual([
    "protocol: 'protocol' should not be empty.",
  ]);
});
