/** Every expression of a document parsed at most once, when the first rule asks for it. */
import { createCodeModel } from "../../../policy/expression/csharp/code-model.ts";
import type { CodeModel } from "../../../policy/expression/csharp/code-model.ts";
import { isCSharpGrammarLoaded, parseCSharp } from "../../../policy/expression/csharp/grammar.ts";
import { walkCSharp } from "../../../policy/expression/csharp/node.ts";
import type { CSharpTree } from "../../../policy/expression/csharp/node.ts";
import type { PolicyExpression } from "../../../policy/expression/scan.ts";
import type { PlacedExpression, PolicyLintContext } from "../policy-context.ts";
import { isTooLarge } from "./expression-size.ts";

export type AnalysedExpression =
  | { readonly state: "parsed"; readonly model: CodeModel }
  | { readonly state: "invalid"; readonly tree: CSharpTree }
  /** Longer, or nested deeper, than what is looked at. */
  | { readonly state: "too-long" }
  /** Too much before it in the document is no C#. */
  | { readonly state: "given-up" }
  /** Holds what is replaced before the compiler sees it, or the grammar is not loaded: nothing can be said. */
  | { readonly state: "skipped" };

export type ParsedExpression = { readonly placed: PlacedExpression; readonly model: CodeModel };

export type ExpressionAnalysis = {
  readonly of: (placed: PlacedExpression) => AnalysedExpression;
  /** The expressions that are C#, in document order. */
  readonly parsed: () => readonly ParsedExpression[];
};

/**
 * Getting over faults is what takes time. After so many characters of code that is no C#, the rest of a document is not looked
 * into. Of 392 public documents none has more than 960.
 */
export const maxFaultyCode = 4_096;

const analyses = new WeakMap<PolicyLintContext, ExpressionAnalysis>();

/** The analysis that all rules share for one document. */
export function analyseExpressions(context: PolicyLintContext): ExpressionAnalysis {
  const known = analyses.get(context);
  if (known !== undefined) return known;
  const created = createExpressionAnalysis(context.expressions);
  if (isCSharpGrammarLoaded()) analyses.set(context, created);
  return created;
}

/** Parses all when the first is asked for, in document order: which of them are given up must not depend on who asks. */
function createExpressionAnalysis(expressions: readonly PlacedExpression[]): ExpressionAnalysis {
  let results: ReadonlyMap<PlacedExpression, AnalysedExpression> | undefined;
  let parsed: readonly ParsedExpression[] | undefined;
  const of = (placed: PlacedExpression): AnalysedExpression => {
    results ??= analyseAll(expressions);
    return results.get(placed) ?? { state: "skipped" };
  };
  const collect = () =>
    expressions.flatMap((placed): ParsedExpression[] => {
      const result = of(placed);
      return result.state === "parsed" ? [{ placed, model: result.model }] : [];
    });
  return { of, parsed: () => (parsed ??= collect()) };
}

function analyseAll(
  expressions: readonly PlacedExpression[],
): ReadonlyMap<PlacedExpression, AnalysedExpression> {
  const results = new Map<PlacedExpression, AnalysedExpression>();
  let faulty = 0;
  for (const placed of expressions) {
    const result: AnalysedExpression =
      faulty > maxFaultyCode ? { state: "given-up" } : analyse(placed.expression);
    results.set(placed, result);
    if (wasInVain(placed.expression, result)) faulty += placed.expression.code.length;
  }
  return results;
}

/** Whether the parser was at work on it, and found no C#. */
function wasInVain(expression: PolicyExpression, { state }: AnalysedExpression): boolean {
  return isCSharpGrammarLoaded() && state !== "parsed" && !isTooLarge(expression);
}

function analyse(expression: PolicyExpression): AnalysedExpression {
  if (!isCSharpGrammarLoaded()) return { state: "skipped" };
  if (isTooLarge(expression)) return { state: "too-long" };
  const tree = parseCSharp(maskNamedValues(expression), expression.kind);
  if (tree === undefined) return { state: "too-long" };
  const model = createCodeModel(tree);
  if (model === undefined)
    return mayBeReplaced(expression) ? { state: "skipped" } : { state: "invalid", tree };
  return hasStrayBraces(model) ? { state: "skipped" } : { state: "parsed", model };
}

const maskedNamedValue = /^_nv_+$/;

/** Whether an identifier stands for a named value, whose text is not known. */
export function isMaskedNamedValue(name: string): boolean {
  return maskedNamedValue.test(name);
}

/** Named values outside strings become identifiers of the same length, so that offsets stay. */
function maskNamedValues({ code, codeOffset, tokens }: PolicyExpression): string {
  let masked = code;
  for (const { kind, start, end } of tokens) {
    if (kind !== "namedValue") continue;
    const name = "_nv".padEnd(end - start, "_");
    masked = masked.slice(0, start - codeOffset) + name + masked.slice(end - codeOffset);
  }
  return masked;
}

const replaced =
  /\{\{|\}\}|\$\{|#\{|\$\(|%\{|%\w+%|__\w+__|\{\d+\}|<[A-Z][A-Z0-9_-]+>|\[\[|@@|<%|&(?:lt|gt|amp|quot|apos|#\d+|#x[\da-fA-F]+);/;
const pythonFormat = /\{\w*\}/;
/** An entity in a hole of an interpolated string. Documents of mixed spelling that are deployed have such. */
const entityInHole = /\{[^{}]*&(?:lt|gt|amp|quot|apos);/;

/** Whether code that is no C# may become C# when placeholders in it are replaced, or entities in it are resolved. */
function mayBeReplaced({ code, codeOffset, tokens, kind }: PolicyExpression): boolean {
  let outside = "";
  for (const token of tokens) {
    if (token.kind === "namedValue") return true;
    const text = code.slice(token.start - codeOffset, token.end - codeOffset);
    if (/^@?\$/.test(text) && entityInHole.test(text)) return true;
    const isText = token.kind === "string" || token.kind === "comment" || token.kind === "character";
    outside += isText ? " " : text;
  }
  return replaced.test(outside) || (kind === "single" && pythonFormat.test(outside));
}

const initialized = new Set([
  ...["array_creation_expression", "implicit_array_creation_expression", "object_creation_expression"],
  ...["implicit_object_creation_expression", "initializer_expression", "variable_declarator"],
  ...["stackalloc_expression", "implicit_stackalloc_expression", "assignment_expression", "with_expression"],
]);

/** `{0}` where no list of values can stand: the grammar takes it, C# does not, and templates are written so. */
function hasStrayBraces({ body }: CodeModel): boolean {
  let isStray = false;
  walkCSharp(body, ({ type }, ancestors) => {
    if (type === "initializer_expression" && !initialized.has(ancestors.at(-1)?.type ?? "")) isStray = true;
  });
  return isStray;
}
