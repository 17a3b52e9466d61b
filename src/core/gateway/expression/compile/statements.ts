/** Statements of `@{...}` and of the functions inside. */
import { fieldOf, hasToken, namedChildren } from "../../../policy/expression/csharp/node.ts";
import type { CSharpNode } from "../../../policy/expression/csharp/node.ts";
import { assignValue, castValue } from "../conversions.ts";
import { JObjectValue } from "../json/json-values.ts";
import { keyValuePair, walk } from "../sequences.ts";
import type { TypeRef } from "../type-ref.ts";
import { ArrayValue } from "../values.ts";
import type { Value } from "../values.ts";
import {
  firstNamed,
  isBoxed,
  makesFunctions,
  needed,
  refuse,
  textOf,
  typeAt,
  withinChecked,
} from "./compiler.ts";
import type { Compiler } from "./compiler.ts";
import { compileItems } from "./creation.ts";
import { compileThrow, compileTry, compileUsing } from "./exceptions.ts";
import { placed } from "./expressions.ts";
import { Frame, FrameLayout, Returned, writeVariable } from "./frame.ts";
import type { Action, Code, Completion, Scope } from "./frame.ts";
import { compileLocalFunction, declareLocalFunction } from "./functions.ts";
import { isTrue } from "./operations.ts";
import { compileSwitch } from "./switch.ts";

type Compile = (compiler: Compiler, node: CSharpNode, scope: Scope) => Action;

const kinds: Readonly<Record<string, Compile>> = {
  block: compileBlock,
  break_statement: () => () => "break",
  checked_statement: compileChecked,
  continue_statement: () => () => "continue",
  do_statement: compileDo,
  empty_statement: () => () => undefined,
  expression_statement: compileExpressionStatement,
  for_statement: compileFor,
  foreach_statement: compileForEach,
  if_statement: compileIf,
  local_declaration_statement: compileDeclaration,
  lock_statement: (compiler, node, scope) => compiler.statement(bodyOf(node), scope),
  return_statement: compileReturn,
  switch_statement: compileSwitch,
  throw_statement: compileThrowStatement,
  try_statement: compileTry,
  using_statement: compileUsing,
  while_statement: compileWhile,
};

export function compileStatement(compiler: Compiler, node: CSharpNode, scope: Scope): Action {
  const compile = Object.hasOwn(kinds, node.type) ? kinds[node.type] : undefined;
  if (compile === undefined) {
    refuse(node, `${node.type.replaceAll("_", " ")}: this kind of statement is not simulated.`);
  }
  return compile(compiler, node, scope);
}

function bodyOf(node: CSharpNode): CSharpNode {
  return fieldOf(node, "body") ?? namedChildren(node).at(-1) ?? refuse(node, "This code is not complete.");
}

function compileBlock(compiler: Compiler, node: CSharpNode, scope: Scope): Action {
  return compileSequence(compiler, namedChildren(node), scope.inner());
}

/** Statements in order, in a scope of their own; local functions first, since they may be called from above. */
export function compileSequence(compiler: Compiler, statements: readonly CSharpNode[], scope: Scope): Action {
  const functions = statements.filter(({ type }) => type === "local_function_statement");
  const variables = functions.map((node) => declareLocalFunction(compiler, node, scope));
  const rest = statements.filter(({ type }) => type !== "local_function_statement");
  const actions = rest.map((node) => compiler.statement(node, scope));
  const made = functions.flatMap((node, index) => {
    const variable = variables[index];
    return variable === undefined ? [] : [compileLocalFunction(compiler, node, scope, variable)];
  });
  return (frame) => {
    for (const make of made) make(frame);
    for (const action of actions) {
      const completion = action(frame);
      if (completion !== undefined) return completion;
    }
    return undefined;
  };
}

function compileExpressionStatement(compiler: Compiler, node: CSharpNode, scope: Scope): Action {
  const code = compiler.expression(firstNamed(node), scope);
  return (frame) => {
    code(frame);
    return undefined;
  };
}

function compileReturn(compiler: Compiler, node: CSharpNode, scope: Scope): Action {
  const [valueNode] = namedChildren(node);
  if (valueNode === undefined) return () => new Returned(null);
  const code = compiler.expression(valueNode, scope);
  return (frame) => new Returned(code(frame));
}

function compileThrowStatement(compiler: Compiler, node: CSharpNode, scope: Scope): Action {
  const code = compileThrow(compiler, node, scope);
  return (frame) => {
    code(frame);
    return undefined;
  };
}

function compileChecked(compiler: Compiler, node: CSharpNode, scope: Scope): Action {
  return withinChecked(compiler, node, () => compiler.statement(bodyOf(node), scope));
}

function compileDeclaration(compiler: Compiler, node: CSharpNode, scope: Scope): Action {
  if (hasToken(node, "using")) refuse(node, "A `using` declaration needs C# 8; expressions are C# 7.");
  const declaration = node.children.find(({ type }) => type === "variable_declaration");
  if (declaration === undefined) refuse(node, "This code is not complete.");
  const isConstant = node.children.some(
    (child) => child.type === "modifier" && textOf(compiler, child) === "const",
  );
  return compileVariables(compiler, declaration, scope, isConstant);
}

/** `int a = 1, b`. */
export function compileVariables(
  compiler: Compiler,
  declaration: CSharpNode,
  scope: Scope,
  isConstant = false,
): Action {
  const type = typeAt(compiler, needed(declaration, "type"));
  const declarators = namedChildren(declaration).filter((child) => child.type === "variable_declarator");
  const steps = declarators.map((declarator) =>
    compileDeclarator(compiler, declarator, scope, type, isConstant),
  );
  return (frame) => {
    for (const step of steps) step(frame);
    return undefined;
  };
}

function compileDeclarator(
  compiler: Compiler,
  node: CSharpNode,
  scope: Scope,
  type: TypeRef | undefined,
  isConstant: boolean,
): (frame: Frame) => void {
  const nameNode = fieldOf(node, "name");
  if (nameNode?.type !== "identifier") refuse(node, "Taking values apart is not simulated.");
  const valueNode = namedChildren(node).find((child) => child !== nameNode);
  // Functions may call themselves by the name they are put under.
  const isFunction = valueNode?.type === "lambda_expression";
  const early = isFunction ? scope.declare(textOf(compiler, nameNode), type, isConstant) : undefined;
  const value = valueNode === undefined ? undefined : compileInitial(compiler, valueNode, scope, type);
  const variable = early ?? scope.declare(textOf(compiler, nameNode), type, isConstant);
  const { slot } = variable;
  if (value === undefined || valueNode === undefined) {
    return (frame) => {
      frame.slots[slot] = null;
    };
  }
  if (type === undefined || isFunction) {
    return (frame) => {
      frame.slots[slot] = value(frame);
    };
  }
  refuseBoxed(compiler, valueNode, type);
  return (frame) => {
    frame.slots[slot] = placed(valueNode.start, () => assignValue(value(frame), type));
  };
}

/** The value of a new variable; `{ 1, 2 }` alone makes an array of the type that is declared. */
function compileInitial(compiler: Compiler, node: CSharpNode, scope: Scope, type: TypeRef | undefined): Code {
  if (node.type !== "initializer_expression" || type === undefined || type.rank === 0) {
    return compiler.expression(node, scope);
  }
  return compileItems(compiler, node, scope, { ...type, rank: type.rank - 1 });
}

function refuseBoxed(compiler: Compiler, valueNode: CSharpNode, type: TypeRef): void {
  if (type.name !== "object" && isBoxed(compiler, valueNode)) {
    refuse(valueNode, `object does not convert to ${type.name} without a cast.`);
  }
}

function compileIf(compiler: Compiler, node: CSharpNode, scope: Scope): Action {
  const conditionNode = needed(node, "condition");
  const condition = compiler.expression(conditionNode, scope);
  const consequence = compiler.statement(needed(node, "consequence"), scope.inner());
  const alternativeNode = fieldOf(node, "alternative");
  const alternative =
    alternativeNode === undefined ? undefined : compiler.statement(alternativeNode, scope.inner());
  return (frame) => {
    if (isTrue(condition(frame), conditionNode)) return consequence(frame);
    return alternative?.(frame);
  };
}

/** The scope of a loop's body and the frame of one turn: a new one where the body makes functions that keep it. */
function turnOf(
  node: CSharpNode,
  scope: Scope,
): { readonly scope: Scope; readonly frame: (frame: Frame) => Frame } {
  if (!makesFunctions(node)) return { scope: scope.inner(), frame: (frame) => frame };
  return { scope: scope.inner(new FrameLayout(scope.frame)), frame: (frame) => new Frame(frame.ev, frame) };
}

function isLeft(completion: Completion): boolean {
  return completion === "break" || completion instanceof Returned;
}

function afterLoop(completion: Completion): Completion {
  return completion instanceof Returned ? completion : undefined;
}

function compileWhile(compiler: Compiler, node: CSharpNode, scope: Scope): Action {
  const conditionNode = needed(node, "condition");
  const turn = turnOf(node, scope);
  const condition = compiler.expression(conditionNode, turn.scope);
  const body = compiler.statement(bodyOf(node), turn.scope);
  return (frame) => {
    for (;;) {
      frame.ev.step();
      const own = turn.frame(frame);
      if (!isTrue(condition(own), conditionNode)) return undefined;
      const completion = body(own);
      if (isLeft(completion)) return afterLoop(completion);
    }
  };
}

function compileDo(compiler: Compiler, node: CSharpNode, scope: Scope): Action {
  const conditionNode = needed(node, "condition");
  const turn = turnOf(node, scope);
  const body = compiler.statement(needed(node, "body"), turn.scope);
  const condition = compiler.expression(conditionNode, turn.scope);
  return (frame) => {
    for (;;) {
      frame.ev.step();
      const own = turn.frame(frame);
      const completion = body(own);
      if (isLeft(completion)) return afterLoop(completion);
      if (!isTrue(condition(own), conditionNode)) return undefined;
    }
  };
}

function compileFor(compiler: Compiler, node: CSharpNode, scope: Scope): Action {
  const outer = scope.inner();
  const start = node.children
    .filter(({ field }) => field === "initializer")
    .map((part) =>
      part.type === "variable_declaration"
        ? compileVariables(compiler, part, outer)
        : asAction(compiler.expression(part, outer)),
    );
  const conditionNode = fieldOf(node, "condition");
  const condition = conditionNode === undefined ? undefined : compiler.expression(conditionNode, outer);
  const updates = node.children
    .filter(({ field, isNamed }) => field === "update" && isNamed)
    .map((part) => compiler.expression(part, outer));
  const turn = turnOf(bodyOf(node), outer);
  const body = compiler.statement(bodyOf(node), turn.scope);
  return (frame) => {
    for (const action of start) action(frame);
    for (;;) {
      frame.ev.step();
      if (condition !== undefined && conditionNode !== undefined && !isTrue(condition(frame), conditionNode))
        return undefined;
      const completion = body(turn.frame(frame));
      if (isLeft(completion)) return afterLoop(completion);
      for (const update of updates) update(frame);
    }
  };
}

function asAction(code: Code): Action {
  return (frame) => {
    code(frame);
    return undefined;
  };
}

/** `foreach` takes the enumerator of JObject itself, which gives pairs; LINQ sees its properties. */
function enumerated(value: Value): Value {
  if (!(value instanceof JObjectValue)) return value;
  return new ArrayValue(value.properties().map(({ name, value: held }) => keyValuePair(name, held)));
}

function compileForEach(compiler: Compiler, node: CSharpNode, scope: Scope): Action {
  const itemsNode = needed(node, "right");
  const items = compiler.expression(itemsNode, scope);
  const turn = turnOf(bodyOf(node), scope);
  const type = typeAt(compiler, needed(node, "type"));
  const nameNode = needed(node, "left");
  if (nameNode.type !== "identifier") refuse(nameNode, "Taking values apart is not simulated.");
  const variable = turn.scope.declare(textOf(compiler, nameNode), type);
  const write = writeVariable(variable, 0);
  const body = compiler.statement(bodyOf(node), turn.scope);
  const convert = (value: Value) =>
    type === undefined ? value : placed(nameNode.start, () => castValue(value, type, "other", false));
  return (frame) => {
    const list = placed(itemsNode.start, () => walk(enumerated(items(frame)), frame.ev));
    for (const item of list) {
      const own = turn.frame(frame);
      write(own, convert(item));
      const completion = body(own);
      if (isLeft(completion)) return afterLoop(completion);
    }
    return undefined;
  };
}
