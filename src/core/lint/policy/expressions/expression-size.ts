import { maxExpressionLength } from "../../../policy/expression/csharp/grammar.ts";
import { closerOf, isCloser } from "../../../policy/expression/tokens.ts";
import type { PolicyExpression } from "../../../policy/expression/scan.ts";

/** Brackets inside each other; public documents have up to 7. */
const maxBrackets = 200;
/** Tokens between two semicolons, where one fault costs the parser the square of what it has kept open; there, up to 458. */
const maxStatementTokens = 2_000;

/**
 * Whether an expression is not even handed to the parser: too long, nested too deeply, or one endless statement. What the parser
 * does with such code if it turns out to be no C# has no other bound: it is within a single one of its steps.
 */
export function isTooLarge({ code, codeOffset, tokens }: PolicyExpression): boolean {
  if (code.length > maxExpressionLength) return true;
  let open = 0;
  let inStatement = 0;
  for (const { kind, start } of tokens) {
    if (kind === "space" || kind === "comment") continue;
    const character = kind === "punctuation" ? code.charAt(start - codeOffset) : "";
    if (closerOf(character) !== undefined) open += 1;
    else if (isCloser(character)) open -= 1;
    inStatement = character === ";" ? 0 : inStatement + 1;
    if (open > maxBrackets || inStatement > maxStatementTokens) return true;
  }
  return false;
}
