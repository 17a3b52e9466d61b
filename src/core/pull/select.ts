/** Which of what is on the service goes into the spec. */
import { isServiceDiagnostic } from "../model/kinds/diagnostic.ts";
import { kinds } from "../model/kinds/index.ts";
import { globalPolicyPath, policyPath } from "../model/kinds/policy.ts";
import { isMadeForLogger } from "../model/kinds/named-value.ts";
import { namedValueIds, referencesOf } from "../plan/live-references.ts";
import { pathKey } from "../plan/live.ts";
import type { LiveEntry, LiveModel } from "../plan/live.ts";
import type { ServiceRef } from "../ports.ts";
import type { PlanNote } from "../plan/plan.ts";
import { samePolicy } from "../policy/canonical.ts";
import { defaultGlobalPolicy } from "../policy/global-policy.ts";
import { compareText } from "../problem.ts";

/** An API with all that belongs to it. */
export type LiveApi = {
  readonly entry: LiveEntry;
  readonly policy?: LiveEntry;
  /** Documents of operations. */
  readonly operations: readonly LiveEntry[];
  readonly diagnostics: readonly LiveEntry[];
};

export type Selection = {
  readonly apis: readonly LiveApi[];
  /** Backends, pools, named values, loggers, diagnostics of the service, fragments and products. */
  readonly others: readonly LiveEntry[];
  /** Documents of those products; and the global one, where everything is selected. */
  readonly documents: readonly LiveEntry[];
  readonly notes: readonly PlanNote[];
};

export type SelectRequest = {
  readonly owner: string;
  readonly service: Pick<ServiceRef, "workspace">;
  /** Ids; absent: all. */
  readonly apis?: readonly string[];
  /** Path keys of entries whose documents cannot be parsed. */
  readonly unreadable: ReadonlySet<string>;
};

/** Everything, or some APIs and what they use; without what belongs to other specs, and without what nobody made. */
export function selectEntries(read: LiveModel, request: SelectRequest): Selection {
  // Nothing may depend on the order in which the service lists things.
  const live = { entries: read.entries.toSorted((a, b) => compareText(a.path, b.path)) };
  const all = live.entries.filter(({ kind }) => kind === "api").map((entry) => gatherApi(live, entry));
  const wanted = request.apis?.map((id) => id.toLowerCase());
  const asked = all.filter(({ entry }) => wanted === undefined || wanted.includes(entry.id.toLowerCase()));
  const judged = asked.map((api) => ({ api, reason: reasonAgainstApi(api, request) }));
  const apis = judged.filter(({ reason }) => reason === undefined).map(({ api }) => api);
  const used = wanted === undefined ? undefined : usedBy(apis, live);
  const candidates = live.entries.filter(
    (entry) => isOther(entry) && (used?.has(pathKey(entry.path)) ?? true),
  );
  const others = candidates.filter((entry) => isForSpec(entry, apis, live));
  const left = others.map((entry) => ({
    entry,
    reason: reasonAgainst(entry, request) ?? reasonAgainstItsLogger(entry, live, request),
  }));
  const kept = left.filter(({ reason }) => reason === undefined).map(({ entry }) => entry);
  const documents = [
    ...kept.flatMap((product) => documentsOf(product, live)),
    ...(wanted === undefined ? live.entries.filter((entry) => isWrittenGlobal(entry, request)) : []),
  ].map((entry) => ({ entry, reason: reasonAgainst(entry, request) }));
  return {
    apis,
    others: kept,
    documents: documents.filter(({ reason }) => reason === undefined).map(({ entry }) => entry),
    notes: [
      ...judged.map(({ api, reason }) => ({ entry: api.entry, reason })),
      ...left,
      ...documents,
    ].flatMap(({ entry: { kind, id, path }, reason }) =>
      reason === undefined ? [] : [{ kind, id, path, note: reason }],
    ),
  };
}

/** The document of a product, if it has one. */
function documentsOf({ kind, path }: LiveEntry, { entries }: LiveModel): LiveEntry[] {
  const wanted = pathKey(policyPath(path));
  return kind === "product" ? entries.filter((entry) => pathKey(entry.path) === wanted) : [];
}

/**
 * The global document, where somebody has written to it: every service has one, and at first it says nothing of its own. A workspace
 * has one when somebody has made it.
 */
function isWrittenGlobal({ path, owner, document }: LiveEntry, { service }: SelectRequest): boolean {
  if (pathKey(path) !== pathKey(globalPolicyPath)) return false;
  if (service.workspace !== undefined) return true;
  return owner !== undefined || document === undefined || !samePolicy(document, defaultGlobalPolicy);
}

function isOther({ kind, path }: LiveEntry): boolean {
  if (kind === "diagnostic") return isServiceDiagnostic(path);
  return ["backend", "pool", "namedValue", "logger", "fragment", "versionSet", "product"].includes(kind);
}

function gatherApi({ entries }: LiveModel, entry: LiveEntry): LiveApi {
  const prefix = pathKey(`${entry.path}/`);
  const below = entries.filter(({ path }) => pathKey(path).startsWith(prefix));
  const documents = below.filter(({ kind }) => kind === "policy");
  const policy = documents.find(({ path }) => pathKey(path) === `${prefix}policies/policy`);
  return {
    entry,
    ...(policy === undefined ? {} : { policy }),
    operations: documents.filter((each) => each !== policy),
    diagnostics: below.filter(({ kind }) => kind === "diagnostic"),
  };
}

function reasonAgainst(entry: LiveEntry, { owner, unreadable }: SelectRequest): string | undefined {
  if (entry.owner !== undefined && entry.owner !== owner)
    return `left out: it belongs to the spec \`${entry.owner}\``;
  return unreadable.has(pathKey(entry.path))
    ? "left out: its document cannot be read as a policy"
    : undefined;
}

/** A diagnostic of the service that sends to the logger of another spec is that spec's matter. */
function reasonAgainstItsLogger(
  { kind, properties }: LiveEntry,
  { entries }: LiveModel,
  request: SelectRequest,
): string | undefined {
  if (kind !== "diagnostic") return undefined;
  const loggers = kinds.diagnostic.references(properties).map(pathKey);
  const logger = entries.find(({ path }) => loggers.includes(pathKey(path)));
  return logger && reasonAgainst(logger, request);
}

/** An API whose documents the plan could not read, or may not write, is none for this spec. */
function reasonAgainstApi(
  { entry, policy, operations }: LiveApi,
  request: SelectRequest,
): string | undefined {
  const documents = [...(policy === undefined ? [] : [policy]), ...operations];
  const broken = documents.filter(({ path }) => request.unreadable.has(pathKey(path)));
  if (broken.length > 0) {
    const ids = broken.map(({ id }) => `\`${id}\``).join(", ");
    return `left out: the policy document of ${ids} cannot be read; repair or delete it, then pull again`;
  }
  return [entry, ...documents].flatMap((each) => reasonAgainst(each, request) ?? [])[0];
}

/** Named values that the service made for loggers are its own; products that it came with count when they hold an API. */
function isForSpec({ kind, id, properties }: LiveEntry, apis: readonly LiveApi[], live: LiveModel): boolean {
  if (kind === "namedValue") return !isMadeForLogger(properties);
  const isBuiltIn = kind === "product" && ["starter", "unlimited"].includes(id.toLowerCase());
  return !isBuiltIn || linkedApis(id, apis, live).length > 0;
}

/** Ids of the selected APIs in a product. */
export function linkedApis(product: string, apis: readonly LiveApi[], { entries }: LiveModel): string[] {
  const links = new Set(
    entries.filter(({ kind }) => kind === "productApi").map(({ id }) => id.toLowerCase()),
  );
  const ids = apis.map(({ entry }) => entry.id);
  return ids.filter((id) => links.has(`${product}/${id}`.toLowerCase()));
}

/** Path keys of what the APIs use, directly or not, and of the products that hold them. */
function usedBy(apis: readonly LiveApi[], live: LiveModel): ReadonlySet<string> {
  const byPath = new Map(live.entries.map((entry) => [pathKey(entry.path), entry]));
  const namedValueId = namedValueIds(live);
  const products = live.entries.filter(
    ({ kind, id }) => kind === "product" && linkedApis(id, apis, live).length > 0,
  );
  const queue: LiveEntry[] = [
    ...products,
    ...products.flatMap((product) => documentsOf(product, live)),
    ...apis.flatMap(({ entry, policy, operations, diagnostics }) => [
      entry,
      ...(policy === undefined ? [] : [policy]),
      ...operations,
      ...diagnostics,
    ]),
  ];
  const used = new Set(products.map(({ path }) => pathKey(path)));
  for (const entry of queue) {
    for (const path of referencesOf(entry, namedValueId).map(pathKey)) {
      const next = byPath.get(path);
      if (next === undefined || used.has(path)) continue;
      used.add(path);
      queue.push(next);
    }
  }
  return used;
}
