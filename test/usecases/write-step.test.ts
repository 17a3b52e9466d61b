/** Writes that meet lost answers, races and a service that does as it likes; against the local APIM. */
import { describe, expect, it, onTestFinished } from "vitest";
import type { Fault, FaultHook, FaultRequest } from "../../src/adapters/local/faults.ts";
import { ServiceFailure } from "../../src/core/failure.ts";
import { isJsonObject } from "../../src/core/json.ts";
import type { JsonObject } from "../../src/core/json.ts";
import { listMember, withoutEmpty } from "../../src/core/model/kind-definition.ts";
import type { ApplyEvent } from "../../src/core/plan/plan.ts";
import type { LiveResource, LiveService, ServiceReader } from "../../src/core/ports.ts";
import { createFakeClock } from "../adapters/arm/fake-arm.ts";
import { files, paths, version } from "./full-project.ts";
import { actions, applyTo, openLocalProject } from "./local-project.ts";
import type { Applied, LocalProject, LocalProjectOptions, SpecParts } from "./local-project.ts";

const one = version("one");
const two = version("two");

type Project = LocalProject & {
  /** `PUT path`, since the last call of `forget`. */
  readonly calls: string[];
  readonly forget: () => void;
};

/** No waiting takes any time. */
async function open(faults?: FaultHook, options: LocalProjectOptions = {}): Promise<Project> {
  const calls: string[] = [];
  const hook: FaultHook = (request) => {
    calls.push(`${request.method} ${request.path}`);
    return faults?.(request);
  };
  const project = await openLocalProject(files, hook, { clock: createFakeClock(), ...options });
  onTestFinished(() => project.close());
  return { ...project, calls, forget: () => calls.splice(0) };
}

function writesOf({ calls }: Project, path: string): string[] {
  return calls.filter((call) => !call.startsWith("GET ") && call.endsWith(` ${path}`));
}

async function propertiesAt({ service }: LocalProject, path: string): Promise<JsonObject> {
  const properties = (await service.get(path))?.body["properties"];
  if (!isJsonObject(properties)) throw new Error(`there is no ${path}`);
  // The service returns nulls for what is not set, and takes none.
  return withoutEmpty(properties);
}

type Finished = Extract<ApplyEvent, { event: "step-finished" }>;
type Failed = Extract<ApplyEvent, { event: "step-failed" }>;

function finished({ events }: Applied, path: string): Finished | undefined {
  return events.find((event): event is Finished => event.event === "step-finished" && event.path === path);
}

function failed({ events }: Applied, path: string): Failed | undefined {
  return events.find((event): event is Failed => event.event === "step-failed" && event.path === path);
}

describe("an answer that is lost", () => {
  it.each([
    ["before", undefined],
    ["after", true],
  ] as const)("%s the work is done: every kind, created, changed and deleted", async (drop, isFound) => {
    const lost = new Set<string>();
    const project = await open(({ method, path, query }) => {
      if (method === "GET" || query.has("asyncId") || lost.has(path)) return undefined;
      lost.add(path);
      return { drop };
    });
    for (const spec of [one, two, {}]) {
      lost.clear();
      const planned = await project.plan(spec);
      project.forget();
      const applied = await project.applyPlanned(planned);
      expect(applied.failures).toEqual([]);
      expect(applied.summary.retried).toMatchObject({ "the connection was dropped": planned.steps.length });
      for (const { change } of planned.steps) {
        const { path, kind, action } = change;
        // An API takes a moment to go: a second request may find it busy, a third one gone.
        const most = kind === "api" ? 6 : 2;
        expect(writesOf(project, path).length, path).toBeGreaterThan(1);
        expect(writesOf(project, path).length, path).toBeLessThanOrEqual(most);
        const settles = kind !== "productApi" && action !== "delete" && kind !== "api";
        if (settles)
          expect({ path, found: finished(applied, path)?.isFound }).toEqual({ path, found: isFound });
      }
      expect(actions(await project.plan(spec))).toEqual([]);
    }
  });

  it("is looked after when no try gets through any more", async () => {
    const replies: (Fault | undefined)[] = [{ drop: "after" }, ...Array<Fault>(5).fill({ drop: "before" })];
    const project = await open(({ method, path }) =>
      method === "PUT" && path === "backends/a" ? replies.shift() : undefined,
    );
    const applied = await project.apply({ backends: one["backends"] });
    expect(finished(applied, "backends/a")).toMatchObject({ isFound: true });
    expect(writesOf(project, "backends/a")).toHaveLength(6);
  });

  it.each<[string, (request: FaultRequest) => Fault | undefined, string]>([
    [
      "known",
      ({ method }) => (method === "PUT" ? { drop: "before" } : undefined),
      "it was not carried out: the service holds what it held before",
    ],
    ["not known", () => ({ drop: "before" }), "whether `backends/a` was written is not known"],
  ])("is said to be %s", async (_, faults, why) => {
    let isOn = false;
    const project = await open((request) =>
      isOn && request.path === "backends/a" ? faults(request) : undefined,
    );
    const planned = await project.plan({ backends: one["backends"] });
    isOn = true;
    const applied = await project.applyPlanned(planned);
    expect(failed(applied, "backends/a")).toMatchObject({ code: "SERVICE.UNREACHABLE" });
    expect(failed(applied, "backends/a")?.message).toContain(why);
  });
});

describe("an import", () => {
  const isPoll = ({ query }: FaultRequest): boolean => query.has("asyncId");

  it.each<[string, Fault]>([
    ["is not answered", { drop: "before" }],
    [
      "finds the operation forgotten",
      { status: 404, code: "ResourceNotFound", message: "Operation not found." },
    ],
    ["meets a service that is down", { status: 503, code: "ServiceUnavailable", message: "down" }],
  ])("is looked after when its poll %s, and is not sent again", async (_, fault) => {
    const project = await open((request) => (isPoll(request) ? fault : undefined));
    const applied = await project.apply(one);
    expect(finished(applied, "apis/small")).toMatchObject({ isFound: true });
    expect(writesOf(project, "apis/small")).toHaveLength(1);
    expect(actions(await project.plan(one))).toEqual([]);
  });

  it("fails with the error that shows only in the poll, and is tried no more", async () => {
    const project = await open((request) =>
      isPoll(request) ? { status: 400, code: "ValidationError", message: "bad spec" } : undefined,
    );
    const applied = await project.applyPlanned(await project.plan(one));
    expect(failed(applied, "apis/small")).toMatchObject({ code: "SERVICE.REJECTED" });
    expect(writesOf(project, "apis/small")).toHaveLength(1);
    expect(writesOf(project, "apis/small/policies/policy")).toEqual([]);
  });

  it("that has failed half-way is not blamed on somebody else", async () => {
    const project = await open();
    const broken = overriding(project.service, {
      put: async (path, body, condition) => {
        if (path !== "apis/small") return project.service.put(path, body, condition);
        await project.service.put(path, body, condition);
        await project.service.remove("apis/small/operations/Images", "*");
        throw new ServiceFailure("SERVICE.FAILED", "the import broke", { status: 500 });
      },
    });
    const applied = await applyTo(broken, await project.plan(one), { clock: createFakeClock() });
    expect(failed(applied, "apis/small")).toMatchObject({
      code: "SERVICE.FAILED",
      message: "the import broke: whether `apis/small` was written is not known",
    });
    await project.apply(one);
    expect(actions(await project.plan(one))).toEqual([]);
  });

  it("is sent again when it ended because another one was under way", async () => {
    let conflicts = 1;
    const project = await open((request) =>
      isPoll(request) && conflicts-- > 0
        ? {
            status: 409,
            code: "PessimisticConcurrencyConflict",
            message: "Operation on the API is in progress",
          }
        : undefined,
    );
    await project.apply(one);
    expect(actions(await project.plan(one))).toEqual([]);
  });
});

/** A small change by somebody else; `hasMeaning` or only the ETag. */
async function edit(project: LocalProject, path: string, hasMeaning: boolean): Promise<void> {
  const properties = await propertiesAt(project, path);
  const changes: Readonly<Record<string, (before: JsonObject) => JsonObject>> = {
    "namedValues/n": () => ({ value: "other" }),
    "backends/a": () => ({ url: "https://other.example" }),
    "backends/p": ({ pool }) => ({
      pool: { services: listMember(isJsonObject(pool) ? pool : {}, "services").slice(0, 1) },
    }),
    "apis/small": () => ({ path: "other" }),
    "apis/small/diagnostics/applicationinsights": () => ({ verbosity: "error" }),
    "diagnostics/applicationinsights": () => ({ verbosity: "error" }),
  };
  const document = ({ value }: JsonObject): JsonObject => ({
    value: (typeof value === "string" ? value : "").replace(
      /<(inbound|fragment)>/,
      '<$1><set-variable name="other" value="y" />',
    ),
  });
  const isDocument = /policy$|^policyFragments/.test(path);
  const change = changes[path] ?? (isDocument ? document : () => ({ description: "other [apimgw:team-a]" }));
  const more = isDocument ? { format: "xml" } : {};
  const credentials = path === "loggers/l" ? { credentials: { instrumentationKey: "{{n}}" } } : {};
  await project.service.put(path, {
    properties: { ...properties, ...more, ...credentials, ...(hasMeaning ? change(properties) : {}) },
  });
}

describe("somebody who changes a resource between plan and write", () => {
  it.each(paths)("stops that branch and says what is there now: %s", async (path) => {
    const project = await open();
    await project.apply(one);
    const planned = await project.plan(two);
    await edit(project, path, true);
    const before = await propertiesAt(project, path);
    const applied = await project.applyPlanned(planned);
    const failure = failed(applied, path);
    expect(failure).toMatchObject({ code: "SERVICE.CHANGED" });
    expect(failure?.message).toMatch(/^somebody changed .* since the plan$/);
    expect(failure?.changes).toMatch(/other|error|weight|backend/);
    expect(await propertiesAt(project, path)).toEqual(before);
    expect(applied.summary).toMatchObject({ failed: 1 });
    // Looking again is what settles it.
    await project.apply(two);
    expect(actions(await project.plan(two))).toEqual([]);
  });

  it("is no obstacle when the meaning is what it was", async () => {
    const project = await open();
    await project.apply(one);
    const planned = await project.plan(two);
    for (const path of paths) await edit(project, path, false);
    project.forget();
    const applied = await project.applyPlanned(planned);
    expect(applied.failures).toEqual([]);
    for (const path of paths) expect(writesOf(project, path), path).toHaveLength(2);
    expect(applied.summary.retried).toEqual({ "changed, but not in meaning (412)": paths.length });
    expect(actions(await project.plan(two))).toEqual([]);
  });

  it("is a help when it is what the spec wants", async () => {
    const project = await open();
    await project.apply(one);
    const planned = await project.plan(two);
    await project.apply(two);
    project.forget();
    const applied = await project.applyPlanned(planned);
    expect(applied.failures).toEqual([]);
    for (const path of paths) {
      expect(finished(applied, path), path).toMatchObject({ isFound: true });
      expect(writesOf(project, path), path).toHaveLength(1);
    }
  });

  it("keeps what is not the spec's to decide, as it is now", async () => {
    const project = await open();
    await project.apply(one);
    const planned = await project.plan(two);
    const properties = await propertiesAt(project, "products/all");
    await project.service.put("products/all", { properties: { ...properties, terms: "Be nice" } });
    expect((await project.applyPlanned(planned)).failures).toEqual([]);
    expect(await propertiesAt(project, "products/all")).toMatchObject({ terms: "Be nice" });
  });

  it("gives up on ETags that never hold still", async () => {
    const project = await open();
    await project.apply({ backends: one["backends"] });
    const planned = await project.plan({ backends: two["backends"] });
    const restless = overriding(project.service, {
      put: (path) =>
        Promise.reject(new ServiceFailure("SERVICE.CHANGED", `${path} changed`, { status: 412 })),
    });
    const applied = await applyTo(restless, planned, { clock: createFakeClock() });
    expect(failed(applied, "backends/a")).toMatchObject({
      code: "SERVICE.CHANGED",
      message: "backends/a changed",
    });
    expect(applied.summary.retried).toEqual({ "changed, but not in meaning (412)": 6 });
  });

  it("has deleted it: an update stops, a delete is done", async () => {
    const project = await open();
    await project.apply({ backends: one["backends"] });
    const update = await project.plan({ backends: two["backends"] });
    const removal = await project.plan({});
    await project.service.remove("backends/a", "*");
    expect(failed(await project.applyPlanned(update), "backends/a")).toMatchObject({
      code: "SERVICE.CHANGED",
      message: "somebody deleted backend `a` since the plan",
    });
    expect((await project.applyPlanned(removal)).failures.join()).not.toContain("backends/a");
  });

  it.each([
    [true, "SERVICE.CHANGED"],
    [false, undefined],
  ])("before it is to be deleted (in meaning: %s)", async (hasMeaning, code) => {
    const project = await open();
    await project.apply({ backends: one["backends"] });
    const planned = await project.plan({});
    await edit(project, "backends/a", hasMeaning);
    const applied = await project.applyPlanned(planned);
    expect(failed(applied, "backends/a")?.code).toBe(code);
    expect((await project.service.get("backends/a")) === undefined).toBe(!hasMeaning);
  });
});

describe("somebody who creates a resource between plan and write", () => {
  it("stops that branch when it is something else, and skips what waits for it", async () => {
    const project = await open();
    const planned = await project.plan(one);
    await project.service.put("backends/a", {
      properties: { url: "https://other.example", protocol: "http" },
    });
    const applied = await project.applyPlanned(planned);
    expect(failed(applied, "backends/a")).toMatchObject({
      code: "SERVICE.CHANGED",
      message: "somebody created backend `a` since the plan",
      changes: '+ url: "https://other.example"',
    });
    expect(await propertiesAt(project, "backends/a")).toMatchObject({ url: "https://other.example" });
    const skipped = applied.events.flatMap((event) =>
      event.event === "step-skipped" ? [`${event.path}: ${event.because}`] : [],
    );
    expect(skipped).toContain("backends/p: backends/a");
    expect(finished(applied, "products/all")).toBeDefined();
  });

  it("does not take the same without the mark for ours", async () => {
    const project = await open();
    const planned = await project.plan({ backends: { a: { url: "https://a.example" } } });
    await project.service.put("backends/a", { properties: { url: "https://a.example", protocol: "http" } });
    const applied = await project.applyPlanned(planned);
    expect(failed(applied, "backends/a")?.message).toBe("somebody created backend `a` since the plan");
  });

  it("is another run of the same spec", async () => {
    const project = await open();
    const planned = await project.plan(one);
    await project.apply(one);
    project.forget();
    const applied = await project.applyPlanned(planned);
    expect(applied.failures).toEqual([]);
    for (const path of paths) {
      expect(finished(applied, path)).toMatchObject({ isFound: true });
      expect(writesOf(project, path)).toHaveLength(1);
    }
  });
});

describe("a secret, which nobody can compare", () => {
  const spec = (value: string): SpecParts => ({ namedValues: { s: { value, secret: true } } });

  it("is written again rather than taken for done, when somebody else has written", async () => {
    const project = await open();
    const creation = await project.plan(spec("hush-1"));
    await project.apply(spec("hush-0"));
    project.forget();
    const created = await project.applyPlanned(creation);
    expect(created.failures).toEqual([]);
    expect(writesOf(project, "namedValues/s")).toHaveLength(2);

    const rewrite = await project.plan(spec("hush-2"), { rewritesSecrets: true });
    await project.service.put("namedValues/s", {
      properties: { ...(await propertiesAt(project, "namedValues/s")), value: "hush-x" },
    });
    project.forget();
    const rewritten = await project.applyPlanned(rewrite);
    expect(rewritten.failures).toEqual([]);
    expect(rewritten.summary.retried).toEqual({ "a secret, which cannot be compared (412)": 1 });
    expect(writesOf(project, "namedValues/s")).toHaveLength(2);
  });

  it("is not known to be written when the answer is lost", async () => {
    let isOn = false;
    const project = await open(({ method }) => (isOn && method === "PUT" ? { drop: "before" } : undefined));
    await project.apply(spec("hush-1"));
    const planned = await project.plan(spec("hush-2"), { rewritesSecrets: true });
    isOn = true;
    const applied = await project.applyPlanned(planned);
    expect(failed(applied, "namedValues/s")?.message).toContain(
      "whether `namedValues/s` was written is not known",
    );
  });
});

/** The service, some methods replaced. */
function overriding(
  service: LiveService,
  more: Partial<Pick<LiveService, "put" | "remove">> & { readonly afterWrite?: Partial<ServiceReader> },
): LiveService {
  const { put, remove, afterWrite = {} } = more;
  return {
    ref: service.ref,
    title: service.title,
    get: (path, query) => service.get(path, query),
    list: (path, query) => service.list(path, query),
    afterWrite: {
      get: (path, query) => service.afterWrite.get(path, query),
      list: (path, query) => service.afterWrite.list(path, query),
      ...afterWrite,
    },
    put: put ?? ((path, body, condition) => service.put(path, body, condition)),
    patch: (path, body, condition) => service.patch(path, body, condition),
    act: (path, action) => service.act(path, action),
    remove: remove ?? ((path, etag, query) => service.remove(path, etag, query)),
    retried: () => service.retried(),
  };
}

function withProperties(resource: LiveResource, more: JsonObject): LiveResource {
  const { properties } = resource.body;
  return {
    ...resource,
    body: { ...resource.body, properties: { ...(isJsonObject(properties) && properties), ...more } },
  };
}

describe("a service that misreads If-None-Match", () => {
  it("is asked whether the resource is there, and then written to without a condition, once", async () => {
    const project = await open();
    const conditions: string[] = [];
    const odd = overriding(project.service, {
      put(path, body, condition) {
        conditions.push(`${path} ${JSON.stringify(condition ?? null)}`);
        return condition !== undefined && "ifNoneMatch" in condition
          ? Promise.reject(new ServiceFailure("SERVICE.CHANGED", "no", { status: 412 }))
          : project.service.put(path, body, condition);
      },
    });
    const planned = await project.plan({ backends: { a: { url: "https://a.example" } } });
    const applied = await applyTo(odd, planned);
    expect(applied.failures).toEqual([]);
    expect(conditions).toEqual(['backends/a {"ifNoneMatch":"*"}', "backends/a null"]);
    expect(applied.summary.retried).toEqual({ "refused, though not there (412)": 1 });
  });
});

describe("a service that does not heed If-None-Match", () => {
  it("is noticed when it replaces what somebody has created since the plan", async () => {
    const project = await open();
    const deaf = overriding(project.service, { put: (path, body) => project.service.put(path, body) });
    const planned = await project.plan({ backends: one["backends"] });
    await project.service.put("backends/a", {
      properties: { url: "https://other.example", protocol: "http" },
    });
    const applied = await applyTo(deaf, planned);
    expect(finished(applied, "backends/a")).toMatchObject({ isReplacement: true });
    expect(finished(applied, "backends/b")).not.toHaveProperty("isReplacement");
  });
});

describe("what was written is compared with what was sent", () => {
  it("takes no further call where the answer suffices, and lists the operations of an import once", async () => {
    const project = await open();
    for (const spec of [one, two]) {
      const planned = await project.plan(spec);
      project.forget();
      await project.applyPlanned(planned);
      const reads = project.calls.filter((call) => call.startsWith("GET ") && call !== "GET apis/small");
      expect(reads).toEqual(["GET apis/small/operations"]);
    }
  });

  it.each<[string, (resource: LiveResource) => LiveResource]>([
    ["has no value", (resource) => ({ ...resource, body: { properties: {} } })],
    ["has no properties", (resource) => ({ ...resource, body: {} })],
    ["cannot be read", (resource) => withProperties(resource, { value: "<policies" })],
    ["shows less than is there", (resource) => withProperties(resource, { value: "<policies />" })],
  ])("reads the document when the answer %s", async (_, answered) => {
    const project = await open();
    const brief = overriding(project.service, {
      put: async (path, body, condition) => {
        const resource = await project.service.put(path, body, condition);
        return path.endsWith("policies/policy") ? answered(resource) : resource;
      },
    });
    const planned = await project.plan(one);
    project.forget();
    const applied = await applyTo(brief, planned);
    expect(applied.summary).toMatchObject({ failed: 0, changedByService: 0 });
    expect(project.calls.filter((call) => call === "GET apis/small/policies/policy")).toHaveLength(1);
  });

  it.each<[string, JsonObject, string]>([
    [
      "backends/a",
      { url: "http://changed.example" },
      '~ url: "https://one.example" -> "http://changed.example"',
    ],
    ["backends/a", { description: null }, '- mark: "team-a"'],
    ["namedValues/n", { value: "changed" }, '~ value: "1" -> "changed"'],
    ["apis/small", { path: "changed" }, '~ path: "one" -> "changed"'],
    ["products/all", { state: "notPublished" }, '~ state: "published" -> "notPublished"'],
    ["policyFragments/f", { value: "<fragment />" }, '-  <set-variable name="x" value="one" />'],
    [
      "apis/small/operations/Chat/policies/policy",
      { value: "<policies><inbound><base /></inbound></policies>" },
      "--- sent\n+++ service\n",
    ],
  ])("says what the service made of it: %s %j", async (path, more, diff) => {
    const project = await open();
    const change = (resource: LiveResource) =>
      resource.path === path ? withProperties(resource, more) : resource;
    const wilful = overriding(project.service, {
      put: async (...given) => change(await project.service.put(...given)),
      afterWrite: {
        get: async (...given) => {
          const resource = await project.service.get(...given);
          return resource === undefined ? undefined : change(resource);
        },
      },
    });
    const applied = await applyTo(wilful, await project.plan(one));
    expect(applied.summary).toMatchObject({ failed: 0, changedByService: 1 });
    expect(finished(applied, path)?.changedByService).toContain(diff);
  });

  it("waits for the operations of an import, and names those that never come", async () => {
    const project = await open();
    let lists = 0;
    const forgetful = (missing: number) =>
      overriding(project.service, {
        afterWrite: {
          list: async (path) => {
            lists += 1;
            const all = await project.service.list(path);
            return lists > missing ? all : all.filter((operation) => !operation.path.endsWith("Images"));
          },
        },
      });
    const clock = createFakeClock();
    const slow = await applyTo(forgetful(3), await project.plan(one), { clock });
    expect(slow.summary).toMatchObject({ failed: 0, changedByService: 0 });
    expect(lists).toBe(4);
    const never = await applyTo(forgetful(Infinity), await project.plan(two), { clock });
    expect(finished(never, "apis/small")?.changedByService).toBe('- operations[Images]: "POST /images"');
  });

  it("fails when what was written is not there", async () => {
    const project = await open();
    const lossy = overriding(project.service, {
      put: (path) => Promise.resolve({ path, body: {} }),
      afterWrite: { get: () => Promise.resolve(undefined) },
    });
    const planned = await project.plan({ backends: one["backends"] });
    const applied = await applyTo(lossy, planned, { clock: createFakeClock() });
    expect(applied.failures[0]).toMatch(/`backends\/a` was written, but it is not on the service/);
  });

  it("says so when it cannot look", async () => {
    const project = await open();
    const blind = overriding(project.service, {
      put: async (path, ...given) => ({ ...(await project.service.put(path, ...given)), body: {} }),
      afterWrite: {
        get: () => Promise.reject(new ServiceFailure("SERVICE.FAILED", "no sight", { status: 500 })),
      },
    });
    const applied = await applyTo(
      blind,
      await project.plan({ backends: { a: { url: "https://a.example" } } }),
    );
    expect(applied.failures).toEqual([]);
    expect(finished(applied, "backends/a")).toMatchObject({ unchecked: "no sight" });
  });
});

describe("what appears late", () => {
  it("is waited for by what stands below it", async () => {
    let refusals = 3;
    const project = await open(({ method, path }) =>
      method === "PUT" && path.endsWith("Chat/policies/policy") && refusals-- > 0
        ? { status: 404, code: "ResourceNotFound", message: "Operation not found." }
        : undefined,
    );
    const applied = await project.apply(one);
    expect(applied.summary.retried).toEqual({ "what it belongs to is not there yet (404)": 3 });
  });

  it("is not waited for when nothing of it is new", async () => {
    let isGone = false;
    const project = await open(({ method, path }) =>
      isGone && method === "PUT" && path.endsWith("policies/policy")
        ? { status: 404, code: "ResourceNotFound", message: "API not found." }
        : undefined,
    );
    await project.apply(one);
    const api = one["apis"];
    const small = isJsonObject(api) && isJsonObject(api["small"]) ? api["small"] : {};
    const planned = await project.plan({ ...one, apis: { small: { ...small, deny: { status: 401 } } } });
    isGone = true;
    const applied = await project.applyPlanned(planned);
    expect(applied.summary).toMatchObject({ retried: {} });
    expect(failed(applied, "apis/small/policies/policy")).toMatchObject({ code: "SERVICE.NOT_FOUND" });
  });
});
