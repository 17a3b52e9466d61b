import type { CSharpNode, CSharpTree } from "../../../policy/expression/csharp/node.ts";

/** Where code stops being C#, with what is wrong there as far as it can be said. */
export type SyntaxError = { readonly start: number; readonly end: number; readonly message: string };

/** The first fault that the grammar had to get over. Code offsets. */
export function firstSyntaxError({ root, code }: CSharpTree): SyntaxError {
  const fault = findFault(root);
  if (fault === undefined) return { start: 0, end: code.length, message: "this is not C#" };
  if (isMissing(fault)) {
    const at = lastMeaning(code, fault.start);
    return { start: at, end: at + 1, message: missing(fault) };
  }
  const start = Math.min(fault.start + leadingSpace(code.slice(fault.start)), Math.max(0, code.length - 1));
  const text = code.slice(start, fault.end);
  const line = text.split("\n")[0]?.trim() ?? "";
  const shown = line.length > 40 ? `${line.slice(0, 40)}…` : line;
  const message =
    shown === "" ? "the C# of this expression ends too early" : `C# does not allow \`${shown}\` here`;
  return { start, end: Math.min(fault.end, start + Math.max(1, line.length)), message };
}

/** The innermost of the first faults: an outer one only says that there is an inner one. */
function findFault(node: CSharpNode): CSharpNode | undefined {
  for (const child of node.children) {
    const inner = findFault(child);
    if (inner !== undefined) return inner;
  }
  return isMissing(node) || node.type === "ERROR" ? node : undefined;
}

/** A name that the parser put in shows as one without a character. */
function isMissing({ isMissing: isPutIn, type, start, end }: CSharpNode): boolean {
  return isPutIn || (type === "identifier" && start === end && start > 0);
}

function missing({ type, isNamed }: CSharpNode): string {
  // The grammar's only way to make a statement of any expression is to add `!`.
  if (type === "!")
    return "only assignments, calls, increments and `new` can be statements; this does nothing";
  return isNamed ? "a value or a name is missing after this" : `\`${type}\` is missing after this`;
}

function lastMeaning(code: string, offset: number): number {
  const before = code.slice(0, offset).trimEnd();
  return Math.max(0, before.length - 1);
}

function leadingSpace(text: string): number {
  return text.length - text.trimStart().length;
}
