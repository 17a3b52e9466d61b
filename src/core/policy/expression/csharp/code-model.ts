/**
 * What the names in an expression stand for and which type its parts have, as far as that is certain. A type is a keyword
 * (`string`), an interface reached from `context` (`IRequest`) or a full name (`System.DateTime`); undefined when in doubt.
 */
import { memberType, elementType, resultOfCall } from "./member-types.ts";
import { fieldOf, namedChildren, walkCSharp, withoutParentheses } from "./node.ts";
import type { CSharpNode, CSharpTree } from "./node.ts";
import { canonicalType, isKnownTypeName } from "./type-names.ts";

export type CodeModel = {
  readonly tree: CSharpTree;
  readonly body: CSharpNode;
  readonly textOf: (node: CSharpNode) => string;
  readonly typeOf: (node: CSharpNode) => string | undefined;
  /** Whether the code itself declares the name: a variable, parameter, pattern or function. */
  readonly isDeclared: (name: string) => boolean;
};

/** Parents in which an identifier in the `name` field names no new thing. */
const useOfName = new Set(["member_access_expression", "member_binding_expression", "qualified_name"]);
/** Parents of which every identifier below may be a new name. */
const namers = new Set(["tuple_pattern", "parenthesized_variable_designation", "implicit_parameter"]);
const queryClauses = new Set([
  "from_clause",
  "let_clause",
  "join_clause",
  "join_into_clause",
  "query_continuation",
  "query_expression",
]);
const comparisons = new Set(["==", "!=", "<", ">", "<=", ">=", "&&", "||"]);
const literals: Readonly<Record<string, string>> = {
  boolean_literal: "bool",
  character_literal: "char",
  interpolated_string_expression: "string",
  string_literal: "string",
  verbatim_string_literal: "string",
  raw_string_literal: "string",
};

type Declaration = { readonly type: CSharpNode | undefined; readonly value: CSharpNode | undefined };

/** Undefined for code that is not C#. */
export function createCodeModel(tree: CSharpTree): CodeModel | undefined {
  const { body, code } = tree;
  if (body === undefined || tree.hasError) return undefined;
  const textOf = (node: CSharpNode) => code.slice(node.start, node.end);
  const declared = collectDeclarations(body, textOf);
  const types = new Map<CSharpNode, string | undefined>();
  const typeOf = (node: CSharpNode): string | undefined => {
    if (types.has(node)) return types.get(node);
    types.set(node, undefined); // a variable that is defined by itself has no type
    const type = infer(node, { textOf, typeOf, declared });
    types.set(node, type);
    return type;
  };
  return { tree, body, textOf, typeOf, isDeclared: (name) => declared.has(name) };
}

function collectDeclarations(body: CSharpNode, textOf: (node: CSharpNode) => string) {
  const declared = new Map<string, Declaration[]>();
  const add = (node: CSharpNode, declaration: Declaration) => {
    const name = textOf(node);
    const same = declared.get(name);
    if (same === undefined) declared.set(name, [declaration]);
    else same.push(declaration);
  };
  const unknown = { type: undefined, value: undefined };
  walkCSharp(body, (node, ancestors) => {
    if (node.type === "implicit_parameter") return add(node, unknown);
    if (node.type !== "identifier") return;
    const parent = ancestors.at(-1);
    if (parent === undefined) return;
    if (namers.has(parent.type) || queryClauses.has(parent.type)) return add(node, unknown);
    const isLeft = parent.type === "foreach_statement" && node.field === "left";
    if (isLeft) return add(node, { type: fieldOf(parent, "type"), value: undefined });
    if (node.field !== "name" || useOfName.has(parent.type) || parent.type === "argument") return;
    if (parent.type === "variable_declarator") return add(node, declarator(parent, ancestors.at(-2)));
    add(node, { type: fieldOf(parent, "type"), value: undefined });
  });
  return declared;
}

function declarator(node: CSharpNode, declaration: CSharpNode | undefined): Declaration {
  const value = namedChildren(node).find(
    ({ field, type }) => field !== "name" && type !== "bracketed_argument_list",
  );
  return { type: declaration === undefined ? undefined : fieldOf(declaration, "type"), value };
}

type Inference = Pick<CodeModel, "textOf" | "typeOf"> & {
  readonly declared: ReadonlyMap<string, Declaration[]>;
};

function infer(node: CSharpNode, inference: Inference): string | undefined {
  const { textOf, typeOf } = inference;
  const literal = literals[node.type];
  if (literal !== undefined) return literal;
  switch (node.type) {
    case "parenthesized_expression":
      return typeOf(withoutParentheses(node));
    case "integer_literal":
      return /^[\d_]{1,9}$/.test(textOf(node)) ? "int" : undefined;
    case "identifier":
      return identifierType(node, inference);
    case "cast_expression":
      return namedType(fieldOf(node, "type"), textOf);
    case "object_creation_expression":
      return namedType(fieldOf(node, "type"), textOf);
    case "as_expression":
      return namedType(fieldOf(node, "right"), textOf);
    case "binary_expression":
      return binaryType(node, inference);
    case "conditional_expression":
      return commonType(fieldOf(node, "consequence"), fieldOf(node, "alternative"), typeOf);
    case "is_pattern_expression":
    case "is_expression":
      return "bool";
    case "prefix_unary_expression":
      return node.children[0]?.type === "!" ? "bool" : undefined;
    case "member_access_expression":
    case "conditional_access_expression":
      return accessType(node, inference);
    case "element_access_expression": {
      const owner = fieldOf(node, "expression");
      const type = owner === undefined ? undefined : typeOf(owner);
      return type === undefined ? undefined : elementType(type);
    }
    case "invocation_expression":
      return callType(node, inference);
    default:
      return undefined;
  }
}

function identifierType(node: CSharpNode, { textOf, typeOf, declared }: Inference): string | undefined {
  const name = textOf(node);
  const declarations = declared.get(name);
  if (declarations === undefined) return name === "context" ? "IContext" : undefined;
  const [declaration, ...others] = declarations;
  if (declaration === undefined || others.length > 0) return undefined;
  const { type, value } = declaration;
  if (type !== undefined && type.type !== "implicit_type") return namedType(type, textOf);
  return value === undefined ? undefined : typeOf(value);
}

function namedType(node: CSharpNode | undefined, textOf: (node: CSharpNode) => string): string | undefined {
  return node === undefined ? undefined : canonicalType(textOf(node));
}

function binaryType(node: CSharpNode, { typeOf }: Inference): string | undefined {
  const operator = node.children.find(({ isNamed }) => !isNamed)?.type ?? "";
  if (comparisons.has(operator)) return "bool";
  const left = fieldOf(node, "left");
  const right = fieldOf(node, "right");
  if (left === undefined || right === undefined) return undefined;
  const types = [typeOf(left), typeOf(right)];
  if (operator === "+" && types.includes("string")) return "string";
  if (operator === "??") return types[0] !== undefined && types[0] === types[1] ? types[0] : undefined;
  return ["+", "-", "*", "/", "%"].includes(operator) && types.every((type) => type === "int")
    ? "int"
    : undefined;
}

function commonType(
  a: CSharpNode | undefined,
  b: CSharpNode | undefined,
  typeOf: (node: CSharpNode) => string | undefined,
): string | undefined {
  const type = a === undefined ? undefined : typeOf(a);
  return type !== undefined && b !== undefined && typeOf(b) === type ? type : undefined;
}

/** `a.Name` and `a?.Name`; what a `?.` gives may be null, which matters for values only. */
function accessType(node: CSharpNode, { typeOf, textOf, declared }: Inference): string | undefined {
  const access = accessOf(node, textOf);
  if (access === undefined) return undefined;
  const ownerType = typeOf(access.owner);
  const staticName = ownerType === undefined ? textOf(access.owner) : undefined;
  if (staticName !== undefined && (declared.has(staticName) || !isKnownTypeName(staticName)))
    return undefined;
  const type = memberType(ownerType ?? `static ${canonicalType(staticName ?? "") ?? ""}`, access.name);
  if (type === undefined || node.type === "member_access_expression") return type;
  return ["int", "bool", "System.DateTime", "System.Guid", "System.TimeSpan"].includes(type)
    ? `${type}?`
    : type;
}

function callType(node: CSharpNode, inference: Inference): string | undefined {
  const called = fieldOf(node, "function");
  if (called === undefined) return undefined;
  const access = accessOf(called, inference.textOf);
  if (access === undefined) return undefined;
  const owner = inference.typeOf(access.owner);
  const result = resultOfCall(owner, access.name, access.typeArgument);
  if (
    result === undefined &&
    owner === undefined &&
    !inference.declared.has(inference.textOf(access.owner))
  ) {
    return resultOfCall(
      `static ${canonicalType(inference.textOf(access.owner)) ?? ""}`,
      access.name,
      undefined,
    );
  }
  return result === undefined || called.type === "member_access_expression" || !/^(int|bool)$/.test(result)
    ? result
    : `${result}?`;
}

export type MemberAccess = {
  readonly owner: CSharpNode;
  readonly name: string;
  /** The identifier of the member. */
  readonly nameNode: CSharpNode;
  /** Of `As<JObject>`: `JObject`. */
  readonly typeArgument: string | undefined;
  readonly isConditional: boolean;
};

/** Reads `owner.Name`, `owner.Name<T>` and `owner?.Name`; undefined for every other node. */
export function accessOf(node: CSharpNode, textOf: (node: CSharpNode) => string): MemberAccess | undefined {
  const isConditional = node.type === "conditional_access_expression";
  if (!isConditional && node.type !== "member_access_expression") return undefined;
  const owner = fieldOf(node, isConditional ? "condition" : "expression");
  const named = isConditional ? node.children.find(({ type }) => type === "member_binding_expression") : node;
  const name = named === undefined ? undefined : fieldOf(named, "name");
  if (owner === undefined || name === undefined) return undefined;
  const isGeneric = name.type === "generic_name";
  const nameNode = isGeneric ? name.children[0] : name;
  const argument = isGeneric ? name.children.find(({ type }) => type === "type_argument_list") : undefined;
  if (nameNode === undefined) return undefined;
  const typeArgument = argument === undefined ? undefined : textOf(argument).slice(1, -1).trim();
  return { owner, name: textOf(nameNode), nameNode, typeArgument, isConditional };
}
