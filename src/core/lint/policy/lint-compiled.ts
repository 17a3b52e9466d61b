/** The rules over policy documents, run over the documents that a spec compiles to. */
import type { SpecKey } from "../../compile/element-keys.ts";
import { locateIn } from "../../compile/hand-written.ts";
import type { PolicySource } from "../../compile/hand-written.ts";
import type { Location } from "../../location.ts";
import type { Model, Resource } from "../../model/resource.ts";
import { childElements } from "../../policy/tree.ts";
import type { PolicyDocument, PolicyElement, Range } from "../../policy/tree.ts";
import { compareProblems } from "../../problem.ts";
import type { Problem } from "../../problem.ts";
import type { ParsedSpec } from "../../spec/source.ts";
import { findFragmentCycles, fragmentIncludes } from "./fragment-cycles.ts";
import { lintPolicyTree } from "./lint-policy.ts";
import type { PolicyScope } from "./policy-rule.ts";
import type { Severities } from "./severities.ts";
import { createTemplateParameters } from "./template-parameters.ts";

export type LintCompiledInput = ParsedSpec & {
  readonly model: Model;
  /** Which text each hand-written element came from. */
  readonly handWritten: ReadonlyMap<PolicyElement, PolicySource>;
  /** Which key of the spec each of the other elements was written for. */
  readonly elementKeys: ReadonlyMap<PolicyElement, SpecKey>;
  readonly severities?: Severities;
  readonly checksExpressions?: boolean;
};

type Fragment = { readonly resource: Resource; readonly document: PolicyDocument };

/**
 * Problems in the documents of a model, sorted by place. In hand-written parts they point into the user's text, elsewhere to the
 * key of the spec that the element was written for, or else to the entry that the document comes from. Of what the compiler itself wrote only errors are told: a section without
 * `<base />`, say, is what `inheritance: replace` asks for. References are left to the compiler, which has checked them.
 */
export function lintCompiledPolicies({
  spec,
  source,
  model,
  handWritten,
  elementKeys,
  ...options
}: LintCompiledInput): Problem[] {
  const locateFor = ({ origin, document }: Resource) => {
    const keys = document === undefined ? elementKeys : inherited(elementKeys, document.root);
    return (element: PolicyElement, range: Range | undefined): Location => {
      const text = handWritten.get(element);
      if (text !== undefined) return range === undefined ? origin : locateIn(text, source, range);
      const key = keys.get(element);
      if (key === undefined) return origin;
      return key.part === "key" ? source.locateKey(key.pointer) : source.locate(key.pointer);
    };
  };
  const fragments = new Map(
    model.resources.flatMap((resource): [string, Fragment][] => {
      const { kind, id, document } = resource;
      return kind === "fragment" && document !== undefined
        ? [[id.toLowerCase(), { resource, document }]]
        : [];
    }),
  );
  const fragmentDocuments = new Map([...fragments].map(([id, { document }]) => [id, document]));
  const templateParameters = createTemplateParameters(model);
  const problems = model.resources.flatMap((resource) => {
    if (resource.document === undefined) return [];
    const scope = scopeOf(resource, spec.service.workspace !== undefined);
    return lintPolicyTree(resource.document, {
      ...options,
      scope,
      fragments: fragmentDocuments,
      sku: spec.service.sku,
      templateParameters: templateParameters(resource),
      textOf: (element) => handWritten.get(element),
      sourceOf: (element) => handWritten.get(element)?.text,
      concerns: (element, severity) => severity === "error" || handWritten.has(element),
      locate: locateFor(resource),
    });
  });
  const including = [...fragments.values()].map(({ resource, document }) => ({
    id: resource.id,
    includes: fragmentIncludes(document.root, locateFor(resource)),
  }));
  return [...problems, ...findFragmentCycles(including)].sort(compareProblems);
}

/** What stands in an element was written for the same key, unless it has its own. */
function inherited(
  elementKeys: ReadonlyMap<PolicyElement, SpecKey>,
  root: PolicyElement,
): ReadonlyMap<PolicyElement, SpecKey> {
  const keys = new Map<PolicyElement, SpecKey>();
  const visit = (element: PolicyElement, above: SpecKey | undefined): void => {
    const key = elementKeys.get(element) ?? above;
    if (key !== undefined) keys.set(element, key);
    for (const child of childElements(element)) visit(child, key);
  };
  visit(root, undefined);
  return keys;
}

function scopeOf({ kind, path }: Resource, isInWorkspace: boolean): PolicyScope | undefined {
  if (kind !== "policy") return undefined;
  if (/^apis\/[^/]+\/operations\//.test(path)) return "operation";
  if (path.startsWith("apis/")) return "api";
  if (path.startsWith("products/")) return "product";
  return isInWorkspace ? "workspace" : "global";
}
