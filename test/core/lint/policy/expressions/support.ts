import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { createPolicyContext } from "../../../../../src/core/lint/policy/policy-context.ts";
import type {
  PolicyContextOptions,
  PolicyLintContext,
} from "../../../../../src/core/lint/policy/policy-context.ts";
import { expressionRules } from "../../../../../src/core/lint/policy/expressions/index.ts";
import type { PolicyFinding } from "../../../../../src/core/lint/policy/policy-rule.ts";
import { loadCSharpGrammar } from "../../../../../src/core/policy/expression/csharp/grammar.ts";
import { parsePolicyDocument } from "../../../../../src/core/policy/parse.ts";
import type { PolicyDialect } from "../../../../../src/core/policy/tree.ts";

const modules = resolve(import.meta.dirname, "../../../../../node_modules");

/** The grammar from the packages that are installed. */
export function loadGrammar(): Promise<void> {
  return loadCSharpGrammar({
    runtime: readFileSync(resolve(modules, "web-tree-sitter/web-tree-sitter.wasm")),
    language: readFileSync(resolve(modules, "tree-sitter-c-sharp/tree-sitter-c_sharp.wasm")),
  });
}

export function contextOf(
  source: string,
  dialect: PolicyDialect | "auto" = "auto",
  options: PolicyContextOptions = {},
): PolicyLintContext | undefined {
  const parsed = parsePolicyDocument(source, { dialect });
  if (!parsed.ok) return undefined;
  return createPolicyContext(parsed.document, { source, dialect: parsed.dialect, ...options });
}

export type Found = PolicyFinding & { readonly rule: string; readonly line: number; readonly marked: string };

/** What all rules of the group find, in the order of the rules. */
export function findIn(context: PolicyLintContext): Found[] {
  return expressionRules.flatMap(({ id, severity, check }) =>
    [...check(context)].map((finding) => {
      const range = finding.range ?? finding.element.nameRange;
      return {
        ...finding,
        severity: finding.severity ?? severity,
        rule: id,
        line: range?.start.line ?? 0,
        marked: context.source?.slice(range?.start.offset, range?.end.offset) ?? "",
      };
    }),
  );
}

/** A document whose only expression is the value of set-variable in inbound. */
export function documentWith(expression: string): string {
  return `<policies><inbound><set-variable name="a" value="${expression}" /></inbound></policies>`;
}
