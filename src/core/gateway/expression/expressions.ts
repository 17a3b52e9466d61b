/** The way in: text of a policy expression to something that can be evaluated against a call, any number of times. */
import { LineIndex } from "../../policy/positions.ts";
import { createCodeModel } from "../../policy/expression/csharp/code-model.ts";
import { isCSharpGrammarLoaded, parseCSharp } from "../../policy/expression/csharp/grammar.ts";
import { expressionOf } from "../../policy/expression/scan.ts";
import type { PolicyExpression } from "../../policy/expression/scan.ts";
import type { GatewayContext } from "../context.ts";
import { compileCode } from "./compile/compile.ts";
import { RefusedCode } from "./compile/compiler.ts";
import { Frame } from "./compile/frame.ts";
import type { Code } from "./compile/frame.ts";
import { EvaluationLimit, NotSimulated, UnsupportedEvaluation } from "./errors.ts";
import { Evaluation, defaultLimits } from "./evaluation.ts";
import type { EvaluationLimits } from "./evaluation.ts";
import type { Value } from "./values.ts";

export type PreparedExpression = {
  readonly kind: "prepared";
  /** Whether the code asks for the body of a message: `.Body` is in it. */
  readonly readsBody: boolean;
  /**
   * Gives the value. Changes nothing in the context but bodies that are read, and traces. Throws DotNetException for what
   * .NET would throw, EvaluationLimit when it takes too much, UnsupportedEvaluation when a value turns out to be one whose
   * member or operator is refused.
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
  const cached = prepared.get(text);
  if (cached !== undefined) return cached;
  const made = prepare(text, expression);
  if (prepared.size >= maxPrepared) prepared.clear();
  prepared.set(text, made);
  return made;
}

const prepared = new Map<string, PreparedExpression | UnsupportedExpression>();
const maxPrepared = 2_000;

function prepare(
  text: string,
  { code, codeOffset, kind }: PolicyExpression,
): PreparedExpression | UnsupportedExpression {
  const tree = parseCSharp(code, kind);
  const model = tree === undefined ? undefined : createCodeModel(tree);
  if (model === undefined) return unsupported(text, "This is not the C# of policy expressions.", codeOffset);
  try {
    const run = compileCode(model);
    return {
      kind: "prepared",
      readsBody: /\.\s*Body\b/.test(code),
      evaluate: evaluator(run, text, codeOffset),
    };
  } catch (error) {
    if (error instanceof RefusedCode) return unsupported(text, error.message, codeOffset + error.node.start);
    if (error instanceof NotSimulated)
      return unsupported(text, error.message, codeOffset + (error.offset ?? 0));
    throw error;
  }
}

function evaluator(run: Code, text: string, codeOffset: number): PreparedExpression["evaluate"] {
  return (context, limits = defaultLimits) => {
    try {
      return run(new Frame(new Evaluation(context, limits)));
    } catch (error) {
      throw evaluationError(error, text, codeOffset);
    }
  };
}

/** Offsets in the code become offsets in the text; the end of JavaScript's stack is a limit like the others. */
function evaluationError(error: unknown, text: string, codeOffset: number): unknown {
  if (error instanceof NotSimulated) {
    const offset = codeOffset + (error.offset ?? 0);
    const { line, column } = new LineIndex(text).position(offset);
    return new UnsupportedEvaluation(error.message, offset, line, column);
  }
  if (error instanceof RangeError)
    return new EvaluationLimit("The expression needs more stack or longer texts than there are.");
  return error;
}

function unsupported(text: string, message: string, offset: number): UnsupportedExpression {
  const { line, column } = new LineIndex(text).position(offset);
  return { kind: "unsupported", message, offset, line, column };
}
