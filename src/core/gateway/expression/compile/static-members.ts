/** Members of types: `String.Join`, `System.Text.Encoding.UTF8`, `DateTime.UtcNow`. */
import { hasMember, isClosedInterface } from "../../../policy/expression/csharp/member-types.ts";
import type { CSharpNode } from "../../../policy/expression/csharp/node.ts";
import { allowedType, isNamespace, isRefusedMember } from "../../../policy/expression/csharp/type-names.ts";
import { enumMember, isEnumType } from "../members/enums.ts";
import { Args, findStaticGetter, findStaticMethod, hasStatics } from "../members/registry.ts";
import { parseType } from "../type-ref.ts";
import type { TypeRef } from "../type-ref.ts";
import { FunctionValue } from "../values.ts";
import type { Value } from "../values.ts";
import { checkTypeName, refuse, textOf } from "./compiler.ts";
import type { Compiler } from "./compiler.ts";
import { placed } from "./expressions.ts";
import type { Code, Scope } from "./frame.ts";

/** A type whose static members are asked for: its short name, and its full name where the list has it. */
export type StaticOwner = { readonly name: string; readonly fullName: string | undefined };

/** The type that stands before a dot; undefined when it is a value. */
export function staticOwner(compiler: Compiler, node: CSharpNode, scope: Scope): StaticOwner | undefined {
  if (node.type === "predefined_type") return ownerNamed(textOf(compiler, node));
  if (node.type === "identifier" || node.type === "generic_name") {
    const name = textOf(compiler, node.type === "identifier" ? node : (node.children[0] ?? node));
    if (scope.find(name) !== undefined || name === "context") return undefined;
    if (isNamespace(name)) refuse(node, `${name} is a namespace.`);
    checkTypeName(name, node);
    return ownerNamed(name);
  }
  if (node.type !== "member_access_expression") return undefined;
  const path = textOf(compiler, node).replace(/\s+/g, "");
  const [root = ""] = path.split(".");
  if (!/^[\w.]+$/.test(path) || scope.find(root) !== undefined || !isNamespaceRoot(root)) return undefined;
  if (allowedType(path) !== undefined) return ownerNamed(path);
  const isInside = path
    .split(".")
    .some((_, index, parts) => allowedType(parts.slice(0, index).join(".")) !== undefined);
  if (isInside) return undefined;
  return refuse(node, `Usage of type '${path}' is not supported within expressions.`);
}

function isNamespaceRoot(name: string): boolean {
  return isNamespace(name) || name === "Microsoft";
}

function ownerNamed(name: string): StaticOwner {
  return { name: parseType(name).name, fullName: allowedType(name) };
}

function checkStatic({ name, fullName }: StaticOwner, member: string, node: CSharpNode): void {
  if (fullName !== undefined && isRefusedMember(fullName, member)) {
    refuse(node, `Usage of member '${member}' of type '${fullName}' is not supported within expressions.`);
  }
  if (!hasStatics(name)) refuse(node, `Static members of ${name} are not simulated.`);
}

/** A static property or constant, a member of an enumeration, or a method that is named without being called. */
export function staticValue(owner: StaticOwner, member: string, node: CSharpNode): Code {
  if (isEnumType(owner.name)) {
    const value = enumMember(owner.name, member) ?? refuse(node, `${owner.name} has no member '${member}'.`);
    return () => value;
  }
  checkStatic(owner, member, node);
  const get = findStaticGetter(owner.name, member);
  if (get !== undefined) return (frame) => get(frame.ev);
  const call = findStaticMethod(owner.name, member);
  if (call === undefined) refuse(node, `${owner.name}.${member} is not simulated.`);
  return (frame) => new FunctionValue((args) => call(new Args(member, args, [], frame.ev)), -1);
}

/** A call of a static method. */
export function staticCall(
  owner: StaticOwner,
  member: string,
  types: readonly TypeRef[],
  args: (frame: Parameters<Code>[0]) => readonly Value[],
  node: CSharpNode,
): Code {
  checkStatic(owner, member, node);
  const call = findStaticMethod(owner.name, member);
  if (call === undefined) refuse(node, `${owner.name}.${member} is not simulated.`);
  const name = `${owner.name}.${member}`;
  return (frame) => placed(node.start, () => call(new Args(name, args(frame), types, frame.ev)));
}

/** Refuses a member that the type of its owner is known not to have. */
export function checkMember(compiler: Compiler, owner: CSharpNode, member: string, node: CSharpNode): void {
  const type = compiler.model.typeOf(owner);
  if (type === undefined) return;
  if (isClosedInterface(type) && !hasMember(type, member)) {
    refuse(node, `${type} has no member '${member}'.`);
  }
  if (type === "System.DateTime" && isRefusedMember(type, member)) {
    refuse(node, `Usage of member '${member}' of type '${type}' is not supported within expressions.`);
  }
}
