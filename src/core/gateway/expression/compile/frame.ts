/** Where variables live: a frame for each call of a function, and for each turn of a loop whose body makes functions. */
import type { Evaluation } from "../evaluation.ts";
import type { TypeRef } from "../type-ref.ts";
import type { Value } from "../values.ts";

export class Frame {
  readonly slots: Value[] = [];
  readonly parent: Frame | undefined;
  readonly ev: Evaluation;

  constructor(ev: Evaluation, parent?: Frame) {
    this.ev = ev;
    this.parent = parent;
  }
}

/** A compiled expression. */
export type Code = (frame: Frame) => Value;

/** How a statement ended: undefined when the next one is to run. */
export type Completion = undefined | "break" | "continue" | Returned;
export class Returned {
  constructor(readonly value: Value) {}
}

/** A compiled statement. */
export type Action = (frame: Frame) => Completion;

export type Variable = {
  readonly slot: number;
  readonly frame: FrameLayout;
  /** As declared; undefined for `var` and the parameters of most lambdas. */
  readonly type: TypeRef | undefined;
  readonly isConstant: boolean;
};

/** Counts the slots of a frame while code is compiled. */
export class FrameLayout {
  #size = 0;
  readonly parent: FrameLayout | undefined;

  constructor(parent?: FrameLayout) {
    this.parent = parent;
  }

  allocate(): number {
    this.#size += 1;
    return this.#size - 1;
  }
}

/** The names that a block knows. */
export class Scope {
  readonly #names = new Map<string, Variable>();
  readonly #outer: Scope | undefined;
  readonly frame: FrameLayout;

  constructor(frame: FrameLayout, outer?: Scope) {
    this.frame = frame;
    this.#outer = outer;
  }

  /** A block within this one, in the same frame or a new one. */
  inner(frame: FrameLayout = this.frame): Scope {
    return new Scope(frame, this);
  }

  declare(name: string, type?: TypeRef, isConstant = false): Variable {
    const variable = { slot: this.frame.allocate(), frame: this.frame, type, isConstant };
    this.#names.set(name, variable);
    return variable;
  }

  find(name: string): Variable | undefined {
    return this.#names.get(name) ?? this.#outer?.find(name);
  }

  /** How many frames lie between this block's and the variable's. */
  depthOf({ frame }: Variable): number {
    let depth = 0;
    for (let at: FrameLayout | undefined = this.frame; at !== undefined && at !== frame; at = at.parent)
      depth += 1;
    return depth;
  }
}

function outerFrame(frame: Frame, depth: number): Frame {
  let at = frame;
  for (let left = depth; left > 0 && at.parent !== undefined; left -= 1) at = at.parent;
  return at;
}

/** Code that reads a variable. */
export function readVariable({ slot }: Variable, depth: number): Code {
  if (depth === 0) return (frame) => frame.slots[slot] ?? null;
  return (frame) => outerFrame(frame, depth).slots[slot] ?? null;
}

/** Code that writes a variable. */
export function writeVariable({ slot }: Variable, depth: number): (frame: Frame, value: Value) => void {
  if (depth === 0) {
    return (frame, value) => {
      frame.slots[slot] = value;
    };
  }
  return (frame, value) => {
    outerFrame(frame, depth).slots[slot] = value;
  };
}
