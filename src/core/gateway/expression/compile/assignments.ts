/** Assignments to variables, elements and the few members that can be set. */
import { fieldOf } from "../../../policy/expression/csharp/node.ts";
import type { CSharpNode } from "../../../policy/expression/csharp/node.ts";
import { assignValue } from "../conversions.ts";
import { nullReference } from "../errors.ts";
import { getIndex, setIndex } from "../members/indexers.ts";
import { Args, findGetter, kindOf } from "../members/registry.ts";
import { setMember } from "../members/setters.ts";
import { applyBinary } from "../operators.ts";
import { convertNumber, isNumeric, isNumberType } from "../numbers.ts";
import { typeNameOf } from "../type-names.ts";
import type { TypeRef } from "../type-ref.ts";
import type { Value } from "../values.ts";
import { compileArguments } from "./arguments.ts";
import { needed, refuse, textOf } from "./compiler.ts";
import type { Compiler } from "./compiler.ts";
import { placed } from "./expressions.ts";
import { readVariable, writeVariable } from "./frame.ts";
import type { Code, Frame, Scope } from "./frame.ts";

/** A place whose owner and index have been evaluated once. */
type Place = { readonly get: () => Value; readonly set: (value: Value) => void };
type Target = { readonly at: (frame: Frame) => Place; readonly type: TypeRef | undefined };

export function compileAssignment(compiler: Compiler, node: CSharpNode, scope: Scope): Code {
  const operatorNode = fieldOf(node, "operator") ?? node.children.find(({ isNamed }) => !isNamed);
  const operator = operatorNode?.type ?? "=";
  if (operator === "??=") refuse(node, "`??=` needs C# 8; expressions are C# 7.");
  const leftNode = needed(node, "left");
  const right = compiler.expression(needed(node, "right"), scope);
  const target = compileTarget(compiler, leftNode, scope);
  if (operator === "=") {
    return (frame) => {
      const place = target.at(frame);
      const value = right(frame);
      placed(node.start, () => place.set(value));
      return value;
    };
  }
  const { isChecked } = compiler;
  const binary = operator.slice(0, -1);
  return (frame) => {
    const place = target.at(frame);
    const before = place.get();
    const after = right(frame);
    return placed(node.start, () => {
      const value = likeBefore(applyBinary(binary, before, after, frame.ev, isChecked), before);
      place.set(value);
      return value;
    });
  };
}

/** `x op= y` casts back to the type of x where that is a smaller number. */
function likeBefore(value: Value, before: Value): Value {
  if (!isNumeric(value) || !isNumeric(before)) return value;
  const type = typeNameOf(before);
  return isNumberType(type) || type === "char" ? convertNumber(value, type) : value;
}

/** `++` and `--`, before or after. */
export function compileStep(
  compiler: Compiler,
  node: CSharpNode,
  scope: Scope,
  operator: string,
  isBefore: boolean,
): Code {
  const target = compileTarget(compiler, node, scope);
  const binary = operator === "++" ? "+" : "-";
  const { isChecked } = compiler;
  return (frame) => {
    const place = target.at(frame);
    const before = place.get();
    const after = placed(node.start, () =>
      likeBefore(applyBinary(binary, before, 1, frame.ev, isChecked), before),
    );
    place.set(after);
    return isBefore ? after : before;
  };
}

function compileTarget(compiler: Compiler, node: CSharpNode, scope: Scope): Target {
  switch (node.type) {
    case "identifier":
      return variableTarget(compiler, node, scope);
    case "element_access_expression":
      return elementTarget(compiler, node, scope);
    case "member_access_expression":
      return memberTarget(compiler, node, scope);
    default:
      return refuse(node, "Nothing can be assigned to this.");
  }
}

function variableTarget(compiler: Compiler, node: CSharpNode, scope: Scope): Target {
  const name = textOf(compiler, node);
  const variable = scope.find(name) ?? refuse(node, `The name '${name}' does not exist here.`);
  if (variable.isConstant) refuse(node, `'${name}' cannot be assigned to.`);
  const depth = scope.depthOf(variable);
  const [read, write] = [readVariable(variable, depth), writeVariable(variable, depth)];
  const { type } = variable;
  return {
    type,
    at: (frame) => ({
      get: () => read(frame),
      set: (value) => write(frame, type === undefined ? value : assignValue(value, type)),
    }),
  };
}

function elementTarget(compiler: Compiler, node: CSharpNode, scope: Scope): Target {
  const owner = compiler.expression(needed(node, "expression"), scope);
  const index = compileArguments(compiler, needed(node, "subscript"), scope, "");
  return {
    type: undefined,
    at: (frame) => {
      const target = owner(frame);
      if (target === null) throw nullReference();
      const args = new Args("An indexer", index(frame), [], frame.ev);
      return {
        get: () => placed(node.start, () => getIndex(target, args)),
        set: (value) => placed(node.start, () => setIndex(target, args, value)),
      };
    },
  };
}

function memberTarget(compiler: Compiler, node: CSharpNode, scope: Scope): Target {
  const owner = compiler.expression(needed(node, "expression"), scope);
  const name = textOf(compiler, needed(node, "name"));
  return {
    type: undefined,
    at: (frame) => {
      const target = owner(frame);
      if (target === null) throw nullReference();
      return {
        get: () => findGetter(kindOf(target), name)?.(target, frame.ev) ?? null,
        set: (value) =>
          placed(node.start, () => setMember(target, name, value, compiler.isDynamic, frame.ev)),
      };
    },
  };
}
