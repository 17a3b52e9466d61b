/** Applies that are cut short: by a signal, or by the end of the process. */
import { describe, expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../src/adapters/clock.ts";
import type { FaultHook } from "../../src/adapters/local/faults.ts";
import { isJsonObject } from "../../src/core/json.ts";
import { withoutEmpty } from "../../src/core/model/kind-definition.ts";
import type { LiveService } from "../../src/core/ports.ts";
import { files, version } from "./full-project.ts";
import { actions, applyTo, openLocalProject } from "./local-project.ts";
import type { LocalProject, SpecParts } from "./local-project.ts";

const one = version("one");
const two = version("two");

/** In real time: an interrupt is to come while something waits. */
async function open(faults?: FaultHook, signal?: AbortSignal): Promise<LocalProject> {
  const project = await openLocalProject(files, faults, { signal, clock: systemClock });
  onTestFinished(() => project.close());
  return project;
}

describe("an interrupt while a write waits for another try", () => {
  it.each([
    [
      "refused for now",
      { status: 409, code: "PessimisticConcurrencyConflict", message: "busy" },
      "SERVICE.CONFLICT",
    ],
    ["without an answer", { drop: "before" }, "SERVICE.UNREACHABLE"],
  ] as const)("ends it at once, and says how: %s", async (_, fault, code) => {
    const stop = new AbortController();
    const project = await open(({ method, path }) => {
      if (method !== "PUT" || path !== "namedValues/n") return undefined;
      setTimeout(() => stop.abort("SIGINT"), 20);
      return fault;
    }, stop.signal);
    const planned = await project.plan(one);
    const { events, summary } = await applyTo(project.service, planned, {
      signal: stop.signal,
      concurrency: 1,
    });
    expect(summary).toMatchObject({ failed: 1, isInterrupted: true });
    expect(summary.skipped).toBe(planned.steps.length - 1);
    expect(summary.milliseconds).toBeLessThan(900);
    expect(events).toContainEqual(
      expect.objectContaining({ event: "step-failed", path: "namedValues/n", code }),
    );
    expect(await whatIsLeft(project)).toEqual([]);
  });
});

describe("a process that dies", () => {
  const nothing = (): Promise<void> => Promise.resolve();
  const applied =
    (spec: SpecParts) =>
    async (project: LocalProject): Promise<void> => {
      await project.apply(spec);
    };
  const histories: readonly (readonly [string, (project: LocalProject) => Promise<void>, SpecParts])[] = [
    ["creates", nothing, one],
    ["updates", applied(one), two],
    ["adopts", withoutMarks, two],
    ["deletes", applied(one), {}],
  ];

  it.each(histories)(
    "leaves a service on which the next plan is right, whenever it %s",
    async (_, prepare, last) => {
      for (let writes = 0; ; writes += 1) {
        const project = await openLocalProject(files);
        await prepare(project);
        const planned = await project.plan(last);
        const hasDied = await applyTo(dyingAfter(writes, project.service), planned, { concurrency: 3 }).then(
          () => false,
          () => true,
        );
        await project.apply(last);
        expect(actions(await project.plan(last)), `after ${writes} writes`).toEqual([]);
        const marked = await whatIsLeft(project);
        expect(marked.length === 0, `after ${writes} writes`).toBe(last["backends"] === undefined);
        await project.close();
        if (!hasDied) return;
      }
    },
  );
});

/** What the first version writes to backends, named values and documents, made by somebody without marks. */
async function withoutMarks({ apply, service }: LocalProject): Promise<void> {
  await apply(one);
  for (const path of ["backends/a", "backends/b", "backends/p", "products/all", "loggers/l"]) {
    const properties = (await service.get(path))?.body["properties"];
    const credentials = path === "loggers/l" ? { credentials: { instrumentationKey: "{{n}}" } } : {};
    if (isJsonObject(properties))
      await service.put(path, {
        properties: { ...withoutEmpty(properties), ...credentials, description: "by hand" },
      });
  }
  for (const path of ["apis/small/policies/policy", "apis/small/operations/Chat/policies/policy"])
    await service.put(path, { properties: { format: "xml", value: "<policies />" } });
}

/** A service whose client is gone after so many writes: whether the last ones were answered, it never learns. */
function dyingAfter(writes: number, service: LiveService): LiveService {
  let left = writes;
  const last = async <T>(write: () => Promise<T>): Promise<T> => {
    left -= 1;
    if (left < -1) throw new Error("dead");
    const result = await write();
    if (left < 0) throw new Error("dead");
    return result;
  };
  return {
    ref: service.ref,
    title: service.title,
    get: (...given) => service.get(...given),
    list: (...given) => service.list(...given),
    afterWrite: service.afterWrite,
    retried: () => ({}),
    put: (...given) => last(() => service.put(...given)),
    patch: (...given) => last(() => service.patch(...given)),
    act: (...given) => last(() => service.act(...given)),
    remove: (...given) => last(() => service.remove(...given)),
  };
}

describe("an import that was cut short", () => {
  it("is made whole by the next apply, though the mark says that it was made", async () => {
    const project = await open();
    await project.apply(one);
    await project.service.remove("apis/small/operations/Images", "*");
    expect(actions(await project.plan(one))).toEqual(["update api small"]);
    await project.apply(one);
    expect(await project.service.get("apis/small/operations/Images")).toBeDefined();
    expect(actions(await project.plan(one))).toEqual([]);
  });
});

/** What carries the mark, read past the interrupted service. */
async function whatIsLeft({ service }: LocalProject): Promise<string[]> {
  const { afterWrite } = service;
  const all = await Promise.all(["backends", "namedValues", "products"].map((path) => afterWrite.list(path)));
  return all.flat().map(({ path }) => path);
}
