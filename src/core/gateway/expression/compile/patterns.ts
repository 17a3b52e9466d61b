/** The patterns of C# 7: constants, types with a name, `var`. */
import { fieldOf, withoutParentheses } from "../../../policy/expression/csharp/node.ts";
import type { CSharpNode } from "../../../policy/expression/csharp/node.ts";
import { areSame } from "../equality.ts";
import { convertNumber, isNumeric } from "../numbers.ts";
import { isInstance, typeNameOf } from "../type-names.ts";
import { parseType } from "../type-ref.ts";
import type { TypeRef } from "../type-ref.ts";
import type { Value } from "../values.ts";
import { firstNamed, needed, refuse, textOf, typeAt } from "./compiler.ts";
import type { Compiler } from "./compiler.ts";
import { writeVariable } from "./frame.ts";
import type { Code, Frame, Scope } from "./frame.ts";
import { isEnumType } from "../members/enums.ts";

/** Whether a value fits, and if so its variables are set. */
export type Pattern = (frame: Frame, value: Value) => boolean;

const patterns = new Set([
  "constant_pattern",
  "declaration_pattern",
  "var_pattern",
  "type_pattern",
  "discard",
]);

export function isPattern(type: string): boolean {
  return patterns.has(type) || type.endsWith("_pattern");
}

export function compileIsPattern(compiler: Compiler, node: CSharpNode, scope: Scope): Code {
  const value = compiler.expression(needed(node, "expression"), scope);
  const pattern = compilePattern(compiler, needed(node, "pattern"), scope);
  return (frame) => pattern(frame, value(frame));
}

export function compilePattern(compiler: Compiler, node: CSharpNode, scope: Scope): Pattern {
  switch (node.type) {
    case "constant_pattern":
      return constantPattern(compiler, withoutParentheses(firstNamed(node)), scope);
    case "declaration_pattern":
      return declarationPattern(compiler, node, scope);
    case "var_pattern":
      return variablePattern(compiler, firstNamed(node), scope, undefined);
    case "type_pattern":
      return typePattern(compiler, needed(node, "type"));
    case "discard":
      return () => true;
    default:
      return refuse(node, `${node.type.replaceAll("_", " ")}s need a newer C#; expressions are C# 7.`);
  }
}

function typePattern(compiler: Compiler, node: CSharpNode): Pattern {
  const type = typeAt(compiler, node);
  return (_, value) => type === undefined || isInstance(value, type);
}

function declarationPattern(compiler: Compiler, node: CSharpNode, scope: Scope): Pattern {
  const type = typeAt(compiler, needed(node, "type"));
  const name = fieldOf(node, "name") ?? node.children.find(({ type: kind }) => kind === "discard");
  return variablePattern(compiler, name ?? refuse(node, "This code is not complete."), scope, type);
}

function variablePattern(
  compiler: Compiler,
  name: CSharpNode,
  scope: Scope,
  type: TypeRef | undefined,
): Pattern {
  const fits = (value: Value) => type === undefined || isInstance(value, type);
  if (name.type === "discard" || textOf(compiler, name) === "_") return (_, value) => fits(value);
  const write = writeVariable(scope.declare(textOf(compiler, name), type), 0);
  return (frame, value) => {
    if (!fits(value)) return false;
    write(frame, value);
    return true;
  };
}

/** The grammar takes the name of a type for a constant, which the members of enumerations are. */
function constantPattern(compiler: Compiler, node: CSharpNode, scope: Scope): Pattern {
  const isName = node.type === "identifier" || node.type === "generic_name" || node.type === "qualified_name";
  const isType = isName && scope.find(textOf(compiler, node)) === undefined;
  if (isType || node.type === "predefined_type") return typePattern(compiler, node);
  if (node.type === "member_access_expression" && !isEnumMember(compiler, node)) {
    const type = parseType(textOf(compiler, node));
    if (/^(System|Newtonsoft)\./.test(textOf(compiler, node))) return (_, value) => isInstance(value, type);
  }
  const constant = compiler.expression(node, scope);
  return (frame, value) => isConstant(value, constant(frame));
}

function isEnumMember(compiler: Compiler, node: CSharpNode): boolean {
  const owner = fieldOf(node, "expression");
  return owner !== undefined && isEnumType(parseType(textOf(compiler, owner)).name);
}

/** A literal converts to the type of what is switched on: `case 1` fits a long. */
function isConstant(value: Value, constant: Value): boolean {
  if (typeof constant === "number" && isNumeric(value) && typeof value !== "number") {
    return areSame(value, convertNumber(constant, typeNameOf(value)));
  }
  return areSame(value, constant);
}
