import { distance } from "fastest-levenshtein";
import { compareText } from "./problem.ts";

/**
 * The known name that `name` was probably meant to be, for "did you mean"; undefined when none is near. A name that differs in
 * case only is nearest. Else the edits that lead there count (a character inserted, left out, replaced, or two neighbours
 * swapped), without regard to case: at most a third of the name's length, at least 1, never more than 4. Of equally near
 * names the first in code-unit order is taken, whatever the order of the candidates.
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase();
  const limit = Math.min(4, Math.max(1, Math.floor(name.length / 3)));
  let nearest: { readonly candidate: string; readonly edits: number } | undefined;
  for (const candidate of candidates) {
    const edits = countEdits(wanted, candidate.toLowerCase(), limit);
    if (edits > limit) continue;
    const order =
      nearest === undefined ? -1 : edits - nearest.edits || compareText(candidate, nearest.candidate);
    if (order < 0) nearest = { candidate, edits };
  }
  return nearest?.candidate;
}

/** Damerau-Levenshtein distance; exact up to `limit`, beyond it only known to be beyond. */
function countEdits(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  const plain = distance(a, b);
  // A swap is two edits for plain Levenshtein, so swaps halve its distance at best.
  return plain <= 1 || plain > 2 * limit ? plain : countEditsWithSwaps(a, b);
}

function countEditsWithSwaps(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current.push(
        Math.min(
          (last[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
          (last[column - 1] ?? 0) + (same ? 0 : 1),
          swapped ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? 0;
}
