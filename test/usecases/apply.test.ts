import { describe, expect, it } from "vitest";
import { systemClock } from "../../src/adapters/clock.ts";
import { ServiceFailure } from "../../src/core/failure.ts";
import type { JsonObject } from "../../src/core/json.ts";
import type { PlannedSteps, Step } from "../../src/core/plan/compare.ts";
import type { Action, ApplyEvent, Change } from "../../src/core/plan/plan.ts";
import type { LiveService, ServiceReader } from "../../src/core/ports.ts";
import { applySteps } from "../../src/usecases/apply.ts";

const service = { subscriptionId: "s", resourceGroup: "g", name: "apim" };

function step(action: Action, path: string, dependsOn: string[] = []): Step {
  const [kind] = path.startsWith("apis/") ? (["policy"] as const) : (["backend"] as const);
  const change: Change = {
    action,
    kind,
    id: path,
    path,
    before: null,
    after: null,
    edits: [],
    diff: "",
    etag: action === "create" ? null : `"${path}"`,
    drift: null,
    dependsOn,
    origin: null,
    notes: [],
  };
  const origin = { file: "gateway.yaml", line: 1, column: 1 };
  return action === "delete"
    ? { change }
    : { change, resource: { kind, id: path, path, body: {}, dependsOn, origin } };
}

function planned(steps: readonly Step[]): PlannedSteps {
  const changes = steps.map(({ change }) => change);
  const summary = { create: 0, update: 0, adopt: 0, delete: 0 };
  return {
    steps,
    desired: { owner: "n", service, resources: [], apis: [], expected: [] },
    live: { entries: [] },
    plan: {
      formatVersion: 1,
      service,
      name: "n",
      changes,
      unchanged: 0,
      unmarked: 0,
      leftOut: [],
      summary,
      notes: [],
      digest: "d",
    },
  };
}

/** A service that records the order of writes, answers after a tick, and refuses some paths. */
function recordingService(refused: readonly string[] = [], why?: string) {
  const log: string[] = [];
  let inFlight = 0;
  const most = { all: 0 };
  const write = async (verb: string, path: string, condition: unknown): Promise<void> => {
    inFlight += 1;
    most.all = Math.max(most.all, inFlight);
    log.push(`${verb} ${path}${condition === undefined ? "" : ` ${JSON.stringify(condition)}`}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
    inFlight -= 1;
    if (refused.includes(path))
      throw new ServiceFailure("SERVICE.REJECTED", `${path} refused:`, {
        status: 400,
        ...(why === undefined ? {} : { why }),
      });
  };
  const reader: ServiceReader = {
    get: () => Promise.resolve(undefined),
    list: () => Promise.resolve([]),
  };
  const port: LiveService = {
    ref: service,
    title: "apim",
    ...reader,
    afterWrite: reader,
    retried: () => ({}),
    put: async (path, body: JsonObject, condition) => {
      await write("put", path, condition);
      return { path, body };
    },
    patch: async (path, body: JsonObject, condition) => {
      await write("patch", path, condition);
      return { path, body };
    },
    act: () => Promise.reject(new Error("apply acts on nothing")),
    remove: (path, ifMatch) => write("remove", path, ifMatch),
  };
  return { port, log, most };
}

/** `put backends/a` */
function withoutCondition(line: string): string {
  return line.split(" ", 2).join(" ");
}

async function apply(
  steps: readonly Step[],
  port: LiveService,
  more: { concurrency?: number; signal?: AbortSignal } = {},
) {
  const events: ApplyEvent[] = [];
  const journal: JsonObject[] = [];
  const summary = await applySteps(port, planned(steps), {
    concurrency: more.concurrency ?? 4,
    clock: systemClock,
    signal: more.signal ?? new AbortController().signal,
    onEvent: (event) => events.push(event),
    journal: { path: "journal", record: (entry) => Promise.resolve(void journal.push(entry)) },
  });
  return { events, journal, summary };
}

describe("applySteps", () => {
  it("writes what is depended on first, and deletes after all writes", async () => {
    const { port, log } = recordingService();
    const steps = [
      step("delete", "backends/old", ["apis/a/policies/policy"]),
      step("delete", "apis/a/policies/policy"),
      step("create", "backends/pool", ["backends/x", "backends/y"]),
      step("create", "backends/x"),
      step("update", "backends/y"),
    ];
    const { summary } = await apply(steps, port);
    expect(log).toEqual([
      'put backends/x {"ifNoneMatch":"*"}',
      'put backends/y {"ifMatch":"\\"backends/y\\""}',
      'put backends/pool {"ifNoneMatch":"*"}',
      'remove apis/a/policies/policy "\\"apis/a/policies/policy\\""',
      'remove backends/old "\\"backends/old\\""',
    ]);
    expect(summary).toMatchObject({
      done: { create: 2, update: 1, adopt: 0, delete: 2 },
      failed: 0,
      skipped: 0,
    });
  });

  it("goes on with independent branches, skips dependants and all deletes, and names why", async () => {
    const { port, log } = recordingService(["backends/x"]);
    const steps = [
      step("create", "backends/x"),
      step("create", "backends/pool", ["backends/x"]),
      step("create", "apis/a/policies/policy", ["backends/pool"]),
      step("create", "backends/z"),
      step("delete", "backends/old"),
    ];
    const { summary, events } = await apply(steps, port);
    expect(log.map(withoutCondition)).toEqual(["put backends/x", "put backends/z"]);
    expect(summary).toMatchObject({ done: { create: 1 }, failed: 1, skipped: 3 });
    const skipped = events.flatMap((event) =>
      event.event === "step-skipped" ? [[event.path, event.because]] : [],
    );
    expect(Object.fromEntries(skipped)).toEqual({
      "backends/pool": "backends/x",
      "apis/a/policies/policy": "backends/pool",
      "backends/old": "backends/x",
    });
  });

  it("runs a delete that a write waits for among the writes, and keeps the others when it fails", async () => {
    const steps = [
      step("delete", "apis/old"),
      step("create", "apis/new", ["apis/old"]),
      step("create", "backends/x"),
      step("delete", "backends/old"),
    ];
    const good = recordingService();
    await apply(steps, good.port);
    expect(good.log.map(withoutCondition)).toEqual([
      "remove apis/old",
      "put backends/x",
      "put apis/new",
      "remove backends/old",
    ]);
    const bad = recordingService(["apis/old"]);
    const { summary } = await apply(steps, bad.port);
    expect(bad.log.map(withoutCondition)).toEqual(["remove apis/old", "put backends/x"]);
    expect(summary).toMatchObject({ done: { create: 1, delete: 0 }, failed: 1, skipped: 2 });
  });

  it("says why the service refused a step, in the event and in the journal", async () => {
    const { port } = recordingService(["backends/x"], "'url' is not absolute");
    const { events, journal } = await apply([step("create", "backends/x")], port);
    const failed = { event: "step-failed", message: "backends/x refused: 'url' is not absolute" };
    expect(events).toContainEqual(expect.objectContaining(failed));
    expect(journal).toContainEqual(expect.objectContaining(failed));
  });

  it("keeps to the concurrency, and to one write at a time below an API", async () => {
    const wide = recordingService();
    await apply(
      Array.from({ length: 20 }, (_, index) => step("create", `backends/b${index}`)),
      wide.port,
      { concurrency: 3 },
    );
    expect(wide.most.all).toBe(3);
    const narrow = recordingService();
    const policies = Array.from({ length: 8 }, (_, index) =>
      step("create", `apis/a/operations/o${index}/policies/policy`),
    );
    await apply(policies, narrow.port);
    expect(narrow.most.all).toBe(1);
  });

  it("starts nothing new once interrupted, and finishes what is in flight", async () => {
    const controller = new AbortController();
    const { port, log } = recordingService();
    const stopping: LiveService = {
      ...port,
      put: async (path, body, condition) => {
        controller.abort();
        return port.put(path, body, condition);
      },
    };
    const steps = [
      step("create", "backends/a"),
      step("create", "backends/b", ["backends/a"]),
      step("create", "backends/c", ["backends/b"]),
    ];
    const { summary } = await apply(steps, stopping, { signal: controller.signal });
    expect(log.map(withoutCondition)).toEqual(["put backends/a"]);
    expect(summary).toMatchObject({ done: { create: 1 }, skipped: 2, isInterrupted: true });
  });

  it("counts a write of which nothing was sent among those that an interruption left over", async () => {
    const controller = new AbortController();
    const { port } = recordingService();
    const interrupted = new Error("SIGTERM");
    const unsent: LiveService = {
      ...port,
      put: () => {
        controller.abort(interrupted);
        return Promise.reject(interrupted);
      },
    };
    const steps = [step("create", "backends/a"), step("create", "backends/b", ["backends/a"])];
    const { summary, events } = await apply(steps, unsent, { signal: controller.signal });
    expect(summary).toMatchObject({ done: { create: 0 }, failed: 0, skipped: 2, isInterrupted: true });
    const skipped = events.filter(({ event }) => event === "step-skipped");
    expect(skipped).toMatchObject([
      { path: "backends/a", because: "interrupted" },
      { path: "backends/b", because: "interrupted" },
    ]);
  });

  it("lets what is in flight end before it throws a bug", async () => {
    const { port, log } = recordingService();
    const finished: string[] = [];
    const faulty: LiveService = {
      ...port,
      put: async (path, body, condition) => {
        if (path === "backends/a") throw new TypeError("a bug");
        const written = await port.put(path, body, condition);
        finished.push(path);
        return written;
      },
    };
    const steps = [
      step("create", "backends/a"),
      step("create", "backends/b"),
      step("create", "backends/c", ["backends/b"]),
    ];
    await expect(apply(steps, faulty)).rejects.toThrow("a bug");
    expect(finished).toEqual(["backends/b"]);
    expect(log).toHaveLength(1);
  });

  it("names the journal in its summary, and nothing when there was nothing to do", async () => {
    const { port } = recordingService();
    expect((await apply([step("create", "backends/a")], port)).summary.journal).toBe("journal");
    expect((await apply([], port)).summary.journal).toBeNull();
  });

  it("has the old text in the journal before the write", async () => {
    const { port, log } = recordingService();
    const update = step("update", "backends/a");
    const before = { properties: { url: "https://old.example" } };
    const live = { kind: "backend" as const, id: "a", path: "backends/a", properties: before.properties };
    const entries: string[] = [];
    await applySteps(port, planned([{ ...update, change: { ...update.change, before }, live }]), {
      concurrency: 1,
      clock: systemClock,
      signal: new AbortController().signal,
      onEvent: () => undefined,
      journal: {
        path: "journal",
        record: (entry) => Promise.resolve(void entries.push(`${log.length} ${JSON.stringify(entry)}`)),
      },
    });
    const started = entries.find((entry) => entry.includes("step-started")) ?? "";
    expect(started.startsWith("0 "), started).toBe(true);
    expect(started).toContain(JSON.stringify(JSON.stringify(before)));
  });
});
