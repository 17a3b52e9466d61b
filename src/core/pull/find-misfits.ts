/** Reads a pulled spec back, compiles it, and compares it with what it was pulled from: what a user would do next. */
import { compile } from "../compile/compile.ts";
import type { PolicySource } from "../compile/hand-written.ts";
import { comparePlan, plainly } from "../plan/compare.ts";
import type { LiveModel } from "../plan/live.ts";
import type { Change } from "../plan/plan.ts";
import { apiPath } from "../model/kinds/api.ts";
import { backendPath } from "../model/kinds/backend.ts";
import { diagnosticIds } from "../model/kinds/diagnostic.ts";
import { fragmentPath } from "../model/kinds/fragment.ts";
import { loggerPath } from "../model/kinds/logger.ts";
import { namedValuePath } from "../model/kinds/named-value.ts";
import { operationPath } from "../model/kinds/operation.ts";
import { globalPolicyPath, policyPath } from "../model/kinds/policy.ts";
import { productPath } from "../model/kinds/product.ts";
import { versionSetPath } from "../model/kinds/version-set.ts";
import { subscriptionPath } from "../model/kinds/subscription.ts";
import type { Problem } from "../problem.ts";
import { parseSpec } from "../spec/parse-spec.ts";
import { policyXmlPlaces } from "../spec/policy-xml-places.ts";
import { productDocumentKeys } from "../spec/schema-product.ts";
import type { Misfit } from "./concessions.ts";
import type { PolicyFile } from "./policy-files.ts";

export type Checked = {
  readonly misfits: readonly Misfit[];
  /** What planning would show; unknown while the spec does not compile. */
  readonly changes: readonly Change[];
};

const file = "gateway.yaml";

export function findMisfits(text: string, files: readonly PolicyFile[], live: LiveModel): Checked {
  const { parsed, problems } = parseSpec(text, { file, variables: {} });
  if (parsed === undefined)
    return { misfits: problems.map((problem) => misfitOf(problem, files)), changes: [] };
  const texts = new Map(files.map((each) => [each.path, each.text]));
  const policySources = new Map(
    policyXmlPlaces(parsed.spec).map(({ pointer, xml }): [string, PolicySource] => {
      if (typeof xml === "string") return [pointer, { pointer, text: xml }];
      return [pointer, { pointer, text: texts.get(xml.file) ?? "", file: xml.file }];
    }),
  );
  const compiled = compile({ parsed, openApi: new Map(), policySources });
  const errors = compiled.problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0) return { misfits: errors.map((problem) => misfitOf(problem, files)), changes: [] };
  const { plan } = comparePlan(compiled.model, live, { ...plainly, showsProtected: true });
  return { misfits: plan.changes.flatMap(misfitsOfChange), changes: plan.changes };
}

/** What a plan deletes is not in the spec, so there is nothing to take out of it. */
function misfitsOfChange({ action, kind, path, edits }: Change): Misfit[] {
  if (action === "delete") return [];
  const differing = edits.map((edit) => edit.path.split(/[.[]/, 1)[0] ?? "");
  const names = [...new Set(edits.map((edit) => `\`${edit.path}\``))].join(", ");
  const why =
    names === ""
      ? "the spec's language cannot say its document"
      : `the spec's language cannot say its ${names}`;
  if (kind !== "api") return [{ path, why }];
  return [...new Set(differing.map((name) => specKeys[name] ?? name))].map((property) => ({
    path,
    property,
    why,
  }));
}

/** Properties of an API that the spec calls something else. */
const specKeys: Readonly<Record<string, string>> = {
  apiVersion: "version",
  apiVersionSetId: "version",
  subscriptionRequired: "subscriptionKey",
  subscriptionKeyParameterNames: "subscriptionKey",
};

const apiProperties = ["displayName", "description", "path", "version", "serviceUrl", "subscriptionKey"];

/** The resource that a problem is about. Throws when it is about none: then what was written is wrong as such. */
function misfitOf({ at, message }: Problem, files: readonly PolicyFile[]): Misfit {
  const inFile = files.find(({ path }) => path === at.file);
  if (inFile !== undefined) return { path: inFile.resource, why: message };
  const misfit = misfitAt(segmentsOf(at.pointer ?? ""), message);
  if (misfit === undefined) throw new Error(`what pull wrote is no spec: ${at.pointer ?? ""} ${message}`);
  return misfit;
}

function segmentsOf(jsonPointer: string): string[] {
  const segments = jsonPointer.split("/").slice(1);
  return segments.map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}

const paths: Readonly<Record<string, (id: string) => string>> = {
  backends: backendPath,
  pools: backendPath,
  namedValues: namedValuePath,
  loggers: loggerPath,
  fragments: fragmentPath,
  versionSets: versionSetPath,
  products: productPath,
  serviceDiagnostics: (name) => `diagnostics/${name.toLowerCase()}`,
};

function misfitAt([collection = "", id, key, name]: readonly string[], why: string): Misfit | undefined {
  if (collection === "policies") return { path: globalPolicyPath, why };
  if (id === undefined) return undefined;
  const writesDocument: readonly string[] = [...productDocumentKeys, "policies"];
  if (collection === "products" && key !== undefined && writesDocument.includes(key))
    return { path: policyPath(productPath(id)), why };
  if (collection === "products" && key === "subscriptions" && name !== undefined)
    return { path: subscriptionPath(name), why };
  if (collection !== "apis") {
    const path = paths[collection];
    return path && { path: path(id), why };
  }
  const api = apiPath(id);
  if (key === undefined) return { path: api, why };
  if (apiProperties.includes(key)) return { path: api, property: key, why };
  if (key === "operations" && name !== undefined) return { path: policyPath(operationPath(id, name)), why };
  const diagnostic = Object.entries(diagnosticIds).find(([each]) => each === name)?.[1];
  if (key === "diagnostics" && diagnostic !== undefined)
    return { path: `${api}/diagnostics/${diagnostic}`, why };
  return { path: policyPath(api), why };
}
