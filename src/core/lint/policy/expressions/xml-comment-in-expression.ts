import { expressionOf, startsAsExpression } from "../../../policy/expression/scan.ts";
import { elementText } from "../../../policy/tree.ts";
import type { PolicyElement } from "../../../policy/tree.ts";
import type { PolicyFinding, PolicyRule } from "../policy-rule.ts";
import { codeOutsideText } from "./code-outside-text.ts";
import { findingAt } from "./expression-finding.ts";

const message = "an XML comment inside a C# expression";
const help = "write `// …` or `/* … */`, or move the comment out of the expression";

export const xmlCommentInExpression: PolicyRule = {
  id: "xml-comment-in-expression",
  severity: "error",
  summary: "An XML comment stands inside the C# of an expression.",
  why: "To the C# compiler `<!--` is no comment, and saving fails. See https://github.com/MicrosoftDocs/azure-docs/issues/39802.",
  examples: {
    bad: "<policies><inbound><set-body>@{\n  <!-- as text -->\n  return \"a\" + 'b';\n}</set-body></inbound></policies>",
    good: "<policies><inbound><set-body>@{\n  // as text\n  return \"a\" + 'b';\n}</set-body></inbound></policies>",
  },
  *check(context) {
    for (const placed of context.expressions) {
      for (const { index } of codeOutsideText(placed.expression).matchAll(/<!--/g)) {
        const close = placed.expression.code.indexOf("-->", index);
        const end = close === -1 ? index + 4 : close + 3;
        yield findingAt(context, placed, { start: index, end }, message, { help });
      }
    }
    for (const { element } of context.elements) yield* commentsBetween(element);
  },
};

/** In well-formed XML the comment is a node between two texts, which only together are an expression. */
function* commentsBetween(element: PolicyElement): Iterable<PolicyFinding> {
  const [first] = element.children;
  if (first?.type !== "text" || !startsAsExpression(first.value)) return;
  if (expressionOf(first.value) !== undefined || expressionOf(elementText(element)) === undefined) return;
  for (const node of element.children) {
    if (node.type !== "comment") continue;
    yield { message, help, element, ...(node.range === undefined ? {} : { range: node.range }) };
  }
}
