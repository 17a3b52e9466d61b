/** `new`: objects with their initializers, arrays, anonymous objects. */
import { fieldOf, namedChildren } from "../../../policy/expression/csharp/node.ts";
import type { CSharpNode } from "../../../policy/expression/csharp/node.ts";
import { allowedType, isRefusedMember } from "../../../policy/expression/csharp/type-names.ts";
import { assignValue, defaultOf } from "../conversions.ts";
import { argumentOutOfRange } from "../errors.ts";
import { construct } from "../members/constructors.ts";
import { addItem, setIndex } from "../members/indexers.ts";
import { Args } from "../members/registry.ts";
import { setMember } from "../members/setters.ts";
import { isNumeric, numberTypeOf, toNumber } from "../numbers.ts";
import { typeNameOf } from "../type-names.ts";
import { objectType, parseType, printType } from "../type-ref.ts";
import type { TypeRef } from "../type-ref.ts";
import { ArrayValue, RecordValue } from "../values.ts";
import type { Value } from "../values.ts";
import { toBytesArray } from "../members/byte-arrays.ts";
import { compileArguments } from "./arguments.ts";
import { firstNamed, needed, refuse, textOf, typeAt } from "./compiler.ts";
import type { Compiler } from "./compiler.ts";
import { placed } from "./expressions.ts";
import type { Code, Frame, Scope } from "./frame.ts";

export function compileObject(compiler: Compiler, node: CSharpNode, scope: Scope): Code {
  const typeNode = needed(node, "type");
  const type = typeAt(compiler, typeNode) ?? refuse(typeNode, "`new var` is no C#.");
  const fullName = allowedType(textOf(compiler, typeNode).replace(/\s+/g, ""));
  if (fullName !== undefined && isRefusedMember(fullName, ".ctor")) {
    refuse(typeNode, `Usage of the constructor of type '${fullName}' is not supported within expressions.`);
  }
  const make = construct(type) ?? refuse(typeNode, `new ${type.name}(...) is not simulated.`);
  const list = fieldOf(node, "arguments");
  const args = list === undefined ? () => [] : compileArguments(compiler, list, scope, type.name);
  const initializer = fieldOf(node, "initializer");
  const fill =
    initializer === undefined
      ? []
      : namedChildren(initializer).map((item) => compileItem(compiler, item, scope));
  return (frame) => {
    const made = placed(node.start, () =>
      make(new Args(`new ${type.name}`, args(frame), type.args, frame.ev)),
    );
    for (const step of fill) step(frame, made);
    return made;
  };
}

type Fill = (frame: Frame, made: Value) => void;

/** One item of an initializer: `value`, `{ key, value }`, `[key] = value` or `Name = value`. */
function compileItem(compiler: Compiler, item: CSharpNode, scope: Scope): Fill {
  if (item.type === "initializer_expression") {
    const codes = namedChildren(item).map((part) => compiler.expression(part, scope));
    return (frame, made) =>
      add(
        item,
        made,
        codes.map((code) => code(frame)),
        frame,
      );
  }
  if (item.type !== "assignment_expression") {
    const code = compiler.expression(item, scope);
    return (frame, made) => add(item, made, [code(frame)], frame);
  }
  const [left, right] = [needed(item, "left"), compiler.expression(needed(item, "right"), scope)];
  if (left.type === "element_binding_expression") {
    const index = compileArguments(compiler, left, scope, "");
    return (frame, made) => {
      if (made === null) return;
      const args = new Args("An indexer", index(frame), [], frame.ev);
      const value = right(frame);
      placed(item.start, () => setIndex(made, args, value));
    };
  }
  const name = textOf(compiler, left);
  return (frame, made) => {
    const value = right(frame);
    if (made !== null) placed(item.start, () => setMember(made, name, value, false, frame.ev));
  };
}

function add(item: CSharpNode, made: Value, values: readonly Value[], frame: Frame): void {
  placed(item.start, () => addItem(made, new Args("Add", values, [], frame.ev)));
}

export function compileAnonymous(compiler: Compiler, node: CSharpNode, scope: Scope): Code {
  const fields: [string, Code][] = [];
  const parts = node.children.filter(({ type }) => type !== "comment");
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index];
    if (part === undefined || !part.isNamed) continue;
    const value = parts[index + 1]?.type === "=" ? parts[index + 2] : undefined;
    if (value !== undefined) {
      fields.push([textOf(compiler, part), compiler.expression(value, scope)]);
      index += 2;
    } else fields.push([impliedName(compiler, part), compiler.expression(part, scope)]);
  }
  return (frame) => new RecordValue("Anonymous", new Map(fields.map(([name, code]) => [name, code(frame)])));
}

/** Of `x.Name` the field is called `Name`. */
function impliedName(compiler: Compiler, node: CSharpNode): string {
  const binding = node.children.find(({ type }) => type === "member_binding_expression");
  const name = node.type === "identifier" ? node : fieldOf(binding ?? node, "name");
  return name === undefined ? refuse(node, "This needs a name.") : textOf(compiler, name);
}

export function compileArray(compiler: Compiler, node: CSharpNode, scope: Scope): Code {
  const arrayNode = needed(node, "type");
  const elementNode = needed(arrayNode, "type");
  const element = typeAt(compiler, elementNode) ?? objectType;
  const rank = needed(arrayNode, "rank");
  if (textOf(compiler, rank).includes(",")) refuse(rank, "Arrays of several dimensions are not simulated.");
  const initializer = node.children.find(({ type }) => type === "initializer_expression");
  if (initializer !== undefined) return compileItems(compiler, initializer, scope, element);
  const size = compiler.expression(firstNamed(rank), scope);
  return (frame) => emptyArray(element, size(frame), frame);
}

function emptyArray(element: TypeRef, size: Value, { ev }: Frame): Value {
  const length = isNumeric(size) ? toNumber(size) : 0;
  if (length < 0) throw argumentOutOfRange("length", "Arithmetic operation resulted in an overflow.");
  ev.allocate(length);
  if (element.name === "byte" && element.rank === 0) return new Uint8Array(length);
  const filler = defaultOf(element);
  return new ArrayValue(
    Array.from({ length }, () => filler),
    printType(element),
  );
}

/** The items of an array in braces. */
export function compileItems(
  compiler: Compiler,
  initializer: CSharpNode,
  scope: Scope,
  element: TypeRef,
): Code {
  const codes = namedChildren(initializer).map((item) => compiler.expression(item, scope));
  const name = printType(element);
  return (frame) => {
    const items = placed(initializer.start, () => codes.map((code) => assignValue(code(frame), element)));
    return name === "byte" ? toBytesArray(items) : new ArrayValue(items, name);
  };
}

export function compileImplicitArray(compiler: Compiler, node: CSharpNode, scope: Scope): Code {
  const initializer = node.children.find(({ type }) => type === "initializer_expression");
  if (initializer === undefined) refuse(node, "This code is not complete.");
  const codes = namedChildren(initializer).map((item) => compiler.expression(item, scope));
  return (frame) => {
    const items = codes.map((code) => code(frame));
    const name = commonType(items);
    const element = parseType(name);
    const assigned = placed(node.start, () => items.map((item) => assignValue(item, element)));
    return name === "byte" ? toBytesArray(assigned) : new ArrayValue(assigned, name);
  };
}

const widths = ["int", "uint", "long", "ulong", "float", "double", "decimal"];

/** The type that all items of `new[] { ... }` convert to, as far as their values show it. */
function commonType(items: readonly Value[]): string {
  const known = items.filter((item) => item !== null);
  const [first] = known;
  if (first === undefined) return "object";
  if (known.every(isNumeric)) {
    const types = known.map((item) => (isNumeric(item) ? numberTypeOf(item) : "int"));
    const isSame = types.every((type) => type === types[0]);
    if (isSame) return typeNameOf(first);
    return types.reduce<string>(
      (wide, type) => (widths.indexOf(type) > widths.indexOf(wide) ? type : wide),
      "int",
    );
  }
  const name = typeNameOf(first);
  if (known.every((item) => typeNameOf(item) === name)) return name === "Anonymous" ? "object" : name;
  return known.every((item) => /^J(Object|Array|Value|Property)$/.test(typeNameOf(item)))
    ? "JToken"
    : "object";
}
