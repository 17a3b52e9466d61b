import { createPolicyContext } from "../../../../../src/core/lint/policy/policy-context.ts";
import type { PolicyLintContext } from "../../../../../src/core/lint/policy/policy-context.ts";
import type { PolicyElement } from "../../../../../src/core/policy/tree.ts";
import type { PolicyExpression } from "../../../../../src/core/policy/expression/scan.ts";

/** A document without source around one attribute value; `expression` stands in for what the value scans to. */
export function buildContext(value: string, expression?: PolicyExpression): PolicyLintContext {
  const context = createPolicyContext({
    before: [],
    root: {
      ...bare,
      name: "policies",
      children: [{ ...bare, name: "inbound", children: [setVariable(value)] }],
    },
    after: [],
  });
  if (expression === undefined) return context;
  return { ...context, expressions: context.expressions.map((placed) => ({ ...placed, expression })) };
}

const bare = { type: "element", attributes: [] } as const;

function setVariable(value: string): PolicyElement {
  const attributes = [
    { name: "name", value: "a" },
    { name: "value", value },
  ];
  return { type: "element", name: "set-variable", attributes, children: [] };
}
