/**
 * Where ranks stand from left to right. A rank is what has one middle: a column of nodes, or the labels between two. Between
 * ranks there is little room where edges run level, and more where they climb.
 */
export type Point = { readonly x: number; readonly y: number };

/** By its middle. */
export type MiddleBox = Point & { readonly width: number };

export type RankSpace = { readonly left: number; readonly right: number };

const narrowest = 26;
const widest = 76;
/** Pixels of room for one of climbing. */
const slope = 0.16;

export class RankSpaces {
  readonly #spaces: ReadonlyMap<number, RankSpace>;

  /** `routes` are edges as points from middle to middle, those at ranks that hold nothing left out. */
  constructor(halves: ReadonlyMap<number, number>, routes: readonly (readonly Point[])[], left: number) {
    const keys = [...halves.keys()].sort((a, b) => a - b);
    const gaps = gapsBetween(keys, routes);
    const spaces = new Map<number, RankSpace>();
    let at = left;
    for (const [index, key] of keys.entries()) {
      const width = 2 * (halves.get(key) ?? 0);
      spaces.set(key, { left: at, right: at + width });
      at += width + (gaps[index] ?? 0);
    }
    this.#spaces = spaces;
  }

  /** The room of the rank that had this middle. */
  at(middle: number): RankSpace {
    const space = this.#spaces.get(rankKey(middle));
    if (space === undefined) throw new RangeError(`no rank has its middle at ${middle}`);
    return space;
  }
}

/** Half the width of the widest box of each rank. */
export function rankHalves(boxes: readonly MiddleBox[]): ReadonlyMap<number, number> {
  const halves = new Map<number, number>();
  for (const { x, width } of boxes) {
    halves.set(rankKey(x), Math.max(halves.get(rankKey(x)) ?? 0, width / 2));
  }
  return halves;
}

/** Middles are sums of fractions. */
export function rankKey(middle: number): number {
  return Math.round(middle);
}

function gapsBetween(keys: readonly number[], routes: readonly (readonly Point[])[]): readonly number[] {
  const place = new Map(keys.map((key, index) => [key, index]));
  const climbs = keys.map(() => 0);
  for (const route of routes) {
    for (const [index, point] of route.entries()) {
      const next = route[index + 1];
      if (next === undefined) continue;
      const from = place.get(rankKey(point.x)) ?? 0;
      // Climbs over a rank that the edge does not know of need room once.
      const until = place.get(rankKey(next.x)) ?? from + 1;
      const climb = Math.abs(next.y - point.y);
      if (until === from + 1) climbs[from] = Math.max(climbs[from] ?? 0, climb);
    }
  }
  return climbs.map((climb) => Math.round(Math.min(widest, Math.max(narrowest, climb * slope))));
}
