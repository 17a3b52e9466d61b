/** Whose turn it is among the members of one priority of a pool. */

/** How members are picked: in blocks (as has been observed), interleaved, or at random by weight. */
export const selectionNames = ["block", "smooth", "random"] as const;

export type Selection = (typeof selectionNames)[number];

export interface Turns {
  /** Index of the member whose turn it is among those that are available; takes the turn. Undefined when none is. */
  take(isAvailable: (index: number) => boolean): number | undefined;
  /** The same, and the turn is not taken; undefined also where chance decides. */
  peek(isAvailable: (index: number) => boolean): number | undefined;
}

/** `weights` in the pool's order; `start`: turns that were taken before. */
export function createTurns(
  selection: Selection,
  weights: readonly number[],
  random: () => number,
  start: number,
): Turns {
  const effective = weights.some((weight) => weight > 0) ? weights : weights.map(() => 1);
  switch (selection) {
    case "block":
      return new BlockTurns(effective, start);
    case "smooth":
      return new SmoothTurns(effective, start);
    case "random":
      return new RandomTurns(effective, random);
  }
}

/**
 * Each member as many turns in a row as its weight, weights divided by their greatest common divisor; one pointer that
 * survives between requests, members that are not available are passed over (AI-Gateway's recorded runs: 80/10/10 gives
 * `A x8, B, C, A x8, B, C`).
 */
class BlockTurns implements Turns {
  readonly #sequence: readonly number[];
  #next: number;

  constructor(weights: readonly number[], start: number) {
    const divisor = weights.reduce(greatestCommonDivisor, 0);
    this.#sequence = weights.flatMap((weight, index) => Array<number>(weight / divisor).fill(index));
    this.#next = start % this.#sequence.length;
  }

  take(isAvailable: (index: number) => boolean): number | undefined {
    const at = this.#find(isAvailable);
    if (at === undefined) return undefined;
    this.#next = (at + 1) % this.#sequence.length;
    return this.#sequence[at];
  }

  peek(isAvailable: (index: number) => boolean): number | undefined {
    const at = this.#find(isAvailable);
    return at === undefined ? undefined : this.#sequence[at];
  }

  /** Where in the sequence the next member stands that is available. */
  #find(isAvailable: (index: number) => boolean): number | undefined {
    const sequence = this.#sequence;
    for (let step = 0; step < sequence.length; step += 1) {
      const at = (this.#next + step) % sequence.length;
      const index = sequence[at];
      if (index !== undefined && isAvailable(index)) return at;
    }
    return undefined;
  }
}

/** The smooth weighted round robin of nginx: each turn everybody gains their weight, and who has most pays the sum. */
class SmoothTurns implements Turns {
  readonly #weights: readonly number[];
  readonly #credit: number[];

  constructor(weights: readonly number[], start: number) {
    this.#weights = weights;
    this.#credit = weights.map(() => 0);
    for (let turn = 0; turn < start; turn += 1) this.take(() => true);
  }

  take(isAvailable: (index: number) => boolean): number | undefined {
    let best: number | undefined;
    let total = 0;
    this.#weights.forEach((weight, index) => {
      if (weight === 0 || !isAvailable(index)) return;
      total += weight;
      this.#credit[index] = (this.#credit[index] ?? 0) + weight;
      if (best === undefined || (this.#credit[index] ?? 0) > (this.#credit[best] ?? 0)) best = index;
    });
    if (best !== undefined) this.#credit[best] = (this.#credit[best] ?? 0) - total;
    return best;
  }

  peek(isAvailable: (index: number) => boolean): number | undefined {
    const most = (index: number): number => (this.#credit[index] ?? 0) + (this.#weights[index] ?? 0);
    let best: number | undefined;
    for (const [index, weight] of this.#weights.entries()) {
      if (weight === 0 || !isAvailable(index)) continue;
      if (best === undefined || most(index) > most(best)) best = index;
    }
    return best;
  }
}

class RandomTurns implements Turns {
  readonly #weights: readonly number[];
  readonly #random: () => number;

  constructor(weights: readonly number[], random: () => number) {
    this.#weights = weights;
    this.#random = random;
  }

  take(isAvailable: (index: number) => boolean): number | undefined {
    const weights = this.#weights.map((weight, index) => (weight > 0 && isAvailable(index) ? weight : 0));
    let rest = this.#random() * weights.reduce((sum, weight) => sum + weight, 0);
    let last: number | undefined;
    for (const [index, weight] of weights.entries()) {
      if (weight === 0) continue;
      last = index;
      rest -= weight;
      if (rest < 0) break;
    }
    return last;
  }

  peek(): undefined {
    return undefined;
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
