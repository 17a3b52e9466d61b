/** One evaluation of one expression: what it may use up, and the context it looks at. */
import type { GatewayContext } from "../context.ts";
import { EvaluationLimit } from "./errors.ts";

export type EvaluationLimits = {
  /** Turns of loops, calls of lambdas, items of sequences, matches of patterns. */
  readonly steps: number;
  /** UTF-16 units and items that all values made on the way may have together. */
  readonly memory: number;
  /** How deep functions may call each other. */
  readonly depth: number;
};

/** Far beyond what expressions in use take, and passed within a second or two. */
export const defaultLimits: EvaluationLimits = { steps: 2_000_000, memory: 64_000_000, depth: 200 };

export class Evaluation {
  readonly context: GatewayContext;
  readonly #limits: EvaluationLimits;
  #steps = 0;
  #memory = 0;
  #depth = 0;

  constructor(context: GatewayContext, limits: EvaluationLimits) {
    this.context = context;
    this.#limits = limits;
  }

  /** Counts work that is repeated; throws EvaluationLimit when there was too much. */
  step(count = 1): void {
    this.#steps += count;
    if (this.#steps > this.#limits.steps) {
      throw new EvaluationLimit(`The expression takes more than ${this.#limits.steps} steps.`);
    }
  }

  /** Counts what is about to be made; throws EvaluationLimit before there is too much. */
  allocate(units: number): void {
    this.#memory += units;
    if (this.#memory > this.#limits.memory) {
      throw new EvaluationLimit(`The expression makes values of more than ${this.#limits.memory} units.`);
    }
  }

  /** Counts a string on its way to a value. */
  text(made: string): string {
    this.allocate(made.length);
    return made;
  }

  /** Runs something that may run itself again. */
  nested<T>(run: () => T): T {
    this.step();
    this.#depth += 1;
    if (this.#depth > this.#limits.depth) {
      this.#depth = 0;
      throw new EvaluationLimit(
        `The expression's functions call each other more than ${this.#limits.depth} deep.`,
      );
    }
    try {
      return run();
    } finally {
      this.#depth -= 1;
    }
  }
}
