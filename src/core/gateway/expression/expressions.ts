/** The way in: text of a policy expression to something that can be evaluated against a call, any number of times. */
import { LineIndex } from "../../policy/positions.ts";
import { expressionOf } from "../../policy/expression/scan.ts";
import { isCSharpGrammarLoaded, parseCSharp } from "../../policy/expression/csharp/grammar.ts";
import type { GatewayContext } from "../context.ts";
import type { EvaluationLimits } from "./evaluation.ts";
import type { Value } from "./values.ts";

export type PreparedExpression = {
  readonly kind: "prepared";
  /** Whether the code asks for the body of a message: `.Body` is in it. */
  readonly readsBody: boolean;
  /**
   * Gives the value. Changes nothing in the context but bodies that are read, and traces. Throws DotNetException for what
   * .NET would throw, EvaluationLimit when it takes too much, NotSimulated when a value turns out to be one that is refused.
   */
  readonly evaluate: (context: GatewayContext, limits?: EvaluationLimits) => Value;
};

/** Why an expression cannot be evaluated, and where: offset from 0 in the text, line and column from 1. */
export type UnsupportedExpression = {
  readonly kind: "unsupported";
  readonly message: string;
  readonly offset: number;
  readonly line: number;
  readonly column: number;
};

/**
 * Reads the text of a value that is one expression, `@(...)` or `@{...}`, named values already replaced. The grammar must be
 * loaded (`loadCSharpGrammar`).
 */
export function prepareExpression(text: string): PreparedExpression | UnsupportedExpression {
  const expression = expressionOf(text);
  if (expression === undefined) return unsupported(text, "This is no policy expression.", 0);
  if (!isCSharpGrammarLoaded()) throw new Error("loadCSharpGrammar comes before prepareExpression");
  const tree = parseCSharp(expression.code, expression.kind);
  if (tree?.body === undefined || tree.hasError) {
    return unsupported(text, "This is not the C# of policy expressions.", expression.codeOffset);
  }
  return unsupported(text, "This kind of expression is not simulated.", expression.codeOffset);
}

function unsupported(text: string, message: string, offset: number): UnsupportedExpression {
  const { line, column } = new LineIndex(text).position(offset);
  return { kind: "unsupported", message, offset, line, column };
}
