/** Where expressions read the body of the request or of the response. */
import { accessOf } from "../../../policy/expression/csharp/code-model.ts";
import type { CodeModel } from "../../../policy/expression/csharp/code-model.ts";
import {
  fieldOf,
  namedChildren,
  walkCSharp,
  withoutParentheses,
} from "../../../policy/expression/csharp/node.ts";
import type { CSharpNode } from "../../../policy/expression/csharp/node.ts";

export type BodyRead = {
  readonly node: CSharpNode;
  readonly of: "Request" | "Response";
  /** `Body?.As<T>()`. */
  readonly isConditional: boolean;
  readonly preservesContent: boolean | "unknown";
  readonly isInTry: boolean;
};

/** Calls of `As<T>` and `AsFormUrlEncodedContent` straight on `context.Request.Body` or `context.Response.Body`. */
export function bodyReads(model: CodeModel): BodyRead[] {
  const reads: BodyRead[] = [];
  walkCSharp(model.body, (node, ancestors) => {
    const called = node.type === "invocation_expression" ? fieldOf(node, "function") : undefined;
    const access = called === undefined ? undefined : accessOf(called, model.textOf);
    if (access === undefined || (access.name !== "As" && access.name !== "AsFormUrlEncodedContent")) return;
    const of = bodyOwner(access.owner, model);
    if (of === undefined) return;
    const isInTry = ancestors.some(({ type }) => type === "try_statement");
    const preservesContent = preserved(fieldOf(node, "arguments"), model);
    reads.push({ node, of, isConditional: access.isConditional, preservesContent, isInTry });
  });
  return reads;
}

function bodyOwner(body: CSharpNode, model: CodeModel): BodyRead["of"] | undefined {
  const access = accessOf(withoutParentheses(body), model.textOf);
  if (access?.name !== "Body") return undefined;
  const owner = accessOf(withoutParentheses(access.owner), model.textOf);
  if (owner === undefined || model.typeOf(owner.owner) !== "IContext") return undefined;
  return owner.name === "Request" || owner.name === "Response" ? owner.name : undefined;
}

function preserved(list: CSharpNode | undefined, { textOf }: CodeModel): boolean | "unknown" {
  const [argument] = list === undefined ? [] : namedChildren(list);
  if (argument === undefined) return false;
  const value = namedChildren(argument).at(-1);
  const text = value === undefined ? "" : textOf(value);
  return text === "true" || (text === "false" ? false : "unknown");
}
