/** `throw`, `try` and `using`. */
import { fieldOf, namedChildren } from "../../../policy/expression/csharp/node.ts";
import type { CSharpNode } from "../../../policy/expression/csharp/node.ts";
import { DotNetException, NotSimulated, nullReference } from "../errors.ts";
import { isExceptionType } from "../exception-types.ts";
import type { TypeRef } from "../type-ref.ts";
import { ExceptionValue } from "../values.ts";
import { firstNamed, needed, refuse, textOf, typeAt } from "./compiler.ts";
import type { Compiler } from "./compiler.ts";
import type { Action, Code, Completion, Frame, Scope } from "./frame.ts";
import { isTrue } from "./operations.ts";
import { compileVariables } from "./statements.ts";

/** The variable that holds what a `catch` has caught, for a bare `throw`. */
const caughtName = "caught exception";

export function compileThrow(compiler: Compiler, node: CSharpNode, scope: Scope): Code {
  const [valueNode] = namedChildren(node);
  if (valueNode === undefined) {
    const caught = scope.find(caughtName) ?? refuse(node, "`throw` alone stands in a `catch` only.");
    if (scope.depthOf(caught) > 0) refuse(node, "`throw` alone stands in a `catch` only.");
    return (frame) => throwValue(frame.slots[caught.slot] ?? null);
  }
  const value = compiler.expression(valueNode, scope);
  return (frame) => throwValue(value(frame));
}

function throwValue(value: ReturnType<Code>): never {
  if (value === null) throw nullReference();
  if (value instanceof ExceptionValue) throw new DotNetException(value);
  throw new NotSimulated("Only exceptions can be thrown.");
}

type Catch = {
  readonly accepts: (frame: Frame, exception: ExceptionValue) => boolean;
  readonly run: Action;
};

export function compileTry(compiler: Compiler, node: CSharpNode, scope: Scope): Action {
  const body = compiler.statement(needed(node, "body"), scope.inner());
  const catches = node.children
    .filter(({ type }) => type === "catch_clause")
    .map((clause) => compileCatch(compiler, clause, scope));
  const finallyNode = node.children.find(({ type }) => type === "finally_clause");
  const last =
    finallyNode === undefined ? undefined : compiler.statement(firstNamed(finallyNode), scope.inner());
  return (frame) => {
    try {
      return body(frame);
    } catch (error) {
      return caught(catches, frame, error);
    } finally {
      last?.(frame);
    }
  };
}

/** Only what .NET would throw is caught: limits and refusals go through. */
function caught(catches: readonly Catch[], frame: Frame, error: unknown): Completion {
  if (!(error instanceof DotNetException)) throw error;
  const clause = catches.find(({ accepts }) => accepts(frame, error.value));
  if (clause === undefined) throw error;
  return clause.run(frame);
}

function compileCatch(compiler: Compiler, clause: CSharpNode, outer: Scope): Catch {
  const scope = outer.inner();
  const declaration = clause.children.find(({ type }) => type === "catch_declaration");
  const type = declaration === undefined ? undefined : typeAt(compiler, needed(declaration, "type"));
  const nameNode = declaration === undefined ? undefined : fieldOf(declaration, "name");
  const kept = scope.declare(caughtName);
  const named = nameNode === undefined ? undefined : scope.declare(textOf(compiler, nameNode), type);
  const filter = clause.children.find((child) => child.type === "catch_filter_clause");
  const conditionNode = filter === undefined ? undefined : firstNamed(filter);
  const condition = conditionNode === undefined ? undefined : compiler.expression(conditionNode, scope);
  const run = compiler.statement(needed(clause, "body"), scope);
  return {
    run,
    accepts: (frame, exception) => {
      if (!isCaughtAs(exception, type)) return false;
      frame.slots[kept.slot] = exception;
      if (named !== undefined) frame.slots[named.slot] = exception;
      if (condition === undefined || conditionNode === undefined) return true;
      return isTrue(condition(frame), conditionNode);
    },
  };
}

function isCaughtAs({ type }: ExceptionValue, wanted: TypeRef | undefined): boolean {
  return wanted === undefined || isExceptionType(type, wanted.name);
}

/** Nothing here holds what must be given back: `using` only declares. */
export function compileUsing(compiler: Compiler, node: CSharpNode, scope: Scope): Action {
  const inner = scope.inner();
  const declaration = node.children.find(({ type }) => type === "variable_declaration");
  const bodyNode = needed(node, "body");
  if (declaration === undefined) {
    const [valueNode] = namedChildren(node);
    if (valueNode === undefined) refuse(node, "This code is not complete.");
    const value = compiler.expression(valueNode, inner);
    const body = compiler.statement(bodyNode, inner);
    return (frame) => {
      value(frame);
      return body(frame);
    };
  }
  const declare = compileVariables(compiler, declaration, inner);
  const body = compiler.statement(bodyNode, inner);
  return (frame) => {
    declare(frame);
    return body(frame);
  };
}
