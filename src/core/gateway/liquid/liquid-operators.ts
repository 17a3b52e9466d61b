/** Comparisons as DotLiquid makes them: what stands right becomes what stands left is. */
import type { Operators } from "liquidjs";
import { LiquidRefusal } from "./liquid-refusal.ts";
import { liquidText } from "./liquid-text.ts";

type Compare = (left: unknown, right: unknown) => boolean;

export const liquidOperators: Operators = {
  "==": areEqual,
  "!=": (left: unknown, right: unknown) => !areEqual(left, right),
  ">": ordered((order) => order > 0),
  "<": ordered((order) => order < 0),
  ">=": ordered((order) => order >= 0),
  "<=": ordered((order) => order <= 0),
  contains,
  and: (left: unknown, right: unknown) => isTrue(left) && isTrue(right),
  or: (left: unknown, right: unknown) => isTrue(left) || isTrue(right),
};

/** All but false and nothing. */
function isTrue(value: unknown): boolean {
  return value !== false && value !== undefined && value !== null;
}

function areEqual(left: unknown, right: unknown): boolean {
  if (isSpecial(left)) return left.equals(right);
  if (isSpecial(right)) return right.equals(left);
  if (left === undefined || left === null || right === undefined || right === null) {
    return (left ?? null) === (right ?? null);
  }
  const other = asKindOf(left, right);
  return other !== undefined && left === other;
}

/** `empty` and `blank`. */
function isSpecial(value: unknown): value is { equals: (other: unknown) => boolean } {
  return (
    typeof value === "object" && value !== null && "equals" in value && typeof value.equals === "function"
  );
}

/** The right side as the left one's type; undefined when it has no such value. */
function asKindOf(left: unknown, right: unknown): unknown {
  refuseObjects(left);
  refuseObjects(right);
  if (typeof left === typeof right) return right;
  if (typeof left === "string")
    return typeof right === "boolean" ? (right ? "True" : "False") : liquidText(right);
  if (typeof left === "number" && typeof right === "string") {
    const value = Number(right);
    return right.trim() === "" || Number.isNaN(value) ? undefined : value;
  }
  throw new LiquidRefusal(`how DotLiquid compares a ${typeof left} with a ${typeof right} is not known`);
}

function refuseObjects(value: unknown): void {
  if (typeof value === "object") {
    throw new LiquidRefusal("how DotLiquid compares lists, objects, elements and dates is not known");
  }
}

/** Nothing is neither more nor less than anything. */
function ordered(holds: (order: number) => boolean): Compare {
  return (left, right) => {
    if (left === undefined || left === null || right === undefined || right === null) return false;
    const other = asKindOf(left, right);
    if (typeof left === "string" && typeof other === "string") return holds(compareTexts(left, other));
    if (typeof left === "number" && typeof other === "number") return holds(left - other);
    throw new LiquidRefusal("only numbers and texts are ordered here");
  };
}

function compareTexts(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

function contains(left: unknown, right: unknown): boolean {
  if (left === undefined || left === null) return false;
  if (typeof left === "string")
    return right !== undefined && right !== null && left.includes(liquidText(right));
  if (Array.isArray(left)) return left.some((item) => areEqual(item, right));
  throw new LiquidRefusal("`contains` looks into texts and lists here");
}
