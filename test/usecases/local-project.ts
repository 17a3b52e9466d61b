import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createArmService } from "../../src/adapters/arm/arm-service.ts";
import { systemClock } from "../../src/adapters/clock.ts";
import type { FaultHook } from "../../src/adapters/local/faults.ts";
import { startLocalApim } from "../../src/adapters/local/local-apim.ts";
import { Failure } from "../../src/core/failure.ts";
import { isJsonObject } from "../../src/core/json.ts";
import type { JsonObject } from "../../src/core/json.ts";
import type { CompareOptions, PlannedSteps } from "../../src/core/plan/compare.ts";
import type { WantedRoles } from "../../src/core/model/resource.ts";
import { withoutEmpty } from "../../src/core/model/kind-definition.ts";
import { plainly } from "../../src/core/plan/compare.ts";
import type { Selection } from "../../src/core/plan/select.ts";
import type { ApplyEvent, ApplySummary } from "../../src/core/plan/plan.ts";
import type { Clock, Files, LiveService } from "../../src/core/ports.ts";
import { applySteps } from "../../src/usecases/apply.ts";
import { planDestroy } from "../../src/usecases/destroy.ts";
import { loadSoundGateway } from "../../src/usecases/load-gateway.ts";
import { planModel } from "../../src/usecases/plan.ts";
import { createHurriedClock } from "../support/hurried-clock.ts";

export const subscriptionId = "00000000-0000-0000-0000-000000000001";
export const ref = { subscriptionId, resourceGroup: "rg-ai", name: "contoso-apim" };

/** A spec as data; a JSON text is YAML too. */
export type SpecParts = Readonly<Record<string, unknown>>;

export type Applied = {
  readonly events: readonly ApplyEvent[];
  readonly journal: readonly JsonObject[];
  readonly failures: readonly string[];
  readonly summary: ApplySummary;
};

/** Specs, a local APIM of their own, and the use cases on them, all in this process. */
export type LocalProject = {
  /** Of the local APIM. */
  readonly endpoint: string;
  readonly service: LiveService;
  readonly clock: Clock;
  readonly plan: (spec: SpecParts, options?: Partial<CompareOptions>) => Promise<PlannedSteps>;
  readonly applyPlanned: (planned: PlannedSteps, signal?: AbortSignal) => Promise<Applied>;
  /** Plans and applies; fails when a step does. */
  readonly apply: (spec: SpecParts) => Promise<Applied>;
  readonly planDestroy: (name?: string, selection?: Selection, roles?: WantedRoles) => Promise<PlannedSteps>;
  readonly close: () => Promise<void>;
};

export type LocalProjectOptions = {
  /** Of both sides. Left out, nobody waits: between two polls of an import there is no time. */
  readonly clock?: Clock | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The state there is used, and stays. */
  readonly directory?: string | undefined;
  /** Everything is in this workspace of the service; it is not made. */
  readonly workspace?: string | undefined;
};

export async function openLocalProject(
  files: Readonly<Record<string, string>> = {},
  faults?: FaultHook,
  { clock = createHurriedClock(), signal, workspace, ...given }: LocalProjectOptions = {},
): Promise<LocalProject> {
  const place = workspace === undefined ? ref : { ...ref, workspace };
  const directory = given.directory ?? mkdtempSync(join(tmpdir(), "apimgw-test-"));
  const apim = await startLocalApim({
    directory,
    importDelayMs: 0,
    clock,
    ...(faults === undefined ? {} : { faults }),
  });
  const service = await createArmService({
    service: place,
    endpoint: apim.endpoint,
    cloud: "AzureCloud",
    isLocal: true,
    clock,
    signal,
    userAgent: "test",
  });
  const plan: LocalProject["plan"] = async (spec, options = {}) => {
    const text = JSON.stringify({ apimgw: 1, name: "team-a", service: place, ...spec });
    const { model } = await loadSoundGateway(memoryFiles({ ...files, "gateway.yaml": text }), {
      file: "gateway.yaml",
      variables: {},
      ownDocuments: "own",
    });
    return planModel(service, model, { ...plainly, ...options });
  };
  const applyPlanned = (planned: PlannedSteps, interrupted = signal) =>
    applyTo(service, planned, { clock, signal: interrupted });
  return {
    endpoint: apim.endpoint,
    service,
    clock,
    plan,
    applyPlanned,
    apply: async (spec) => {
      const applied = await applyPlanned(await plan(spec));
      if (applied.failures.length > 0) throw new Error(applied.failures.join("\n"));
      return applied;
    },
    planDestroy: (name = "team-a", selection, roles) =>
      planDestroy(service, { name, service: place, ...(roles === undefined ? {} : { roles }) }, selection),
    close: async () => {
      await apim.close();
      if (given.directory === undefined) rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Applies a plan to a service, which may be one that misbehaves. */
export async function applyTo(
  service: LiveService,
  planned: PlannedSteps,
  options: LocalProjectOptions & { readonly concurrency?: number } = {},
): Promise<Applied> {
  const { clock = systemClock, signal = new AbortController().signal, concurrency = 4 } = options;
  const events: ApplyEvent[] = [];
  const journal: JsonObject[] = [];
  const summary = await applySteps(service, planned, {
    concurrency,
    clock,
    signal,
    onEvent: (event) => events.push(event),
    journal: { path: "journal", record: (entry) => Promise.resolve(void journal.push(entry)) },
  });
  const failures = events.flatMap((event) =>
    event.event === "step-failed" ? [`${event.action} ${event.path}: ${event.message}`] : [],
  );
  return { events, journal, failures, summary };
}

/** Changes properties of a live resource as people do in the portal: the others stay, the mark among them. */
export async function editByHand(
  { service }: Pick<LocalProject, "service">,
  path: string,
  change: JsonObject | ((properties: JsonObject) => JsonObject),
): Promise<void> {
  const isDocument = /(^|\/)(policies|policyFragments)\/[^/]+$/.test(path);
  const live = await service.get(path, isDocument ? { format: "xml" } : undefined);
  // The service returns nulls for what is not set, and takes none.
  const properties = withoutEmpty(isJsonObject(live?.body.properties) ? live.body.properties : {});
  const changed = typeof change === "function" ? change(properties) : change;
  await service.put(path, { properties: { ...properties, ...changed } }, { ifMatch: "*" });
}

/** Replaces a part of a live policy document. Throws when the part is not there. */
export function replaceInDocument(from: string, to: string): (properties: JsonObject) => JsonObject {
  return ({ value }) => {
    if (typeof value !== "string" || !value.includes(from))
      throw new Error(`no ${from} in ${JSON.stringify(value)}`);
    return { format: "xml", value: value.replace(from, to) };
  };
}

/** `create backend a`, and so on. */
export function actions({ plan }: PlannedSteps): string[] {
  return plan.changes.map(({ action, kind, id }) => `${action} ${kind} ${id}`);
}

/** Files that are nowhere but here; nothing can be written. */
export function memoryFiles(texts: Readonly<Record<string, string>>): Files {
  return {
    read: (path) => {
      const text = texts[path];
      return text === undefined
        ? Promise.reject(new Failure("FILE.NOT_FOUND", `there is no ${path}`))
        : Promise.resolve(text);
    },
    exists: (path) => Promise.resolve(texts[path] !== undefined),
    write: () => Promise.reject(new Error("nothing is written")),
    append: () => Promise.reject(new Error("nothing is written")),
  };
}
