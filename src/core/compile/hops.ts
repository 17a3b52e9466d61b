/** The way of a call from one backend or pool to the next. */

/** What a pass sends to. */
export type Target = {
  /** Id of a backend or pool as the service knows it. */
  readonly id: string;
  /** The name to put into the body's `model`; absent: the body stays. */
  readonly model?: string;
};

/** Several targets that take turns: the pass finds out which one of them is first. */
export type Turn = {
  /** Variable of the request that holds the index of the first. */
  readonly variable: string;
  /** How often each is first, of their sum. */
  readonly weights: readonly number[];
};

/** A stage of the way. Each of its targets gets one pass, and there are several only where they take turns. */
export type Hop = { readonly targets: readonly Target[]; readonly turn?: Turn };

/** How many calls the way has at most. */
export function passesOf(hops: readonly Hop[]): number {
  return hops.reduce((sum, { targets }) => sum + targets.length, 0);
}
