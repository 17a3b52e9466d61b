/** The rules over policy documents, run over the documents that a spec compiles to. */
import { locateIn } from "../../compile/hand-written.ts";
import type { PolicySource } from "../../compile/hand-written.ts";
import type { Model, Resource } from "../../model/resource.ts";
import type { PolicyDocument, PolicyElement } from "../../policy/tree.ts";
import { compareProblems } from "../../problem.ts";
import type { Problem } from "../../problem.ts";
import type { ParsedSpec } from "../../spec/source.ts";
import { lintPolicyTree } from "./lint-policy.ts";
import type { PolicyScope } from "./policy-rule.ts";
import type { Severities } from "./severities.ts";
import { createTemplateParameters } from "./template-parameters.ts";

export type LintCompiledInput = ParsedSpec & {
  readonly model: Model;
  /** Which text each hand-written element came from. */
  readonly handWritten: ReadonlyMap<PolicyElement, PolicySource>;
  readonly severities?: Severities;
  readonly checksExpressions?: boolean;
};

/**
 * Problems in the documents of a model, sorted by place. In hand-written parts they point into the user's text, elsewhere to the
 * entry of the spec that the document comes from. Of what the compiler itself wrote only errors are told: a section without
 * `<base />`, say, is what `inheritance: replace` asks for. References are left to the compiler, which has checked them.
 */
export function lintCompiledPolicies({
  spec,
  source,
  model,
  handWritten,
  ...options
}: LintCompiledInput): Problem[] {
  const fragments = new Map(
    model.resources.flatMap(({ kind, id, document }): [string, PolicyDocument][] =>
      kind === "fragment" && document !== undefined ? [[id.toLowerCase(), document]] : [],
    ),
  );
  const templateParameters = createTemplateParameters(model);
  return model.resources
    .flatMap((resource) => {
      if (resource.document === undefined) return [];
      const scope = scopeOf(resource);
      return lintPolicyTree(resource.document, {
        ...options,
        scope,
        fragments,
        sku: spec.service.sku,
        templateParameters: templateParameters(resource),
        textOf: (element) => handWritten.get(element),
        sourceOf: (element) => handWritten.get(element)?.text,
        concerns: (element, severity) => severity === "error" || handWritten.has(element),
        locate: (element, range) => {
          const text = handWritten.get(element);
          return text === undefined || range === undefined ? resource.origin : locateIn(text, source, range);
        },
      });
    })
    .sort(compareProblems);
}

function scopeOf({ kind, path }: Resource): PolicyScope | undefined {
  if (kind !== "policy") return undefined;
  if (/^apis\/[^/]+\/operations\//.test(path)) return "operation";
  if (path.startsWith("apis/")) return "api";
  return path.startsWith("products/") ? "product" : "global";
}
