import type { Report } from "./finding.ts";
import { fallbackTargets, routesOf } from "./spec-places.ts";
import { productDocumentKeys } from "./schema-product.ts";
import { field, fields, keySpan, nameOf, scalarAt, stringAt, type Place } from "./yaml-node.ts";

/** What the parts of a scope say must make sense together: those of an API and its operations, of a product, of all. */
export function checkRouting(root: Place, report: Report): void {
  const pools = new Set(fields(field(root, "pools")).map(nameOf));
  for (const api of fields(field(root, "apis"))) {
    checkImport(api, report);
    checkApiDocument(api, report);
    for (const operation of fields(field(api, "operations"))) {
      for (const route of routesOf(operation)) {
        checkFallback(route, report);
        checkRetry(route, pools, report);
      }
      checkModels(operation, report);
      checkBackendSection(operation, report);
      checkDocument(operation, ["backend", ...writersOfBackendSection, "streaming", "models"], report);
    }
  }
  for (const product of fields(field(root, "products"))) {
    checkDocument(product, productDocumentKeys, report);
  }
  checkDocument(root, [], report);
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

function checkFallback(route: Place, report: Report): void {
  const own = stringAt(field(route, "backend"));
  const seen = new Set<string>();
  for (const target of fallbackTargets(route)) {
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

function checkRetry(route: Place, pools: ReadonlySet<string>, report: Report): void {
  const retry = field(route, "retry");
  const backend = field(route, "backend");
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

/** With `models` the operation itself says nothing of where its calls go; an answer to unknown models needs them. */
function checkModels(operation: Place, report: Report): void {
  const models = field(operation, "models");
  const answer = field(operation, "unknownModel");
  if (!models && answer) {
    report({
      rule: "models-conflict",
      message: "`unknownModel` is the answer to models that `models` denies, and there is no `models`",
      span: keySpan(answer),
      path: answer.path,
      help: "remove it, or list the models that are open under `models`",
    });
  }
  const others = ["backend", ...writersOfBackendSection].filter((key) => field(operation, key));
  if (!models || others.length === 0) return;
  report({
    rule: "models-conflict",
    message: `\`models\` says where each model's calls go, and ${others.map((key) => `\`${key}\``).join(", ")} of the operation would say it again`,
    span: keySpan(models),
    path: models.path,
    help: "move it into the entries of `models`; `otherwise: { backend: ... }` is for all models that are not listed",
  });
}

const writersOfBackendSection = ["fallback", "retry", "timeout"] as const;

function checkBackendSection(operation: Place, report: Report): void {
  const section = field(field(operation, "policies"), "backend");
  const writers = writersOfBackendSection.filter((key) =>
    routesOf(operation).some((route) => field(route, key)),
  );
  const streams = scalarAt(field(operation, "streaming")) === true;
  const keys = [...writers, ...(streams ? ["streaming"] : [])];
  if (!section || keys.length === 0) return;
  report({
    rule: "backend-section-conflict",
    message: `\`policies.backend\` and ${keys.map((key) => `\`${key}\``).join(", ")} both write the backend section`,
    span: keySpan(section),
    path: section.path,
    help: "keep one of the two; hand-written XML can do its own retry and forward-request",
  });
}
