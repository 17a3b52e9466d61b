/** Expressions other than names and what follows them: literals, operators, casts, and what is handed on to other files. */
import { fieldOf, namedChildren, withoutParentheses } from "../../../policy/expression/csharp/node.ts";
import type { CSharpNode } from "../../../policy/expression/csharp/node.ts";
import { castValue, defaultOf } from "../conversions.ts";
import type { CastSource } from "../conversions.ts";
import { NotSimulated } from "../errors.ts";
import { formatHole } from "../format/composite.ts";
import { isInstance } from "../type-names.ts";
import { isValueType, objectType, printType } from "../type-ref.ts";
import { RecordValue, TypeValue } from "../values.ts";
import type { Value } from "../values.ts";
import { compileAssignment, compileStep } from "./assignments.ts";
import { compileChain, isChain } from "./chains.ts";
import { firstNamed, isBoxed, needed, refuse, textOf, typeAt, withinChecked } from "./compiler.ts";
import type { Compiler } from "./compiler.ts";
import { compileAnonymous, compileArray, compileImplicitArray, compileObject } from "./creation.ts";
import type { Code, Scope } from "./frame.ts";
import { compileFunction } from "./functions.ts";
import { characterLiteral, integerLiteral, realLiteral, stringLiteral, unescapeText } from "./literals.ts";
import { compileBinary, compileConditional, compileUnary } from "./operations.ts";
import { compileIsPattern } from "./patterns.ts";
import { compileQuery } from "./query.ts";
import { compileThrow } from "./exceptions.ts";

type Compile = (compiler: Compiler, node: CSharpNode, scope: Scope) => Code;

const constant = (read: (text: string, node: CSharpNode) => Value): Compile => {
  return (compiler, node) => {
    const value = read(textOf(compiler, node), node);
    return () => value;
  };
};

const kinds: Readonly<Record<string, Compile>> = {
  anonymous_method_expression: compileFunction,
  anonymous_object_creation_expression: compileAnonymous,
  array_creation_expression: compileArray,
  as_expression: compileAs,
  assignment_expression: compileAssignment,
  binary_expression: compileBinary,
  boolean_literal: constant((text) => text === "true"),
  cast_expression: compileCast,
  character_literal: constant(characterLiteral),
  checked_expression: compileChecked,
  conditional_expression: compileConditional,
  default_expression: compileDefault,
  implicit_array_creation_expression: compileImplicitArray,
  integer_literal: constant(integerLiteral),
  interpolated_string_expression: compileInterpolation,
  is_expression: compileIs,
  is_pattern_expression: compileIsPattern,
  lambda_expression: compileFunction,
  null_literal: constant(() => null),
  object_creation_expression: compileObject,
  parenthesized_expression: (compiler, node, scope) => compiler.expression(firstNamed(node), scope),
  postfix_unary_expression: compilePostfix,
  prefix_unary_expression: compilePrefix,
  query_expression: compileQuery,
  real_literal: constant(realLiteral),
  string_literal: constant(stringLiteral),
  throw_expression: compileThrow,
  tuple_expression: compileTuple,
  typeof_expression: compileTypeOf,
  verbatim_string_literal: constant(stringLiteral),
};

/** Compiles one expression; refuses what is not C# 7, not allowed or not simulated. */
export function compileExpression(compiler: Compiler, node: CSharpNode, scope: Scope): Code {
  if (isChain(node)) return compileChain(compiler, node, scope);
  const compile = Object.hasOwn(kinds, node.type) ? kinds[node.type] : undefined;
  if (compile === undefined) {
    refuse(node, `${node.type.replaceAll("_", " ")}: this kind of expression is not simulated.`);
  }
  return compile(compiler, node, scope);
}

function compileCast(compiler: Compiler, node: CSharpNode, scope: Scope): Code {
  const [typeNode, valueNode] = [needed(node, "type"), needed(node, "value")];
  const { model, isChecked } = compiler;
  // The grammar takes `(n) - 1` for a cast of `-1`.
  if (typeNode.type === "identifier" && scope.find(model.textOf(typeNode)) !== undefined) {
    const operator = valueNode.children[0];
    const operand = valueNode.children[1];
    if (operator === undefined || operand === undefined || valueNode.type !== "prefix_unary_expression") {
      refuse(node, "This is no cast.");
    }
    const operation = { ...node, type: "binary_expression" };
    return compileBinary(
      compiler,
      {
        ...operation,
        children: [
          { ...typeNode, field: "left" },
          { ...operator, field: "operator" },
          { ...operand, field: "right" },
        ],
      },
      scope,
    );
  }
  const type = typeAt(compiler, typeNode) ?? objectType;
  const value = compiler.expression(valueNode, scope);
  const from = sourceOf(compiler, valueNode);
  const at = node.start;
  return (frame) => placed(at, () => castValue(value(frame), type, from, isChecked));
}

function sourceOf(compiler: Compiler, node: CSharpNode): CastSource {
  if (isBoxed(compiler, node)) return "object";
  const inner = withoutParentheses(node);
  const isNullable =
    inner.type === "conditional_access_expression" || compiler.model.typeOf(inner)?.endsWith("?") === true;
  return isNullable ? "nullable" : "other";
}

/** Says where the code is that a value was not right for. */
export function placed<T>(offset: number, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof NotSimulated) error.offset ??= offset;
    throw error;
  }
}

function compileAs(compiler: Compiler, node: CSharpNode, scope: Scope): Code {
  const type = typeAt(compiler, needed(node, "right")) ?? objectType;
  if (isValueType(type)) refuse(node, `\`as\` needs a type that can be null, not ${printType(type)}.`);
  const value = compiler.expression(needed(node, "left"), scope);
  return (frame) => {
    const made = value(frame);
    return isInstance(made, type) ? made : null;
  };
}

function compileIs(compiler: Compiler, node: CSharpNode, scope: Scope): Code {
  const type = typeAt(compiler, needed(node, "right")) ?? objectType;
  const value = compiler.expression(needed(node, "left"), scope);
  return (frame) => isInstance(value(frame), type);
}

function compileChecked(compiler: Compiler, node: CSharpNode, scope: Scope): Code {
  return withinChecked(compiler, node, () => compiler.expression(firstNamed(node), scope));
}

function compileDefault(compiler: Compiler, node: CSharpNode): Code {
  const typeNode = fieldOf(node, "type");
  if (typeNode === undefined) refuse(node, "`default` without a type is not simulated.");
  const value = defaultOf(typeAt(compiler, typeNode) ?? objectType);
  return () => value;
}

function compileTypeOf(compiler: Compiler, node: CSharpNode): Code {
  const type = new TypeValue(printType(typeAt(compiler, needed(node, "type")) ?? objectType));
  return () => type;
}

function compileTuple(compiler: Compiler, node: CSharpNode, scope: Scope): Code {
  const items = namedChildren(node).map((argument): [string | undefined, Code] => {
    const name = fieldOf(argument, "name");
    const value = namedChildren(argument).at(-1) ?? refuse(argument, "This code is not complete.");
    return [name === undefined ? undefined : textOf(compiler, name), compiler.expression(value, scope)];
  });
  return (frame) =>
    new RecordValue(
      "Tuple",
      new Map(items.map(([name, code], index) => [name ?? `Item${index + 1}`, code(frame)])),
    );
}

function operatorOf(node: CSharpNode): string {
  return node.children.find(({ isNamed }) => !isNamed)?.type ?? "";
}

function compilePrefix(compiler: Compiler, node: CSharpNode, scope: Scope): Code {
  const operator = operatorOf(node);
  const operand = firstNamed(node);
  if (operator === "++" || operator === "--") return compileStep(compiler, operand, scope, operator, true);
  return compileUnary(compiler, node, scope, operator, operand);
}

function compilePostfix(compiler: Compiler, node: CSharpNode, scope: Scope): Code {
  const operator = operatorOf(node);
  if (operator === "!") refuse(node, "`!` after a value needs C# 8; expressions are C# 7.");
  return compileStep(compiler, firstNamed(node), scope, operator, false);
}

/** `$"..."`: texts and holes in order. */
function compileInterpolation(compiler: Compiler, node: CSharpNode, scope: Scope): Code {
  const isVerbatim = /^(\$@|@\$)/.test(textOf(compiler, node));
  if (textOf(compiler, node).startsWith('$"""'))
    refuse(node, "A raw string literal needs C# 11; expressions are C# 7.");
  const parts = node.children.flatMap((part): Code[] => {
    if (part.type === "interpolation") return [compileHole(compiler, part, scope)];
    if (part.type !== "string_content" && part.type !== "escape_sequence") return [];
    const text = interpolatedText(textOf(compiler, part), isVerbatim, part);
    return [() => text];
  });
  return (frame) => {
    let text = "";
    for (const part of parts) {
      const made = part(frame);
      if (typeof made === "string") text += made;
    }
    return frame.ev.text(text);
  };
}

function interpolatedText(written: string, isVerbatim: boolean, node: CSharpNode): string {
  if (/[{}]/.test(written.replace(/\{\{|\}\}/g, "")))
    refuse(node, "The braces of this text are not understood.");
  const plain = isVerbatim ? written.replaceAll('""', '"') : unescapeText(written, node);
  return plain.replaceAll("{{", "{").replaceAll("}}", "}");
}

function compileHole(compiler: Compiler, node: CSharpNode, scope: Scope): Code {
  const value = namedChildren(node).find(({ type }) => !type.startsWith("interpolation"));
  if (value === undefined) refuse(node, "This code is not complete.");
  const code = compiler.expression(value, scope);
  const alignmentNode = node.children.find(({ type }) => type === "interpolation_alignment_clause");
  const formatNode = node.children.find(({ type }) => type === "interpolation_format_clause");
  const alignment = alignmentNode === undefined ? 0 : Number(textOf(compiler, alignmentNode).slice(1).trim());
  if (Number.isNaN(alignment)) refuse(node, "The width of a hole must be a number here.");
  const format = formatNode === undefined ? "" : textOf(compiler, formatNode).slice(1);
  return (frame) => formatHole(code(frame), alignment, format, frame.ev);
}

/** The node without parentheses, if it is the literal `null`. */
export function isNullLiteral(node: CSharpNode): boolean {
  return withoutParentheses(node).type === "null_literal";
}
