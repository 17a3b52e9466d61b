/** Who sets and who reads the variables of a request, as far as one document shows it. */
import { accessOf } from "../../../policy/expression/csharp/code-model.ts";
import type { CodeModel } from "../../../policy/expression/csharp/code-model.ts";
import {
  fieldOf,
  namedChildren,
  walkCSharp,
  withoutParentheses,
} from "../../../policy/expression/csharp/node.ts";
import type { CSharpNode } from "../../../policy/expression/csharp/node.ts";
import type { PolicyAttribute } from "../../../policy/tree.ts";
import { canonicalType } from "../../../policy/expression/csharp/type-names.ts";
import type { SectionName } from "../../../spec/schema.ts";
import type { PolicyLintContext } from "../policy-context.ts";
import { literalText } from "./literals.ts";

export type VariableSetters = {
  readonly names: ReadonlySet<string>;
  /** The sections in which each is set. */
  readonly sections: ReadonlyMap<string, ReadonlySet<SectionName | undefined>>;
  /** Literal texts of variables that only set-variable sets, and only to texts without placeholders. */
  readonly literals: ReadonlyMap<string, readonly string[]>;
  /** The values of variables that only set-variable sets. */
  readonly values: ReadonlyMap<string, readonly PolicyAttribute[]>;
  /** Some name is computed or replaced later: any variable may be set. */
  readonly isOpen: boolean;
};

const replacedLater = /[{}$#%@]|__|\[\[|<[A-Z]/;

/** Reads all attributes that name a variable to be filled. */
export function variableSetters({ elements }: PolicyLintContext): VariableSetters {
  const sections = new Map<string, Set<SectionName | undefined>>();
  const values = new Map<string, PolicyAttribute[]>();
  const filled = new Set<string>();
  let isOpen = false;
  for (const { element, section } of elements) {
    const isSetVariable = element.name === "set-variable";
    const named = element.attributes.filter(
      ({ name }) => name.endsWith("variable-name") || (isSetVariable && name === "name"),
    );
    for (const { value } of named) {
      sections.set(value, (sections.get(value) ?? new Set()).add(section));
      if (replacedLater.test(value)) isOpen = true;
      const given = isSetVariable ? element.attributes.find(({ name }) => name === "value") : undefined;
      if (given === undefined) filled.add(value);
      else values.set(value, [...(values.get(value) ?? []), given]);
    }
  }
  for (const name of filled) values.delete(name);
  return { names: new Set(sections.keys()), sections, literals: literalsOf(values), values, isOpen };
}

function literalsOf(values: ReadonlyMap<string, readonly PolicyAttribute[]>): Map<string, string[]> {
  const literals = new Map<string, string[]>();
  for (const [name, attributes] of values) {
    const texts = attributes.map(({ value }) => value);
    if (!texts.some((text) => replacedLater.test(text))) literals.set(name, texts);
  }
  return literals;
}

/** `(type)context.Variables["name"]` and `context.Variables.GetValueOrDefault<type>("name", …)`. */
export type VariableCast = {
  readonly node: CSharpNode;
  readonly name: string;
  /** As `typeOf` names types. */
  readonly type: string;
};

/** All casts of variables in an expression, to types that are known. */
export function variableCasts(model: CodeModel): VariableCast[] {
  const casts: VariableCast[] = [];
  const add = (node: CSharpNode, name: string | undefined, written: string | undefined) => {
    const type = written === undefined ? undefined : canonicalType(written);
    if (name !== undefined && type !== undefined) casts.push({ node, name, type });
  };
  walkCSharp(model.body, (node) => {
    if (node.type === "cast_expression") {
      const type = fieldOf(node, "type");
      const value = fieldOf(node, "value");
      if (type === undefined || value === undefined) return;
      add(node, variableRead(withoutParentheses(value), model), model.textOf(type));
    }
    const call = variableCall(node, model);
    if (call?.method === "GetValueOrDefault") add(node, call.name, call.type);
  });
  return casts;
}

/** `context.Variables["name"]`: the name, when it is a plain text. */
export function variableRead(node: CSharpNode, model: CodeModel): string | undefined {
  if (node.type !== "element_access_expression") return undefined;
  const owner = fieldOf(node, "expression");
  if (owner === undefined || !isVariables(owner, model)) return undefined;
  return firstText(fieldOf(node, "subscript"), model);
}

/** `context.Variables.Method<T>("name", …)`: the method, the name and T. */
function variableCall(
  node: CSharpNode,
  model: CodeModel,
): { readonly method: string; readonly name: string; readonly type: string | undefined } | undefined {
  const called = node.type === "invocation_expression" ? fieldOf(node, "function") : undefined;
  const access = called === undefined ? undefined : accessOf(called, model.textOf);
  if (access === undefined || !isVariables(access.owner, model)) return undefined;
  const name = firstText(fieldOf(node, "arguments"), model);
  return name === undefined ? undefined : { method: access.name, name, type: access.typeArgument };
}

function isVariables(owner: CSharpNode, model: CodeModel): boolean {
  const access = accessOf(withoutParentheses(owner), model.textOf);
  return access?.name === "Variables" && model.typeOf(access.owner) === "IContext";
}

function firstText(list: CSharpNode | undefined, model: CodeModel): string | undefined {
  const argument = list === undefined ? undefined : namedChildren(list)[0];
  const value = argument === undefined ? undefined : namedChildren(argument).at(-1);
  const text = value === undefined ? undefined : literalText(value, model);
  return text === undefined || replacedLater.test(text) ? undefined : text;
}

/** Names of variables that the code asks for with ContainsKey, TryGetValue or GetValueOrDefault: it knows they may be missing. */
export function guardedVariables(model: CodeModel): ReadonlySet<string> {
  const guarded = new Set<string>();
  walkCSharp(model.body, (node) => {
    const call = variableCall(node, model);
    if (call !== undefined) guarded.add(call.name);
  });
  return guarded;
}
