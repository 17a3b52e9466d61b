/** Reachability as the C# compiler sees it: whether the end of a block can be reached without `return` or `throw`. */
import { fieldOf, hasToken, namedChildren, withoutParentheses } from "./node.ts";
import type { CSharpNode } from "./node.ts";

const nestedFunctions = new Set([
  "lambda_expression",
  "anonymous_method_expression",
  "local_function_statement",
]);
/** Statements around another one whose end is the end of that one. */
const transparent = new Set([
  ...["using_statement", "lock_statement", "checked_statement", "unsafe_statement", "fixed_statement"],
  "labeled_statement",
]);

/** Whether a block can be left by its end. Code with `goto` is not followed: it counts as always returning. */
export function canReachEnd(block: CSharpNode): boolean {
  if (contains(block, "goto_statement") || contains(block, "yield_statement")) return false;
  return endReachable(block);
}

/** `return` statements of a block itself, not of the functions inside. */
export function returnStatements(block: CSharpNode): CSharpNode[] {
  return statementsOf(block, "return_statement", nestedFunctions);
}

/** The values that an expression may give: itself, or what its block returns. */
export function resultsOf(body: CSharpNode, kind: "single" | "block"): CSharpNode[] {
  const results =
    kind === "single" ? [body] : returnStatements(body).flatMap((node) => namedChildren(node).slice(0, 1));
  return results.map(withoutParentheses);
}

function endReachable(statement: CSharpNode): boolean {
  if (transparent.has(statement.type)) return endOfBody(statement);
  switch (statement.type) {
    case "block":
      return namedChildren(statement).every((child) => endReachable(child));
    case "return_statement":
    case "throw_statement":
    case "break_statement":
    case "continue_statement":
      return false;
    case "if_statement":
      return endOfIf(statement);
    case "while_statement":
    case "do_statement":
      return endOfLoop(statement, fieldOf(statement, "condition"));
    case "for_statement":
      return endOfLoop(statement, fieldOf(statement, "condition"));
    case "switch_statement":
      return endOfSwitch(statement);
    case "try_statement":
      return endOfTry(statement);
    default:
      return true;
  }
}

function endOfBody(statement: CSharpNode): boolean {
  const body = fieldOf(statement, "body") ?? namedChildren(statement).at(-1);
  return body === undefined || endReachable(body);
}

function endOfIf(statement: CSharpNode): boolean {
  const consequence = fieldOf(statement, "consequence");
  const alternative = fieldOf(statement, "alternative");
  const constant = constantOf(fieldOf(statement, "condition"));
  if (constant === "unknown") return false;
  const afterThen = consequence === undefined || endReachable(consequence);
  const afterElse = alternative === undefined || endReachable(alternative);
  if (constant === "true") return afterThen;
  return constant === "false" ? afterElse : afterThen || afterElse;
}

/** A loop without end is left by `break` only. A `do` whose body never ends is not left by its condition. */
function endOfLoop(statement: CSharpNode, condition: CSharpNode | undefined): boolean {
  const breaks = statementsOf(statement, "break_statement", breakable);
  if (breaks.length > 0) return true;
  if (condition === undefined && statement.type !== "for_statement") return true;
  const constant = condition === undefined ? "true" : constantOf(condition);
  if (constant === "true" || constant === "unknown") return false;
  if (statement.type !== "do_statement") return true;
  const body = fieldOf(statement, "body");
  const isContinued = statementsOf(statement, "continue_statement", breakable).length > 0;
  return body === undefined || isContinued || endReachable(body);
}

function endOfSwitch(statement: CSharpNode): boolean {
  const body = fieldOf(statement, "body");
  const sections =
    body === undefined ? [] : namedChildren(body).filter(({ type }) => type === "switch_section");
  const hasDefault = sections.some((section) => hasToken(section, "default"));
  if (!hasDefault) return true;
  return sections.some((section) => statementsOf(section, "break_statement", breakable).length > 0);
}

function endOfTry(statement: CSharpNode): boolean {
  const last = statement.children.find(({ type }) => type === "finally_clause");
  if (last !== undefined && !endOfBody(last)) return false;
  const body = fieldOf(statement, "body");
  if (body === undefined || endReachable(body)) return true;
  return statement.children.some((child) => child.type === "catch_clause" && endOfBody(child));
}

const breakable = new Set([
  ...nestedFunctions,
  ...["while_statement", "do_statement", "for_statement", "foreach_statement", "switch_statement"],
]);

/** Statements of a type below a node, without going into nodes of the given types. */
function statementsOf(from: CSharpNode, wanted: string, closed: ReadonlySet<string>): CSharpNode[] {
  return from.children.flatMap((child): CSharpNode[] => {
    if (child.type === wanted) return [child];
    return closed.has(child.type) ? [] : statementsOf(child, wanted, closed);
  });
}

/** `unknown`: made of literals only, so the compiler may know it to be constant. */
function constantOf(node: CSharpNode | undefined): "true" | "false" | "unknown" | "none" {
  if (node === undefined) return "none";
  const inner = withoutParentheses(node);
  if (inner.type === "boolean_literal") return booleanOf(inner);
  return contains(inner, "identifier") ? "none" : "unknown";
}

function booleanOf(literal: CSharpNode): "true" | "false" {
  return literal.end - literal.start === "true".length ? "true" : "false";
}

function contains(from: CSharpNode, type: string): boolean {
  return from.type === type || from.children.some((child) => contains(child, type));
}
