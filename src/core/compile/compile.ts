/** Spec → desired model: every resource that the service must hold, with what made it and what it needs. */
import type { Location } from "../location.ts";
import { backendResource } from "../model/kinds/backend.ts";
import { diagnosticNames, serviceDiagnosticResource } from "../model/kinds/diagnostic.ts";
import { loggerResource } from "../model/kinds/logger.ts";
import { namedValueResource } from "../model/kinds/named-value.ts";
import { poolResource } from "../model/kinds/pool.ts";
import { versionSetResource } from "../model/kinds/version-set.ts";
import type { ApiExpectation, Model, Resource } from "../model/resource.ts";
import type { PolicyElement } from "../policy/tree.ts";
import { walkElements } from "../policy/walk.ts";
import { compareText } from "../problem.ts";
import type { Problem } from "../problem.ts";
import type { OpenApiDocument } from "../openapi/document.ts";
import { serviceRef } from "../ports.ts";
import type { ApiSpec, GatewaySpec } from "../spec/schema.ts";
import { pointer } from "../spec/source.ts";
import type { ParsedSpec, SpecSource } from "../spec/source.ts";
import { compileApi } from "./api.ts";
import { expectedOnService, staysOnService } from "./existing.ts";
import { compileFragment } from "./fragments.ts";
import { compileGlobal } from "./global.ts";
import type { SpecKey } from "./element-keys.ts";
import type { HandWritten, KnownNames, PolicySource } from "./hand-written.ts";
import { wantedRoles } from "./roles.ts";
import { compileProduct } from "./product.ts";
import { createFindReferences } from "./references.ts";
import type { FindReferences } from "./references.ts";

export type CompileInput = {
  readonly parsed: ParsedSpec;
  /** By API id. An API whose `openapi` could not be read is absent and reported by whoever reads. */
  readonly openApi: ReadonlyMap<string, OpenApiDocument>;
  /** Hand-written policy XML by JSON pointer of the place in the spec that holds or names it. */
  readonly policySources: ReadonlyMap<string, PolicySource>;
};

export type CompileResult = {
  readonly model: Model;
  readonly problems: readonly Problem[];
  /** The hand-written elements that stand in the model's documents, with the text that each came from. */
  readonly handWritten: ReadonlyMap<PolicyElement, PolicySource>;
  /** The keys of the spec that the compiler's own elements were written for; elements inside of them are not listed. */
  readonly elementKeys: ReadonlyMap<PolicyElement, SpecKey>;
};

/** What every part of the compiler needs. */
export type CompileContext = CompileInput & {
  readonly spec: GatewaySpec;
  readonly source: SpecSource;
  readonly names: KnownNames;
  readonly references: FindReferences;
  /** Filled while documents are built. */
  readonly elementKeys: Map<PolicyElement, SpecKey>;
};

export type Compiled = {
  readonly resources: readonly Resource[];
  readonly problems: readonly Problem[];
  readonly handWritten: readonly HandWritten[];
};

/** Compiles a sound spec. The same spec gives the same model, whatever the order of its keys. */
export function compile(input: CompileInput): CompileResult {
  const context = createContext(input);
  const { spec, source } = context;
  const at = (...path: string[]): Location => source.locateKey(pointer(...path));
  const parts: Compiled[] = [
    single(
      entries(spec.backends).map(([id, backend]) =>
        backendResource(id, backend, spec.name, at("backends", id)),
      ),
    ),
    single(
      entries(spec.pools).map(([id, pool]) =>
        poolResource(id, pool, spec.service, spec.name, at("pools", id)),
      ),
    ),
    single(
      entries(spec.namedValues).flatMap(([id, value]) =>
        staysOnService(value) ? [] : namedValueResource(id, value, spec.name, at("namedValues", id)),
      ),
    ),
    single(entries(spec.loggers).map(([id, logger]) => loggerWithReferences(context, id, logger))),
    ...entries(spec.fragments).map(([id, fragment]) => compileFragment(context, id, fragment)),
    single(
      entries(spec.versionSets).map(([id, set]) =>
        versionSetResource(id, set, spec.name, at("versionSets", id)),
      ),
    ),
    ...entries(spec.apis).map(([id, api]) => compileApi(context, id, api)),
    ...entries(spec.products).map(([id, product]) => compileProduct(context, id, product)),
    compileGlobal(context),
    single(compileServiceDiagnostics(context)),
  ];
  const all = parts.flatMap((part) => part.resources);
  const resources = eachOnce(all).sort((a, b) => compareText(a.path, b.path));
  const apis = entries(spec.apis).map(([id]) => expectation(context, id));
  const expected = expectedOnService(input.parsed);
  const roles = wantedRoles(input.parsed);
  const model: Model = {
    owner: spec.name,
    service: serviceRef(spec.service),
    resources,
    apis,
    expected,
    ...(roles === undefined ? {} : { roles }),
  };
  const handWritten = elementSources(parts.flatMap((part) => part.handWritten));
  const problems = [...parts.flatMap((part) => part.problems), ...sharedIds(spec, all)];
  return { model, problems, handWritten, elementKeys: context.elementKeys };
}

/** Several operations may need the same backend for a deployment. */
function eachOnce(resources: readonly Resource[]): Resource[] {
  return [...new Map(resources.map((resource) => [resource.path, resource])).values()];
}

/** Ids that backends for deployments would share, with each other or with what the spec declares. */
function sharedIds({ backends, pools }: GatewaySpec, resources: readonly Resource[]): Problem[] {
  const declared = new Set(
    [backends, pools].flatMap((map) => Object.keys(map ?? {})).map((id) => id.toLowerCase()),
  );
  const first = new Map<string, Resource>();
  return resources.flatMap((resource): Problem[] => {
    if (resource.kind !== "backend" && resource.kind !== "pool") return [];
    const key = resource.id.toLowerCase();
    const other = first.get(key);
    first.set(key, other ?? resource);
    if (other === undefined || JSON.stringify(other.body) === JSON.stringify(resource.body)) return [];
    const isDeclared = declared.has(key);
    return [
      {
        rule: "deployment-backend",
        severity: "error",
        message: isDeclared
          ? `the backend for a deployment would be called \`${resource.id}\`, which this spec has already`
          : `two deployments would both get the backend \`${resource.id}\``,
        at: resource.origin,
        help: isDeclared
          ? "rename the other backend"
          : "rename a deployment, so that the names differ in more than signs",
      },
    ];
  });
}

function elementSources(parts: readonly HandWritten[]): Map<PolicyElement, PolicySource> {
  const sources = new Map<PolicyElement, PolicySource>();
  for (const { source, nodes } of parts) {
    walkElements(nodes, (element) => {
      sources.set(element, source);
    });
  }
  return sources;
}

function createContext(input: CompileInput): CompileContext {
  const { spec, source } = input.parsed;
  const { existing } = spec;
  const keys = (map: object | undefined): string[] => Object.keys(map ?? {});
  const displayNames = entries(spec.namedValues).map(([id, value]) => [value.displayName ?? id, id] as const);
  const names: KnownNames = {
    backends: [spec.backends, spec.pools].flatMap(keys).concat(existing?.backends ?? []),
    fragments: keys(spec.fragments).concat(existing?.fragments ?? []),
    loggers: keys(spec.loggers).concat(existing?.loggers ?? []),
    namedValues: displayNames.map(([name]) => name).concat(existing?.namedValues ?? []),
  };
  const references = createFindReferences(new Map(displayNames));
  return { ...input, spec, source, names, references, elementKeys: new Map() };
}

function single(resources: readonly Resource[]): Compiled {
  return { resources, problems: [], handWritten: [] };
}

/** Entries of a map of the spec, sorted by key: nothing may depend on the order in which the user wrote them. */
export function entries<Value>(map: Readonly<Record<string, Value>> | undefined): [string, Value][] {
  return Object.entries(map ?? {}).sort(([a], [b]) => compareText(a, b));
}

function loggerWithReferences(
  context: CompileContext,
  id: string,
  logger: NonNullable<GatewaySpec["loggers"]>[string],
): Resource {
  const { spec, source } = context;
  const resource = loggerResource(id, logger, spec.name, source.locateKey(pointer("loggers", id)));
  return { ...resource, dependsOn: [...resource.dependsOn, ...context.references.body(resource.body)] };
}

function compileServiceDiagnostics({ spec, source }: CompileContext): Resource[] {
  return diagnosticNames.flatMap((name) => {
    const diagnostic = spec.serviceDiagnostics?.[name];
    if (diagnostic === undefined) return [];
    const at = source.locateKey(pointer("serviceDiagnostics", name));
    return [serviceDiagnosticResource(name, diagnostic, spec.service, at)];
  });
}

function expectation({ spec, source, openApi }: CompileContext, id: string): ApiExpectation {
  const api = spec.apis?.[id];
  return {
    id,
    isImported: openApi.has(id),
    unlisted: api?.unlisted ?? "deny",
    operations: entries(api?.operations).map(([operation]) => ({
      id: operation,
      at: source.locateKey(pointer("apis", id, "operations", operation)),
    })),
    at: source.locateKey(pointer("apis", id)),
    ...(api?.revision === undefined ? {} : revisionsOf(api.revision)),
  };
}

function revisionsOf(
  revision: NonNullable<ApiSpec["revision"]>,
): Pick<ApiExpectation, "revision" | "keepRevisions"> {
  if (revision === "new") return { revision: "apply" };
  const { release = "apply", keep } = revision;
  return { revision: release, ...(keep === undefined ? {} : { keepRevisions: keep }) };
}
