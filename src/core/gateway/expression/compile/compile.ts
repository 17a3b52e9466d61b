/** A syntax tree to code that can be run. */
import type { CodeModel } from "../../../policy/expression/csharp/code-model.ts";
import { canReachEnd } from "../../../policy/expression/csharp/control-flow.ts";
import { namedChildren, walkCSharp } from "../../../policy/expression/csharp/node.ts";
import "../members/index.ts";
import { refuse } from "./compiler.ts";
import type { Compiler } from "./compiler.ts";
import { compileExpression } from "./expressions.ts";
import { FrameLayout, Returned, Scope } from "./frame.ts";
import type { Code } from "./frame.ts";
import { compileSequence, compileStatement } from "./statements.ts";

/** Throws RefusedCode for what is not C# 7, not allowed in policies, or not simulated. */
export function compileCode(model: CodeModel): Code {
  const compiler: Compiler = {
    model,
    isChecked: false,
    hasOpenMembers: hasOpenMembers(model),
    isDynamic: isDynamic(model),
    expression: (node, scope) => compileExpression(compiler, node, scope),
    statement: (node, scope) => compileStatement(compiler, node, scope),
  };
  const { tree, body } = model;
  const scope = new Scope(new FrameLayout());
  if (tree.kind === "single") return compiler.expression(body, scope);
  if (canReachEnd(body)) refuse(body, "Not every path through the code returns a value.");
  const run = compileSequence(compiler, namedChildren(body), scope);
  return (frame) => {
    const completion = run(frame);
    return completion instanceof Returned ? completion.value : null;
  };
}

function isDynamic({ body, textOf }: CodeModel): boolean {
  let isFound = false;
  walkCSharp(body, (node) => {
    if (node.type === "identifier" && textOf(node) === "dynamic") isFound = true;
  });
  return isFound;
}

/** Anonymous objects and tuples have members of any name. */
function hasOpenMembers({ body }: CodeModel): boolean {
  let isFound = false;
  walkCSharp(body, ({ type }) => {
    if (type === "anonymous_object_creation_expression" || type === "tuple_expression") isFound = true;
  });
  return isFound;
}
