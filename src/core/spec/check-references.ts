import { nearestName } from "../nearest-name.ts";
import type { Report } from "./finding.ts";
import type { SpecRule } from "./rules.ts";
import { fallbackTargets, operationsOf, routesOf } from "./spec-places.ts";
import { didYouMean, listNames } from "./suggestion.ts";
import { field, fields, items, nameOf, stringAt, type Place } from "./yaml-node.ts";

/** What a reference may name: the word for it, and the ids there are. */
type Target = { readonly rule: SpecRule; readonly what: string; readonly ids: ReadonlySet<string> };

/** Every id that is named must be declared. References to fragments stand in policy XML and are checked with it. */
export function checkReferences(root: Place, report: Report): void {
  const backends = new Set([...idsOf(root, "backends"), ...existing(root, "backends")]);
  const pools = idsOf(root, "pools");
  const routable: Target = {
    rule: "unknown-backend",
    what: "backends and pools",
    ids: new Set([...backends, ...pools]),
  };
  checkMembers(root, backends, pools, report);
  for (const route of operationsOf(root).flatMap(routesOf)) {
    checkReference(field(route, "backend"), routable, report);
    for (const target of fallbackTargets(route)) checkReference(target, routable, report);
  }
  checkLoggers(root, report);
  const sets: Target = { rule: "unknown-version-set", what: "version sets", ids: idsOf(root, "versionSets") };
  for (const api of fields(field(root, "apis")))
    checkReference(field(field(api, "version"), "set"), sets, report);
  const apis: Target = { rule: "unknown-api", what: "APIs", ids: idsOf(root, "apis") };
  for (const product of fields(field(root, "products"))) {
    for (const api of items(field(product, "apis"))) checkReference(api, apis, report);
    checkReference(field(field(product, "contentSafety"), "backend"), routable, report);
    checkReference(field(field(product, "semanticCache"), "embeddings"), routable, report);
  }
}

function checkMembers(
  root: Place,
  backends: ReadonlySet<string>,
  pools: ReadonlySet<string>,
  report: Report,
): void {
  const target: Target = { rule: "unknown-backend", what: "backends", ids: backends };
  for (const pool of fields(field(root, "pools"))) {
    for (const item of items(field(pool, "members"))) {
      const member = field(item, "backend");
      const id = stringAt(member);
      if (member && id !== undefined && pools.has(id) && !backends.has(id)) {
        const message = `\`${id}\` is a pool; the members of a pool are backends`;
        report({ rule: "unknown-backend", message, span: member.node, path: member.path });
      } else checkReference(member, target, report);
    }
  }
}

function checkLoggers(root: Place, report: Report): void {
  const ids = new Set([...idsOf(root, "loggers"), ...existing(root, "loggers")]);
  const target: Target = { rule: "unknown-logger", what: "loggers", ids };
  const ofApis = fields(field(root, "apis")).flatMap((api) => fields(field(api, "diagnostics")));
  for (const diagnostic of [...ofApis, ...fields(field(root, "serviceDiagnostics"))]) {
    const logger = field(diagnostic, "logger");
    checkReference(logger, target, report);
    const named = field(field(root, "loggers"), stringAt(logger) ?? "");
    checkLoggerType(named, logger, nameOf(diagnostic), report);
  }
}

/** The diagnostic `applicationInsights` needs a logger with the key `applicationInsights`, and so on. */
function checkLoggerType(
  named: Place | undefined,
  at: Place | undefined,
  wanted: string,
  report: Report,
): void {
  const [type, ...others] = loggerTypes.filter((key) => field(named, key));
  if (!at || type === undefined || others.length > 0 || type === wanted) return;
  if (!loggerTypes.some((key) => key === wanted)) return;
  report({
    rule: "logger-type",
    message: `the diagnostic \`${wanted}\` needs a logger of that type; \`${stringAt(at) ?? ""}\` is one of type \`${type}\``,
    span: at.node,
    path: at.path,
  });
}

const loggerTypes = ["applicationInsights", "eventHub", "azureMonitor"] as const;

function checkReference(place: Place | undefined, { rule, what, ids }: Target, report: Report): void {
  const id = stringAt(place);
  if (!place || id === undefined || ids.has(id)) return;
  const names = [...ids];
  const isShown = place.node.kind === "scalar" && !place.node.origin;
  const found = isShown ? `\`${id}\`` : "in the value of a variable";
  const message = `unknown ${singular[rule] ?? "name"} ${found}${didYouMean(nearestName(id, names))}`;
  report({ rule, message, span: place.node, path: place.path, help: listNames(what, names) });
}

const singular: Partial<Record<SpecRule, string>> = {
  "unknown-backend": "backend",
  "unknown-logger": "logger",
  "unknown-version-set": "version set",
  "unknown-api": "API",
};

/** What is on the service and may be named, by the spec's own word. */
function existing(root: Place, collection: string): string[] {
  return items(field(field(root, "existing"), collection)).flatMap((item) => stringAt(item) ?? []);
}

function idsOf(root: Place, collection: string): ReadonlySet<string> {
  return new Set(fields(field(root, collection)).map(nameOf));
}
