/** Query expressions with one source: `from x in xs where ... orderby ... select ...`. */
import { namedChildren } from "../../../policy/expression/csharp/node.ts";
import type { CSharpNode } from "../../../policy/expression/csharp/node.ts";
import { NotSimulated, argumentNull } from "../errors.ts";
import { Args, findMethod } from "../members/registry.ts";
import { FunctionValue } from "../values.ts";
import type { Value } from "../values.ts";
import { needed, refuse, textOf } from "./compiler.ts";
import type { Compiler } from "./compiler.ts";
import { Frame, FrameLayout } from "./frame.ts";
import type { Code, Scope } from "./frame.ts";

type Step = (frame: Frame, items: Value) => Value;

export function compileQuery(compiler: Compiler, node: CSharpNode, scope: Scope): Code {
  const [from, ...clauses] = namedChildren(node);
  if (from?.type !== "from_clause") refuse(node, "This code is not complete.");
  const sourceNode = namedChildren(from).at(-1) ?? refuse(from, "This code is not complete.");
  const source = compiler.expression(sourceNode, scope);
  const name = textOf(compiler, needed(from, "name"));
  const steps = clauses.map((clause) => compileClause(compiler, clause, scope, name));
  return (frame) => steps.reduce((items, step) => step(frame, items), source(frame));
}

function compileClause(compiler: Compiler, clause: CSharpNode, scope: Scope, name: string): Step {
  const parts = namedChildren(clause);
  const [first] = parts;
  if (first === undefined) refuse(clause, "This code is not complete.");
  switch (clause.type) {
    case "where_clause":
      return call("Where", [compileItemFunction(compiler, first, scope, name)]);
    case "select_clause":
      return call("Select", [compileItemFunction(compiler, first, scope, name)]);
    case "order_by_clause":
      return compileOrder(compiler, clause, scope, name);
    case "group_clause": {
      const [element, key] = parts;
      if (element === undefined || key === undefined) refuse(clause, "This code is not complete.");
      return call("GroupBy", [
        compileItemFunction(compiler, key, scope, name),
        compileItemFunction(compiler, element, scope, name),
      ]);
    }
    default:
      return refuse(clause, `${clause.type.replaceAll("_", " ")}s of queries are not simulated.`);
  }
}

function compileItemFunction(compiler: Compiler, node: CSharpNode, scope: Scope, name: string): Code {
  const inner = scope.inner(new FrameLayout(scope.frame));
  const { slot } = inner.declare(name);
  const body = compiler.expression(node, inner);
  return (frame) =>
    new FunctionValue(([item = null]) => {
      const own = new Frame(frame.ev, frame);
      own.slots[slot] = item;
      return frame.ev.nested(() => body(own));
    }, 1);
}

function call(method: string, codes: readonly Code[]): Step {
  return (frame, items) => {
    if (items === null) throw argumentNull("source");
    const found = findMethod("*sequence", method);
    if (found === undefined) throw new NotSimulated(`${method} is not simulated.`);
    return found(
      items,
      new Args(
        method,
        codes.map((code) => code(frame)),
        [],
        frame.ev,
      ),
    );
  };
}

function compileOrder(compiler: Compiler, clause: CSharpNode, scope: Scope, name: string): Step {
  const steps: Step[] = [];
  for (const [index, child] of clause.children.entries()) {
    if (!child.isNamed) continue;
    const isDescending = clause.children[index + 1]?.type === "descending";
    const method = (steps.length === 0 ? "OrderBy" : "ThenBy") + (isDescending ? "Descending" : "");
    steps.push(call(method, [compileItemFunction(compiler, child, scope, name)]));
  }
  return (frame, items) => steps.reduce((ordered, step) => step(frame, ordered), items);
}
