/** The revisions that an API has, and which of them is meant. */
import { Failure } from "../failure.ts";

export type Revision = {
  readonly number: number;
  readonly isCurrent: boolean;
  /** What people said of it; empty when nothing. */
  readonly description: string;
  /** The spec that made it; null when something else did. */
  readonly madeBy: string | null;
  /** When it was last released, and with which notes; null when it never was, or nobody wrote it down. */
  readonly released: { readonly at: string; readonly notes: string } | null;
};

export type Revisions = {
  readonly api: string;
  /** Newest first. */
  readonly revisions: readonly Revision[];
};

/**
 * The revision that `release` means when nobody says: the newest one that this spec made and calls have never got. What others made
 * may be a trial. Throws Failure `REVISION.NOTHING`.
 */
export function nextRevision({ api, revisions }: Revisions, spec: string): number {
  const current = currentOf(revisions);
  const waiting = revisions.filter(({ number, released }) => number > current && released === null);
  const next = waiting.find(({ madeBy }) => madeBy === spec);
  if (next !== undefined) return next.number;
  throw new Failure("REVISION.NOTHING", `API \`${api}\` has no revision that waits for its release`, {
    why:
      waiting.length === 0
        ? `calls get revision ${current}, and every later one has been released before`
        : `calls get revision ${current}, and the spec \`${spec}\` has made no later one: ${waiting.map(({ number }) => number).join(", ")} is by others`,
    remedy: "Name one with --revision N; `apimgw revisions` lists them.",
  });
}

/**
 * The revision that `rollback` means when nobody says: the one that was released last before the current one, or else the
 * first one, which calls got without a release. Others may be unfinished or somebody's trial. Throws Failure `REVISION.NOTHING`.
 */
export function previousRevision({ api, revisions }: Revisions): number {
  const current = revisions.find(({ isCurrent }) => isCurrent);
  const since = current?.released?.at;
  const others = revisions.filter(({ isCurrent }) => !isCurrent);
  const earlier = others
    .filter(({ released }) => released !== null && (since === undefined || released.at < since))
    .sort((a, b) => ((a.released?.at ?? "") < (b.released?.at ?? "") ? 1 : -1));
  const previous = earlier[0] ?? others.find(({ number }) => number === 1);
  if (previous !== undefined) return previous.number;
  throw new Failure("REVISION.NOTHING", `API \`${api}\` has no revision to go back to`, {
    why: "no other one is known to be one that calls have got",
    remedy: "Name one with --revision N; `apimgw revisions` lists them.",
  });
}

/** The number, if the API has such a revision and it is not current. Throws Failure `REVISION.NOT_FOUND`, `REVISION.CURRENT`. */
export function chosenRevision({ api, revisions }: Revisions, number: number): number {
  const found = revisions.find((revision) => revision.number === number);
  if (found === undefined) {
    throw new Failure("REVISION.NOT_FOUND", `API \`${api}\` has no revision ${number}`, {
      remedy: `It has ${revisions.map((each) => each.number).join(", ")}.`,
    });
  }
  if (!found.isCurrent) return number;
  throw new Failure("REVISION.CURRENT", `calls to API \`${api}\` get revision ${number} already`);
}

export function currentOf(revisions: readonly Revision[]): number {
  return revisions.find(({ isCurrent }) => isCurrent)?.number ?? 1;
}
