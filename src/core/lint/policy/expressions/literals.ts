import type { CodeModel } from "../../../policy/expression/csharp/code-model.ts";
import { withoutParentheses } from "../../../policy/expression/csharp/node.ts";
import type { CSharpNode } from "../../../policy/expression/csharp/node.ts";

/** The text of a string literal without escapes; undefined for every other node. */
export function literalText(node: CSharpNode, { textOf }: CodeModel): string | undefined {
  const inner = withoutParentheses(node);
  const text = textOf(inner);
  if (inner.type === "string_literal") return text.includes("\\") ? undefined : text.slice(1, -1);
  return inner.type === "verbatim_string_literal" ? text.slice(2, -1).replaceAll('""', '"') : undefined;
}

/** Whether the text is not final: a named value or another placeholder stands in it. */
export function isReplacedLater(text: string): boolean {
  return /\{\{|\$\{|#\{|\$\(|%\{|__|\{\w*\}|<[A-Z]/.test(text);
}
