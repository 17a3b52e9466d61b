import type { PolicyExpression } from "../../../policy/expression/scan.ts";
import type { PlacedExpression } from "../policy-context.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { analyseExpressions } from "./expression-analysis.ts";
import { findingAtExpression } from "./expression-finding.ts";

const statement = /^(?:return|if|for|foreach|while|switch|try|using|var|throw)\b/;

/** Why the code between `@(` and `)` is no expression though it may be C#; undefined when it is not for that reason. */
export function whyNoValue({ kind, code, codeOffset, tokens }: PolicyExpression): string | undefined {
  if (kind !== "single") return undefined;
  const meaning = tokens.filter((token) => token.kind !== "space" && token.kind !== "comment");
  const [first] = meaning;
  const last = meaning.at(-1);
  if (first === undefined || last === undefined) return "the expression is empty";
  const word = statement.exec(code.slice(first.start - codeOffset))?.[0];
  const isCalled = word !== undefined && code.charAt(first.end - codeOffset) === ".";
  if (word !== undefined && !isCalled) return `\`@(…)\` holds a statement (\`${word}\`), not a value`;
  return code.charAt(last.start - codeOffset) === ";" && last.kind === "punctuation"
    ? "`@(…)` holds an expression without a semicolon, not a statement"
    : undefined;
}

export const expressionNotAValue: PolicyRule = {
  id: "expression-not-a-value",
  severity: "error",
  summary: "`@(…)` holds a statement, or nothing, where a value is needed.",
  why: "A single-statement expression is one C# expression; statements belong into `@{ … }` and end in return. See https://learn.microsoft.com/azure/api-management/api-management-policy-expressions#syntax.",
  needsGrammar: true,
  examples: {
    bad: `<policies><inbound><set-variable name="a" value="@(return context.RequestId;)" /></inbound></policies>`,
    good: `<policies><inbound><set-variable name="a" value="@{ return context.RequestId; }" /></inbound></policies>`,
  },
  *check(context) {
    const analysis = analyseExpressions(context);
    const isInvalid = (placed: PlacedExpression) => analysis.of(placed).state === "invalid";
    for (const placed of context.expressions) {
      const message = isInvalid(placed) ? whyNoValue(placed.expression) : undefined;
      if (message === undefined) continue;
      yield findingAtExpression(context, placed, message, {
        help: "write one expression without semicolon in `@(…)`, or statements that end in return in `@{ … }`",
      });
    }
  },
};
