/** Binary and unary operators, and the conditional one. */
import { fieldOf, withoutParentheses } from "../../../policy/expression/csharp/node.ts";
import type { CSharpNode } from "../../../policy/expression/csharp/node.ts";
import { NotSimulated, nullReference } from "../errors.ts";
import { convertNumber, isNumeric, isNumberType } from "../numbers.ts";
import type { NumberType } from "../numbers.ts";
import { applyBinary, applyUnary } from "../operators.ts";
import { typeNameOf } from "../type-names.ts";
import { isObjectValue } from "../values.ts";
import type { Value } from "../values.ts";
import { isBoxed, needed, refuse, textOf } from "./compiler.ts";
import type { Compiler } from "./compiler.ts";
import { isNullLiteral, placed } from "./expressions.ts";
import type { Code, Scope } from "./frame.ts";

export function compileBinary(compiler: Compiler, node: CSharpNode, scope: Scope): Code {
  const operatorNode = fieldOf(node, "operator") ?? node.children.find(({ isNamed }) => !isNamed);
  const operator = operatorNode?.type ?? "";
  const [leftNode, rightNode] = [needed(node, "left"), needed(node, "right")];
  const left = compiler.expression(leftNode, scope);
  const right = compiler.expression(rightNode, scope);
  switch (operator) {
    case "&&":
      return (frame) => isTrue(left(frame), leftNode) && isTrue(right(frame), rightNode);
    case "||":
      return (frame) => isTrue(left(frame), leftNode) || isTrue(right(frame), rightNode);
    case "??":
      return (frame) => left(frame) ?? right(frame);
    case "==":
    case "!=":
      return compileEquality(compiler, node, [leftNode, rightNode], [left, right], operator);
    default:
      return compileArithmetic(compiler, node, operator, left, right);
  }
}

/** The value of a condition: anything but true and false is an error in C#, or null. */
export function isTrue(value: Value, node: CSharpNode): boolean {
  if (typeof value === "boolean") return value;
  if (value === null) throw nullReference();
  const error = new NotSimulated(`A condition must be bool; this one is ${typeNameOf(value)}.`);
  error.offset = node.start;
  throw error;
}

type Pair<T> = readonly [T, T];

function compileEquality(
  compiler: Compiler,
  node: CSharpNode,
  nodes: Pair<CSharpNode>,
  [left, right]: Pair<Code>,
  operator: string,
): Code {
  const isEqual = operator === "==";
  if (nodes.some(isNullLiteral)) {
    const value = isNullLiteral(nodes[1]) ? left : right;
    return (frame) => (value(frame) === null) === isEqual;
  }
  if (nodes.some((side) => isBoxed(compiler, side))) {
    refuseMixedEquality(compiler, node, nodes);
    return (frame) => isSameReference(left(frame), right(frame)) === isEqual;
  }
  return (frame) => {
    const [a, b] = [left(frame), right(frame)];
    if (typeof a === "number" && typeof b === "number") return (a === b) === isEqual;
    if (typeof a === "string" && typeof b === "string") {
      frame.ev.step(a.length >> 12);
      return (a === b) === isEqual;
    }
    return placed(node.start, () => applyBinary(operator, a, b, frame.ev));
  };
}

const valueTypes = new Set([
  "bool",
  "int",
  "long",
  "double",
  "decimal",
  "char",
  "System.DateTime",
  "System.Guid",
  "System.TimeSpan",
]);

function refuseMixedEquality(compiler: Compiler, node: CSharpNode, nodes: Pair<CSharpNode>): void {
  const other = nodes
    .map((side) => compiler.model.typeOf(side))
    .find((type) => type !== undefined && valueTypes.has(type));
  if (other !== undefined) refuse(node, `C# has no \`==\` for object and ${other}: cast the value first.`);
}

/** `==` of two that C# knows as objects: boxed values and texts made apart are never the same one. */
function isSameReference(a: Value, b: Value): boolean {
  if (a === null || b === null) return a === b;
  return isObjectValue(a) && a === b;
}

function compileArithmetic(
  compiler: Compiler,
  node: CSharpNode,
  operator: string,
  left: Code,
  right: Code,
): Code {
  const { isChecked } = compiler;
  const slow: Code = (frame) => {
    const [a, b] = [left(frame), right(frame)];
    return placed(node.start, () => applyBinary(operator, a, b, frame.ev, isChecked));
  };
  const fast = isChecked ? undefined : integerOperations[operator];
  if (fast === undefined) return slow;
  return (frame) => {
    const [a, b] = [left(frame), right(frame)];
    if (typeof a === "number" && typeof b === "number") return fast(a, b);
    return placed(node.start, () => applyBinary(operator, a, b, frame.ev));
  };
}

/** Of two ints, without the way over promotion. */
const integerOperations: Readonly<Record<string, (a: number, b: number) => Value>> = {
  "+": (a, b) => (a + b) | 0,
  "-": (a, b) => (a - b) | 0,
  "*": (a, b) => Math.imul(a, b),
  "<": (a, b) => a < b,
  ">": (a, b) => a > b,
  "<=": (a, b) => a <= b,
  ">=": (a, b) => a >= b,
};

export function compileUnary(
  compiler: Compiler,
  node: CSharpNode,
  scope: Scope,
  operator: string,
  operand: CSharpNode,
): Code {
  if (!["!", "-", "+", "~"].includes(operator)) refuse(node, `\`${operator}\` is not simulated.`);
  // The lowest numbers exist only with their sign.
  if (operator === "-" && operand.type === "integer_literal") {
    const text = textOf(compiler, operand).replaceAll("_", "");
    if (text === "2147483648") return () => -2147483648;
    if (/^9223372036854775808[lL]?$/.test(text)) return () => -9223372036854775808n;
  }
  const { isChecked } = compiler;
  const value = compiler.expression(operand, scope);
  if (operator === "!") return (frame) => !isTrue(value(frame), operand);
  return (frame) => placed(node.start, () => applyUnary(operator, value(frame), isChecked));
}

export function compileConditional(compiler: Compiler, node: CSharpNode, scope: Scope): Code {
  const conditionNode = needed(node, "condition");
  const [thenNode, elseNode] = [needed(node, "consequence"), needed(node, "alternative")];
  const condition = compiler.expression(conditionNode, scope);
  const type = widerType(numberTypeOfNode(compiler, thenNode), numberTypeOfNode(compiler, elseNode));
  const [then, otherwise] = [thenNode, elseNode].map((branch) => {
    const code = compiler.expression(branch, scope);
    if (type === undefined) return code;
    return (frame: Parameters<Code>[0]) => {
      const value = code(frame);
      return isNumeric(value) ? convertNumber(value, type) : value;
    };
  });
  if (then === undefined || otherwise === undefined) refuse(node, "This code is not complete.");
  return (frame) => (isTrue(condition(frame), conditionNode) ? then(frame) : otherwise(frame));
}

const width = ["int", "long", "float", "double"];

/** The type that both branches convert to, where they are numbers of different types. */
function widerType(a: NumberType | undefined, b: NumberType | undefined): NumberType | undefined {
  if (a === undefined || b === undefined || a === b) return undefined;
  if (a === "decimal" || b === "decimal") return "decimal";
  return width.indexOf(a) > width.indexOf(b) ? a : b;
}

function numberTypeOfNode(compiler: Compiler, node: CSharpNode): NumberType | undefined {
  const inner = withoutParentheses(node);
  const type = compiler.model.typeOf(inner);
  if (type !== undefined) return isNumberType(type) ? type : undefined;
  const suffix = textOf(compiler, inner).at(-1)?.toLowerCase() ?? "";
  if (inner.type === "real_literal") return suffix === "m" ? "decimal" : suffix === "f" ? "float" : "double";
  if (inner.type === "integer_literal") return suffix === "l" ? "long" : undefined;
  if (inner.type === "prefix_unary_expression" && inner.children[1] !== undefined) {
    return numberTypeOfNode(compiler, inner.children[1]);
  }
  return undefined;
}
