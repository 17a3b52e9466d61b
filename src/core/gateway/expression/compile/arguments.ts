/** Arguments of calls and indexers: in order, by name, and `out`. */
import { fieldOf, hasToken, namedChildren } from "../../../policy/expression/csharp/node.ts";
import type { CSharpNode } from "../../../policy/expression/csharp/node.ts";
import { assignValue } from "../conversions.ts";
import { printType } from "../type-ref.ts";
import { OutValue } from "../values.ts";
import type { Value } from "../values.ts";
import { refuse, textOf, typeAt } from "./compiler.ts";
import type { Compiler } from "./compiler.ts";
import { writeVariable } from "./frame.ts";
import type { Code, Frame, Scope } from "./frame.ts";

/** Where an argument stands that is given by its name, in the methods that are called so. */
const positions: Readonly<Record<string, number>> = {
  "As.preserveContent": 0,
  "AsFormUrlEncodedContent.preserveContent": 0,
  "GetValueOrDefault.variableName": 0,
  "GetValueOrDefault.key": 0,
  "GetValueOrDefault.headerName": 0,
  "GetValueOrDefault.defaultValue": 1,
  "Split.separator": 0,
  "Split.count": 1,
  "Split.options": 1,
  "Replace.oldValue": 0,
  "Replace.newValue": 1,
  "Substring.startIndex": 0,
  "Substring.length": 1,
  "ToString.formatting": 0,
  "ToString.format": 0,
  "SerializeObject.value": 0,
  "SerializeObject.formatting": 1,
};

/** Compiles a list of arguments into code that gives their values. */
export function compileArguments(
  compiler: Compiler,
  list: CSharpNode,
  scope: Scope,
  method: string,
): (frame: Frame) => readonly Value[] {
  const codes: Code[] = [];
  for (const argument of namedChildren(list)) {
    if (argument.type !== "argument") refuse(argument, "This kind of argument is not simulated.");
    const position = positionOf(compiler, argument, method) ?? codes.length;
    if (position !== codes.length) refuse(argument, "Arguments out of their order are not simulated.");
    codes.push(compileArgument(compiler, argument, scope));
  }
  const [first, second] = codes;
  if (first === undefined) return () => [];
  if (second === undefined) return (frame) => [first(frame)];
  return (frame) => codes.map((code) => code(frame));
}

function positionOf(compiler: Compiler, argument: CSharpNode, method: string): number | undefined {
  const nameNode = fieldOf(argument, "name");
  const name = nameNode === undefined ? undefined : textOf(compiler, nameNode);
  if (nameNode === undefined || name === undefined) return undefined;
  return positions[`${method}.${name}`] ?? refuse(nameNode, `The argument name '${name}' is not simulated.`);
}

function compileArgument(compiler: Compiler, argument: CSharpNode, scope: Scope): Code {
  const value = namedChildren(argument).at(-1) ?? refuse(argument, "This code is not complete.");
  if (hasToken(argument, "ref") || hasToken(argument, "in"))
    refuse(argument, "`ref` arguments are not simulated.");
  return hasToken(argument, "out") ? compileOut(compiler, value, scope) : compiler.expression(value, scope);
}

function compileOut(compiler: Compiler, node: CSharpNode, scope: Scope): Code {
  if (node.type === "identifier") {
    const variable = scope.find(textOf(compiler, node));
    if (variable === undefined) {
      if (textOf(compiler, node) !== "_") refuse(node, "An `out` argument must be a variable.");
      return () => new OutValue(() => undefined, undefined);
    }
    const write = writeVariable(variable, scope.depthOf(variable));
    const { type } = variable;
    const typeName = type === undefined ? undefined : printType(type);
    return (frame) =>
      new OutValue((value) => write(frame, type === undefined ? value : assignValue(value, type)), typeName);
  }
  if (node.type !== "declaration_expression") refuse(node, "An `out` argument must be a variable.");
  const [typeNode, nameNode] = [fieldOf(node, "type"), fieldOf(node, "name")];
  if (typeNode === undefined || nameNode === undefined) refuse(node, "This code is not complete.");
  const type = typeAt(compiler, typeNode);
  const variable = scope.declare(textOf(compiler, nameNode), type);
  const write = writeVariable(variable, 0);
  const typeName = type === undefined ? undefined : printType(type);
  return (frame) => new OutValue((value) => write(frame, value), typeName);
}
