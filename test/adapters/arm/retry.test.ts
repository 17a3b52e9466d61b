import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../src/adapters/clock.ts";
import type { Clock, LiveService } from "../../../src/core/ports.ts";
import { armError, connect as connectTo, type Connected, failureOf, type Reply } from "./fake-arm.ts";

const open: Connected[] = [];

async function connect(...given: Parameters<typeof connectTo>): Promise<Connected> {
  const connected = await connectTo(...given);
  open.push(connected);
  return connected;
}

afterEach(async () => {
  for (const { arm } of open.splice(0)) await arm.close();
});

const good: Reply = { json: { name: "x", properties: {} } };
const busy: Reply = {
  status: 409,
  json: armError("PessimisticConcurrencyConflict", "Operation on the API is in progress"),
};

describe("trying again", () => {
  it.each<[string, Reply, string]>([
    ["409 another write on the API", busy, "another change is under way (409)"],
    [
      "409 with only the text",
      { status: 409, json: armError("Conflict", "Operation on the API is in progress.") },
      "another change is under way (409)",
    ],
    [
      "409 management endpoint",
      {
        status: 409,
        json: armError("ManagementApiRequestFailed", "Failed to connect to management endpoint"),
      },
      "another change is under way (409)",
    ],
    [
      "422",
      { status: 422, json: armError("ManagementApiRequestFailed", "Failed to connect") },
      "the service is still busy (422)",
    ],
    [
      "412 without an ETag of ours",
      { status: 412, json: armError("PreconditionFailed", "Resource was modified since last retrieval.") },
      "another write came between (412)",
    ],
    ["429", { status: 429, headers: { "Retry-After": "3" } }, "too many requests (429)"],
    ["500", { status: 500 }, "the service answered 500"],
    ["502 from a proxy", { status: 502, text: "<html></html>" }, "the service answered 502"],
    ["a dropped connection", "drop", "the connection was dropped"],
    ["an answer that is cut off", { text: "{", isCutOff: true }, "the connection was dropped"],
  ])("a write after %s", async (_, reply, reason) => {
    const { service, arm, retries } = await connect([reply, reply, good]);
    await service.put("backends/x", {}, { ifMatch: "*" });
    expect(arm.calls()).toEqual(Array(3).fill("PUT /backends/x"));
    expect(retries.map((event) => event.reason)).toEqual([reason, reason]);
    expect(retries[0]).toMatchObject({ method: "PUT", path: "backends/x", attempt: 1 });
  });

  it("waits twice as long each time, most of it by chance", async () => {
    const always = await connect([busy, busy, busy, good]);
    await always.service.put("apis/a", {});
    expect(always.clock.slept).toEqual([1000, 2000, 4000]);
    const never = await connect([busy, busy, busy, good], { internals: { random: () => 0 } });
    await never.service.put("apis/a", {});
    expect(never.clock.slept).toEqual([250, 500, 1000]);
  });

  it.each<[string, Record<string, string>, number]>([
    ["seconds", { "Retry-After": "17" }, 17_000],
    ["a date", { "Retry-After": "Thu, 01 Jan 2026 00:00:05 GMT" }, 5000],
    ["milliseconds", { "x-ms-retry-after-ms": "1500" }, 1500],
    ["nothing", {}, 1000],
  ])("honours a Retry-After in %s", async (_, headers, wait) => {
    const { service, clock } = await connect([{ status: 429, headers }, good], {
      internals: { random: () => 0 },
    });
    await service.get("backends/x");
    expect(clock.slept.reduce((sum, slept) => sum + slept, 0)).toBe(wait);
  });

  it.each<[string, Reply, number, string]>([
    ["409", busy, 14, "SERVICE.CONFLICT"],
    ["422", { status: 422, json: armError("ManagementApiRequestFailed", "busy") }, 14, "SERVICE.FAILED"],
    ["422 for another reason", { status: 422 }, 4, "SERVICE.FAILED"],
    ["412", { status: 412 }, 8, "SERVICE.CHANGED"],
    ["429", { status: 429, headers: { "Retry-After": "1" } }, 43, "SERVICE.THROTTLED"],
    ["429 that asks for a day", { status: 429, headers: { "Retry-After": "86400" } }, 1, "SERVICE.THROTTLED"],
    ["500", { status: 500 }, 6, "SERVICE.FAILED"],
    ["501", { status: 501 }, 1, "SERVICE.FAILED"],
    ["a dropped connection", "drop", 6, "SERVICE.UNREACHABLE"],
    ["400", { status: 400 }, 1, "SERVICE.REJECTED"],
    [
      "another 409",
      { status: 409, json: armError("Conflict", "Link already exists") },
      1,
      "SERVICE.CONFLICT",
    ],
  ])("gives up in the end: %s", async (_, reply, tries, code) => {
    const { service, arm, clock } = await connect([reply]);
    expect((await failureOf(service.put("backends/x", {}))).code).toBe(code);
    expect(arm.received).toHaveLength(tries);
    expect(clock.slept.reduce((sum, wait) => sum + wait, 0)).toBeLessThanOrEqual(300_000);
  });

  it("begins no new try after the deadline", async () => {
    const { service, arm, clock } = await connect([busy], { internals: { retryMilliseconds: 10_000 } });
    expect((await failureOf(service.put("apis/a", {}))).code).toBe("SERVICE.CONFLICT");
    expect(clock.slept).toEqual([1000, 2000, 4000]);
    expect(arm.received).toHaveLength(4);
  });

  it("counts what was sent again, by reason", async () => {
    const { service } = await connect([busy, "drop", busy, good]);
    expect(service.retried()).toEqual({});
    await service.put("apis/a", {});
    await service.get("apis/a");
    expect(service.retried()).toEqual({
      "another change is under way (409)": 2,
      "the connection was dropped": 1,
    });
  });

  it("lets other reads go on while some wait for another try", async () => {
    let wake = (): void => undefined;
    const awake = new Promise<void>((resolve) => (wake = resolve));
    const clock: Clock = { now: () => new Date(0), sleep: () => awake };
    const paths = Array.from({ length: 64 }, (_, index) => `backends/b${index}`);
    const stuck = new Set(paths.slice(0, 32).map((path) => `/${path}`));
    const { service } = await connect(
      ({ path }) => (stuck.delete(path) ? { status: 503 } : { json: { name: path, properties: {} } }),
      { clock },
    );
    const reads = paths.map((path) => service.get(path));
    await Promise.all(reads.slice(32));
    wake();
    await Promise.all(reads);
  });

  it.each([{ ifMatch: '"1"' }, { ifNoneMatch: "*" } as const])(
    "does not try again when %o is not met",
    async (condition) => {
      const { service, arm } = await connect([
        { status: 412, json: armError("PreconditionFailed", "modified") },
      ]);
      const failure = await failureOf(service.put("backends/x", {}, condition));
      expect(failure).toMatchObject({
        code: "SERVICE.CHANGED",
        status: 412,
        why: "the resource was changed since it was read",
      });
      expect(arm.received).toHaveLength(1);
    },
  );

  it("says that a lost earlier try may have made the change", async () => {
    const { service } = await connect(["drop", { status: 412 }]);
    const failure = await failureOf(service.put("backends/x", {}, { ifMatch: '"1"' }));
    expect(failure.why).toMatch(/or an earlier try of this very write/);
  });
});

describe("deadlines and interruption", () => {
  it("ends a request that is not answered", async () => {
    const { service, arm } = await connect(["hang"], { internals: { requestMilliseconds: 50 } });
    expect(await failureOf(service.get("backends/x"))).toMatchObject({
      code: "SERVICE.UNREACHABLE",
      status: undefined,
      message: expect.stringMatching(/no complete answer came in time/) as unknown,
    });
    expect(arm.received).toHaveLength(2);
  });

  it("ends a read when it is interrupted, with the reason", async () => {
    const stop = new AbortController();
    const { service } = await connect(
      () => {
        stop.abort(new Error("interrupted"));
        return "hang";
      },
      { signal: stop.signal },
    );
    await expect(service.get("backends/x")).rejects.toThrow("interrupted");
    await expect(service.put("backends/x", {})).rejects.toThrow("interrupted");
  });

  it("lets a write that was sent end", async () => {
    const stop = new AbortController();
    const { service, arm } = await connect(
      ({ method }) => {
        stop.abort(new Error("interrupted"));
        return method === "PUT" ? { status: 202, headers: { Location: "{origin}/op" } } : good;
      },
      { signal: stop.signal },
    );
    expect((await service.put("backends/x", {})).path).toBe("backends/x");
    expect(arm.calls()).toEqual(["PUT /backends/x", "GET /op"]);
  });

  it.each<[string, Reply, object]>([
    ["refused for now", busy, { code: "SERVICE.CONFLICT", status: 409 }],
    [
      "of which nothing came back",
      "drop",
      {
        code: "SERVICE.UNREACHABLE",
        why: expect.stringMatching(/whether `backends\/x` was written is not known/) as unknown,
      },
    ],
  ])("ends a write %s when it is interrupted, and says how", async (_, reply, expected) => {
    const stop = new AbortController();
    const { service, arm } = await connect([reply], {
      signal: stop.signal,
      clock: systemClock,
      onRetry: () => setTimeout(() => stop.abort(new Error("interrupted")), 10),
    });
    const started = Date.now();
    expect(await failureOf(service.put("backends/x", {}))).toMatchObject(expected);
    expect(Date.now() - started).toBeLessThan(900);
    expect(arm.received).toHaveLength(1);
    await expect(service.get("backends/x")).rejects.toThrow("interrupted");
  });

  it("still reads what a write has left behind once interrupted, but once only", async () => {
    const stop = new AbortController();
    stop.abort(new Error("interrupted"));
    const { service, arm } = await connect([good, { status: 503 }], {
      signal: stop.signal,
      clock: systemClock,
    });
    expect((await service.afterWrite.get("backends/x"))?.path).toBe("backends/x");
    expect(await failureOf(service.afterWrite.get("backends/x"))).toMatchObject({ status: 503 });
    expect(arm.received).toHaveLength(2);
  });

  it.each([
    ["reads", 25, (service: LiveService) => service.get("backends/x")],
    ["writes", 10, (service: LiveService) => service.put("backends/x", {})],
    ["deletes", 10, (service: LiveService) => service.remove("backends/x", "*")],
  ] as const)(
    "keeps to the pace of %s that the service allows when it says that little is left",
    async (kind, rate, call) => {
      const headers = { [`x-ms-ratelimit-remaining-subscription-${kind}`]: "5" };
      const { service, clock } = await connect([{ json: { name: "x", properties: {} }, headers }]);
      for (let count = 0; count < 11; count += 1) await call(service);
      const waited = clock.slept.reduce((sum, slept) => sum + slept, 0);
      expect(waited).toBe((10 / rate) * 1000);
    },
  );

  it("lets the pages of lists go before other reads, which may wait for them", async () => {
    const { service, arm } = await connect(({ path }) => ({
      json: { name: path, properties: {}, value: [], ...(path === "/apis" && { nextLink: "/page2" }) },
      afterMilliseconds: 5,
    }));
    const reads = Array.from({ length: 100 }, (_, index) => service.get(`backends/b${index}`));
    await Promise.all([...reads, service.list("apis")]);
    const calls = arm.calls();
    expect(calls.indexOf("GET /apis")).toBeLessThan(40);
    expect(calls.indexOf("GET /page2")).toBeLessThan(100);
  });

  it("serves thousands of reads at once, a few at a time", async () => {
    const { service, arm } = await connect(({ path }) => ({
      json: { name: path, properties: {} },
      afterMilliseconds: 5,
    }));
    const paths = Array.from({ length: 2000 }, (_, index) => `backends/b${index}`);
    const all = await Promise.all(paths.map((path) => service.get(path)));
    expect(all.map((resource) => resource?.body.name)).toEqual(paths.map((path) => `/${path}`));
    expect(arm.received).toHaveLength(2000);
    expect(arm.mostAtOnce()).toBeGreaterThan(1);
    expect(arm.mostAtOnce()).toBeLessThanOrEqual(32);
  });
});
