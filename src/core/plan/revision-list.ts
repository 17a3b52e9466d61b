/** The revisions that an API has, and which of them is meant. */
import { Failure } from "../failure.ts";

export type Revision = {
  readonly number: number;
  readonly isCurrent: boolean;
  /** What people said of it; empty when nothing. */
  readonly description: string;
  /** When it was last released, and with which notes; null when it never was, or nobody wrote it down. */
  readonly released: { readonly at: string; readonly notes: string } | null;
};

export type Revisions = {
  readonly api: string;
  /** Newest first. */
  readonly revisions: readonly Revision[];
};

/** The revision that `release` means when nobody says: the newest one that calls have never got. Throws Failure `REVISION.NOTHING`. */
export function nextRevision({ api, revisions }: Revisions): number {
  const current = currentOf(revisions);
  const next = revisions.find(({ number, released }) => number > current && released === null);
  if (next !== undefined) return next.number;
  throw new Failure("REVISION.NOTHING", `API \`${api}\` has no revision that waits for its release`, {
    why: `calls get revision ${current}, and every later one has been released before`,
    remedy: "name one with --revision N; `apimgw revisions` lists them",
  });
}

/**
 * The revision that `rollback` means when nobody says: the one that was released last before the current one, or else the
 * one before it. Throws Failure `REVISION.NOTHING`.
 */
export function previousRevision({ api, revisions }: Revisions): number {
  const current = revisions.find(({ isCurrent }) => isCurrent);
  const since = current?.released?.at;
  const others = revisions.filter(({ isCurrent }) => !isCurrent);
  const earlier = others
    .filter(({ released }) => released !== null && (since === undefined || released.at < since))
    .sort((a, b) => ((a.released?.at ?? "") < (b.released?.at ?? "") ? 1 : -1));
  const below = others.filter(({ number }) => number < (current?.number ?? 0));
  const previous = earlier[0] ?? below[0];
  if (previous !== undefined) return previous.number;
  throw new Failure("REVISION.NOTHING", `API \`${api}\` has no revision to go back to`, {
    why: "the current one is the only one that calls have ever got",
  });
}

/** The number, if the API has such a revision and it is not current. Throws Failure `REVISION.NOT_FOUND`, `REVISION.CURRENT`. */
export function chosenRevision({ api, revisions }: Revisions, number: number): number {
  const found = revisions.find((revision) => revision.number === number);
  if (found === undefined) {
    throw new Failure("REVISION.NOT_FOUND", `API \`${api}\` has no revision ${number}`, {
      remedy: `it has ${revisions.map((each) => each.number).join(", ")}`,
    });
  }
  if (!found.isCurrent) return number;
  throw new Failure("REVISION.CURRENT", `calls to API \`${api}\` get revision ${number} already`);
}

export function currentOf(revisions: readonly Revision[]): number {
  return revisions.find(({ isCurrent }) => isCurrent)?.number ?? 1;
}
