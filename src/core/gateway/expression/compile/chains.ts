/** Names and what follows them: members, calls, indexers, and `?.`, which leaves the whole chain when there is null. */
import {
  fieldOf,
  hasToken,
  namedChildren,
  withoutParentheses,
} from "../../../policy/expression/csharp/node.ts";
import type { CSharpNode } from "../../../policy/expression/csharp/node.ts";
import { NotSimulated, argumentNull, nullReference } from "../errors.ts";
import { JObjectValue } from "../json/json-values.ts";
import { getIndex } from "../members/indexers.ts";
import { Args, findGetter, findMethod, isMemberName, kindOf } from "../members/registry.ts";
import type { Method } from "../members/registry.ts";
import { stepsOver } from "../members/work.ts";
import { typeNameOf } from "../type-names.ts";
import type { TypeRef } from "../type-ref.ts";
import { FunctionValue, RecordValue } from "../values.ts";
import type { ObjectValue, Value } from "../values.ts";
import { compileArguments } from "./arguments.ts";
import { needed, refuse, textOf, typeArgumentsAt } from "./compiler.ts";
import type { Compiler } from "./compiler.ts";
import { placed } from "./expressions.ts";
import { readVariable } from "./frame.ts";
import type { Code, Scope } from "./frame.ts";
import { checkMember, staticOwner, staticCall, staticValue } from "./static-members.ts";

const chainTypes = new Set([
  ...[
    "identifier",
    "generic_name",
    "predefined_type",
    "member_access_expression",
    "element_access_expression",
  ],
  ...["invocation_expression", "conditional_access_expression", "qualified_name"],
]);

export function isChain(node: CSharpNode): boolean {
  return chainTypes.has(node.type);
}

/** What a chain gives that was left at a `?.`: becomes null where the chain ends. */
const nothing: ObjectValue = { kind: "Nothing" };

/** Compiles a whole chain. */
export function compileChain(compiler: Compiler, node: CSharpNode, scope: Scope): Code {
  const code = compileLink(compiler, node, scope);
  if (!hasConditional(node)) return code;
  return (frame) => {
    const value = code(frame);
    return value === nothing ? null : value;
  };
}

function hasConditional(node: CSharpNode): boolean {
  for (let at: CSharpNode | undefined = node; at !== undefined && isChain(at); at = headOf(at)) {
    if (at.type === "conditional_access_expression") return true;
  }
  return false;
}

function headOf(node: CSharpNode): CSharpNode | undefined {
  return fieldOf(node, "expression") ?? fieldOf(node, "function") ?? fieldOf(node, "condition");
}

function compileLink(compiler: Compiler, node: CSharpNode, scope: Scope): Code {
  switch (node.type) {
    case "identifier":
      return compileName(compiler, node, scope);
    case "member_access_expression":
      return compileMember(compiler, node, scope);
    case "element_access_expression":
      return compileElement(compiler, node, scope);
    case "invocation_expression":
      return compileCall(compiler, node, scope);
    case "conditional_access_expression":
      return compileConditionalAccess(compiler, node, scope);
    default:
      return refuse(node, "A type is no value.");
  }
}

function compileHead(compiler: Compiler, node: CSharpNode, scope: Scope): Code {
  return isChain(node) ? compileLink(compiler, node, scope) : compiler.expression(node, scope);
}

function compileName(compiler: Compiler, node: CSharpNode, scope: Scope): Code {
  const name = textOf(compiler, node);
  const variable = scope.find(name);
  if (variable !== undefined) return readVariable(variable, scope.depthOf(variable));
  if (name === "context") return (frame) => frame.ev.context;
  return refuse(node, `The name '${name}' does not exist here.`);
}

type MemberName = { readonly name: string; readonly types: readonly TypeRef[]; readonly node: CSharpNode };

function memberName(compiler: Compiler, node: CSharpNode): MemberName {
  if (node.type !== "generic_name") return { name: textOf(compiler, node), types: [], node };
  const [nameNode, list] = namedChildren(node);
  if (nameNode === undefined || list === undefined) refuse(node, "This code is not complete.");
  const types = typeArgumentsAt(compiler, list);
  return { name: textOf(compiler, nameNode), types, node: nameNode };
}

function compileMember(compiler: Compiler, node: CSharpNode, scope: Scope): Code {
  const ownerNode = needed(node, "expression");
  const member = memberName(compiler, needed(node, "name"));
  const type = staticOwner(compiler, ownerNode, scope);
  if (type !== undefined) return staticValue(type, member.name, member.node);
  checkMember(compiler, ownerNode, member.name, member.node);
  return readMember(compiler, compileHead(compiler, ownerNode, scope), member);
}

/** Reads a property; or makes a function of a method that is named without being called. */
function readMember(compiler: Compiler, owner: Code, { name, node }: MemberName): Code {
  if (!hasAnyMember(compiler, name)) refuse(node, `Member '${name}' is not simulated.`);
  let knownKind: string | undefined;
  let known = findGetter("", "");
  return (frame) => {
    const target = owner(frame);
    if (target === null) throw nullReference();
    if (target === nothing) return nothing;
    const kind = kindOf(target);
    if (kind !== knownKind) {
      known = findGetter(kind, name);
      knownKind = kind;
    }
    if (known !== undefined) return placed(node.start, () => known?.(target, frame.ev) ?? null);
    return otherMember(compiler, target, kind, { name, node, types: [] }, frame.ev);
  };
}

function hasAnyMember({ isDynamic, hasOpenMembers }: Compiler, name: string): boolean {
  return isDynamic || hasOpenMembers || isMemberName(name);
}

function otherMember(
  compiler: Compiler,
  target: Exclude<Value, null>,
  kind: string,
  { name, node }: MemberName,
  ev: ConstructorParameters<typeof Args>[3],
): Value {
  if (compiler.isDynamic && target instanceof JObjectValue) return target.get(name) ?? null;
  const field = target instanceof RecordValue ? target.fields.get(name) : undefined;
  if (field !== undefined) return field;
  const method = findMethod(kind, name);
  if (method === undefined) throw noMember(target, name, node);
  return new FunctionValue((args) => method(target, new Args(name, args, [], ev)), -1);
}

function noMember(target: Exclude<Value, null>, name: string, node: CSharpNode): NotSimulated {
  const error = new NotSimulated(`Member '${name}' of ${typeNameOf(target)} is not simulated.`);
  error.offset = node.start;
  return error;
}

function compileElement(compiler: Compiler, node: CSharpNode, scope: Scope): Code {
  const owner = compileHead(compiler, needed(node, "expression"), scope);
  return readElement(compiler, owner, needed(node, "subscript"), scope);
}

function readElement(compiler: Compiler, owner: Code, subscript: CSharpNode, scope: Scope): Code {
  const index = compileArguments(compiler, subscript, scope, "");
  return (frame) => {
    const target = owner(frame);
    if (target === nothing) return nothing;
    if (target === null) throw nullReference();
    return placed(subscript.start, () =>
      getIndex(target, new Args("An indexer", index(frame), [], frame.ev)),
    );
  };
}

function compileConditionalAccess(compiler: Compiler, node: CSharpNode, scope: Scope): Code {
  const head = compileHead(compiler, needed(node, "condition"), scope);
  const owner: Code = (frame) => head(frame) ?? nothing;
  const binding = node.children.find(({ type }) => type.endsWith("_binding_expression"));
  if (binding?.type === "member_binding_expression") {
    return readMember(compiler, owner, memberName(compiler, needed(binding, "name")));
  }
  if (binding === undefined) refuse(node, "This code is not complete.");
  return readElement(compiler, owner, binding, scope);
}

function compileCall(compiler: Compiler, node: CSharpNode, scope: Scope): Code {
  const called = withoutParentheses(needed(node, "function"));
  const argumentsNode = needed(node, "arguments");
  if (called.type === "member_access_expression") {
    const ownerNode = needed(called, "expression");
    const member = memberName(compiler, needed(called, "name"));
    const args = compileArguments(compiler, argumentsNode, scope, member.name);
    const type = staticOwner(compiler, ownerNode, scope);
    if (type !== undefined) return staticCall(type, member.name, member.types, args, member.node);
    checkMember(compiler, ownerNode, member.name, member.node);
    return callMember(compiler, compileHead(compiler, ownerNode, scope), member, args);
  }
  const binding = called.children.find(({ type }) => type === "member_binding_expression");
  if (called.type === "conditional_access_expression" && binding !== undefined) {
    const member = memberName(compiler, needed(binding, "name"));
    const head = compileHead(compiler, needed(called, "condition"), scope);
    const args = compileArguments(compiler, argumentsNode, scope, member.name);
    return callMember(compiler, (frame) => head(frame) ?? nothing, member, args);
  }
  if (called.type === "identifier" && textOf(compiler, called) === "nameof")
    return compileNameOf(compiler, argumentsNode);
  const args = compileArguments(compiler, argumentsNode, scope, "");
  return callFunction(compileHead(compiler, called, scope), args, called);
}

function compileNameOf(compiler: Compiler, argumentsNode: CSharpNode): Code {
  const [argument] = namedChildren(argumentsNode);
  if (argument === undefined || hasToken(argument, "out")) refuse(argumentsNode, "nameof takes a name.");
  const text = textOf(compiler, argument);
  const name = text.slice(text.lastIndexOf(".") + 1).trim();
  return () => name;
}

function callFunction(
  called: Code,
  args: (frame: Parameters<Code>[0]) => readonly Value[],
  node: CSharpNode,
): Code {
  return (frame) => {
    const target = called(frame);
    if (target === nothing) return nothing;
    if (target === null) throw nullReference();
    if (target instanceof FunctionValue) return target.call(args(frame));
    const error = new NotSimulated(`${typeNameOf(target)} cannot be called.`);
    error.offset = node.start;
    throw error;
  };
}

/** Extension methods that take null. */
const takeNull = new Set([...["AsJwt", "AsBasic", "TryParseJwt", "TryParseBasic"]]);

function callMember(
  compiler: Compiler,
  owner: Code,
  { name, types, node }: MemberName,
  args: (frame: Parameters<Code>[0]) => readonly Value[],
): Code {
  if (!hasAnyMember(compiler, name)) refuse(node, `Method '${name}' is not simulated.`);
  let knownKind: string | undefined;
  let known: Method | undefined;
  return (frame) => {
    const target = owner(frame);
    if (target === nothing) return nothing;
    const kind = target === null ? nullKind(name, types) : kindOf(target);
    if (kind !== knownKind) {
      known = findMethod(kind, name);
      knownKind = kind;
    }
    const values = args(frame);
    frame.ev.step(stepsOver(target));
    if (known === undefined && target !== null)
      return callProperty(target, kind, name, node, values, frame.ev);
    return placed(node.start, () => known?.(target, new Args(name, values, types, frame.ev)) ?? null);
  };
}

/** What a method is looked for in when there is null: extension methods take it, or complain in their own way. */
function nullKind(name: string, types: readonly TypeRef[]): string {
  if (takeNull.has(name)) return "string";
  if (
    findMethod("*sequence", name) !== undefined &&
    findMethod("string", name) === findMethod("*sequence", name)
  ) {
    throw argumentNull("source");
  }
  if (name === "Value" && types.length > 0) throw argumentNull("value");
  throw nullReference();
}

/** A property that holds a function. */
function callProperty(
  target: Exclude<Value, null>,
  kind: string,
  name: string,
  node: CSharpNode,
  values: readonly Value[],
  ev: ConstructorParameters<typeof Args>[3],
): Value {
  const held = findGetter(kind, name)?.(target, ev);
  if (held instanceof FunctionValue) return held.call(values);
  throw noMember(target, name, node);
}
