/** `switch` statements: constants, types and `when`. */
import { hasToken, namedChildren } from "../../../policy/expression/csharp/node.ts";
import type { CSharpNode } from "../../../policy/expression/csharp/node.ts";
import { firstNamed, needed, refuse } from "./compiler.ts";
import type { Compiler } from "./compiler.ts";
import type { Action, Frame, Scope } from "./frame.ts";
import { isTrue } from "./operations.ts";
import { compilePattern, isPattern } from "./patterns.ts";
import type { Value } from "../values.ts";
import { compileSequence } from "./statements.ts";

type Section = {
  readonly matches: (frame: Frame, value: Value) => boolean;
  readonly isDefault: boolean;
  /** Undefined where the label shares the statements of the next. */
  readonly body: Action | undefined;
};

export function compileSwitch(compiler: Compiler, node: CSharpNode, scope: Scope): Action {
  const value = compiler.expression(needed(node, "value"), scope);
  const inner = scope.inner();
  const sections = namedChildren(needed(node, "body")).map((section) =>
    compileSection(compiler, section, inner),
  );
  return (frame) => {
    const switched = value(frame);
    frame.ev.step();
    let chosen = sections.findIndex(({ matches }) => matches(frame, switched));
    if (chosen === -1) chosen = sections.findIndex(({ isDefault }) => isDefault);
    if (chosen === -1) return undefined;
    const body = sections.slice(chosen).find((section) => section.body !== undefined)?.body;
    const completion = body?.(frame);
    return completion === "break" ? undefined : completion;
  };
}

function compileSection(compiler: Compiler, section: CSharpNode, scope: Scope): Section {
  if (section.type !== "switch_section") refuse(section, "This code is not complete.");
  const isDefault = hasToken(section, "default");
  const children = namedChildren(section);
  const patternNode = isDefault ? undefined : children.find(({ type }) => isPattern(type));
  if (!isDefault && patternNode === undefined) refuse(section, "This label is not simulated.");
  const pattern = patternNode === undefined ? undefined : compilePattern(compiler, patternNode, scope);
  const whenNode = children.find(({ type }) => type === "when_clause");
  const conditionNode = whenNode === undefined ? undefined : firstNamed(whenNode);
  const condition = conditionNode === undefined ? undefined : compiler.expression(conditionNode, scope);
  const statements = children.filter((child) => child !== patternNode && child !== whenNode);
  return {
    isDefault,
    body: statements.length === 0 ? undefined : compileSequence(compiler, statements, scope),
    matches: (frame, value) =>
      pattern?.(frame, value) === true &&
      (condition === undefined || conditionNode === undefined || isTrue(condition(frame), conditionNode)),
  };
}
