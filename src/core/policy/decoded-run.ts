import type { Span } from "./mask.ts";
import { decodeReferences, isReferenceAt, referenceEnd } from "./xml-text.ts";

/** A stretch of source text with its entities resolved, and the way back. */
export type DecodedRun = Span & {
  readonly text: string;
  /** Offset in the source of each UTF-16 unit of the text. */
  readonly offsets: readonly number[];
  readonly hasReferences: boolean;
};

export function decodeRun(source: string, start: number, end: number): DecodedRun {
  const raw = source.slice(start, end);
  const offsets: number[] = [];
  let text = "";
  let hasReferences = false;
  let at = 0;
  const take = (until: number) => {
    for (let offset = at; offset < until; offset += 1) offsets.push(start + offset);
    text += raw.slice(at, until);
    at = until;
  };
  for (const { index } of raw.matchAll(/&/g)) {
    const stop = referenceEnd(raw, index);
    if (stop === undefined) continue;
    take(index);
    const resolved = decodeReferences(raw.slice(index, stop));
    for (let unit = 0; unit < resolved.length; unit += 1) offsets.push(start + index);
    text += resolved;
    hasReferences = true;
    at = stop;
  }
  take(raw.length);
  return { start, end, text, offsets, hasReferences };
}

/** Index in `text` of the character that stands at a source offset. */
export function indexInRun(run: DecodedRun, offset: number): number {
  let low = 0;
  let high = run.offsets.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((run.offsets[middle] ?? offset) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** True when an `&` starts no entity. */
export function hasBareAmpersand(text: string): boolean {
  for (let at = text.indexOf("&"); at !== -1; at = text.indexOf("&", at + 1)) {
    if (!isReferenceAt(text, at)) return true;
  }
  return false;
}
