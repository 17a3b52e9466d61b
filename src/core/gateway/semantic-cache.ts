/**
 * The external cache that semantic policies use, and how near two prompts are. A model would embed them; here a prompt is its words
 * with their counts, and the nearness of two is the cosine between these. So other words of the same meaning are far apart,
 * and the same words in another order are not: a stand-in that says when something would be cached, not a measure of meaning.
 */
import type { GatewayResponse } from "./context.ts";

export type PromptVector = ReadonlyMap<string, number>;

export type SemanticEntry = {
  readonly partition: string;
  readonly vector: PromptVector;
  readonly response: GatewayResponse;
  readonly until: number;
};

/** More answers than that are not kept: the oldest goes. */
const mostEntries = 5_000;

/** Shared by all instances, as an external cache is. */
export class SemanticCache {
  #entries: SemanticEntry[] = [];

  add(entry: SemanticEntry): void {
    this.#entries.push(entry);
    if (this.#entries.length > mostEntries) this.#entries.shift();
  }

  /** The nearest entry of the partition that is still kept, and its distance: 0 for the same words, 1 for none in common. */
  nearest(
    partition: string,
    vector: PromptVector,
    now: number,
  ): { readonly entry: SemanticEntry; readonly distance: number } | undefined {
    this.#entries = this.#entries.filter(({ until }) => until > now);
    let best: { entry: SemanticEntry; distance: number } | undefined;
    for (const entry of this.#entries) {
      if (entry.partition !== partition) continue;
      const distance = distanceOf(vector, entry.vector);
      if (best === undefined || distance < best.distance) best = { entry, distance };
    }
    return best;
  }
}

/** Words in lower case and how often they stand there. */
export function promptVector(text: string): PromptVector {
  const counts = new Map<string, number>();
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

/** One minus the cosine. Texts without words are at no distance from each other. */
export function distanceOf(a: PromptVector, b: PromptVector): number {
  if (a.size === 0 || b.size === 0) return a.size === b.size ? 0 : 1;
  let dot = 0;
  for (const [word, count] of a) dot += count * (b.get(word) ?? 0);
  const cosine = dot / Math.sqrt(squareOf(a) * squareOf(b));
  return Math.max(0, 1 - cosine);
}

function squareOf(vector: PromptVector): number {
  let sum = 0;
  for (const count of vector.values()) sum += count * count;
  return sum;
}
