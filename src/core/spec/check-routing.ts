import type { Report } from "./finding.ts";
import { fallbackTargets } from "./spec-places.ts";
import { field, fields, keySpan, nameOf, scalarAt, stringAt, type Place } from "./yaml-node.ts";

/** What an API and its operations say must make sense together. */
export function checkRouting(root: Place, report: Report): void {
  const pools = new Set(fields(field(root, "pools")).map(nameOf));
  for (const api of fields(field(root, "apis"))) {
    checkImport(api, report);
    checkApiDocument(api, report);
    for (const operation of fields(field(api, "operations"))) {
      checkFallback(operation, report);
      checkRetry(operation, pools, report);
      checkBackendSection(operation, report);
      checkDocument(operation, ["backend", ...writersOfBackendSection], report);
    }
  }
}

/** An API that is imported needs a path; one that is not has no list of operations to remove from. */
function checkImport(api: Place, report: Report): void {
  const openapi = field(api, "openapi");
  const unlisted = field(api, "unlisted");
  if (openapi && api.node.kind === "map" && !api.node.incomplete && !field(api, "path")) {
    report({
      rule: "missing-key",
      message: `\`path\` is missing in apis.${nameOf(api)}`,
      span: keySpan(api),
      path: api.path,
      help: "an API that is imported needs a public URL suffix, such as `path: openai`",
    });
  }
  if (!openapi && unlisted && stringAt(unlisted) === "remove") {
    report({
      rule: "remove-without-openapi",
      message:
        "`unlisted: remove` needs the API's `openapi`: without it the operations to remove are not known",
      span: unlisted.node,
      path: unlisted.path,
      help: "give `openapi`, or choose `deny`",
    });
  }
}

function checkFallback(operation: Place, report: Report): void {
  const own = stringAt(field(operation, "backend"));
  const seen = new Set<string>();
  for (const target of fallbackTargets(operation)) {
    const id = stringAt(target);
    if (id === undefined) continue;
    if (id === own || seen.has(id)) {
      const why = id === own ? "is where this operation goes first" : "is in this fallback already";
      const help = "to try the same one again, use `retry`";
      report({
        rule: "duplicate-fallback",
        message: `\`${id}\` ${why}`,
        span: target.node,
        path: target.path,
        help,
      });
    }
    seen.add(id);
  }
}

function checkRetry(operation: Place, pools: ReadonlySet<string>, report: Report): void {
  const retry = field(operation, "retry");
  const backend = field(operation, "backend");
  if (!retry || scalarAt(retry) !== true) return;
  const id = stringAt(backend);
  if (backend && (id === undefined || pools.has(id))) return;
  const found = id === undefined ? "this operation names none" : `\`${id}\` is not one`;
  report({
    rule: "retry-needs-pool",
    message: `\`retry: true\` needs a pool, and ${found}`,
    span: retry.node,
    path: retry.path,
    help: "write `retry: { on: [429, 503], count: 1, interval: 1 }`, or name a pool as backend",
  });
}

/** The spec denies in the API's own document, which it must then write itself. */
function checkApiDocument(api: Place, report: Report): void {
  checkDocument(api, ["deny"], report);
  const policies = field(api, "policies");
  const document = field(policies, "document");
  const isLeftAlone = scalarAt(policies) === false;
  const unlisted = stringAt(field(api, "unlisted")) ?? "deny";
  if (!policies || (!isLeftAlone && !document) || unlisted !== "deny") return;
  report({
    rule: "document-conflict",
    message: isLeftAlone
      ? "`policies: false` leaves the API's document alone, and `unlisted: deny` must write into it"
      : "`policies.document` is the API's whole document, and `unlisted: deny` must write into it",
    span: keySpan(document ?? policies),
    path: (document ?? policies).path,
    help: "set `unlisted: allow`: what the document denies it still denies",
  });
}

/** A whole document leaves nothing for anything else to write. */
function checkDocument(owner: Place, keys: readonly string[], report: Report): void {
  const policies = field(owner, "policies");
  const document = field(policies, "document");
  if (!document) return;
  const sections = fields(policies)
    .map(nameOf)
    .filter((name) => name !== "document")
    .map((name) => `policies.${name}`);
  const others = [...keys.filter((key) => field(owner, key)), ...sections];
  if (others.length === 0) return;
  report({
    rule: "document-conflict",
    message: `\`policies.document\` is the whole document, and ${others.map((key) => `\`${key}\``).join(", ")} would write into it`,
    span: keySpan(document),
    path: document.path,
    help: "keep one of the two; the document can hold everything itself",
  });
}

const writersOfBackendSection = ["fallback", "retry", "timeout"] as const;

function checkBackendSection(operation: Place, report: Report): void {
  const section = field(field(operation, "policies"), "backend");
  const writers = writersOfBackendSection.filter((key) => field(operation, key));
  if (!section || writers.length === 0) return;
  report({
    rule: "backend-section-conflict",
    message: `\`policies.backend\` and ${writers.map((key) => `\`${key}\``).join(", ")} both write the backend section`,
    span: keySpan(section),
    path: section.path,
    help: "keep one of the two; hand-written XML can do its own retry and forward-request",
  });
}
