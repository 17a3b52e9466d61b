/** What has left the spec and stays on the service all the same: revisions that calls could be given again still name it. */
import { readRevisionPath } from "../model/kinds/revision.ts";
import { compareText } from "../problem.ts";
import { namedValueIds, referencesOf } from "./live-references.ts";
import { pathKey } from "./live.ts";
import type { LiveEntry, LiveModel } from "./live.ts";
import type { PlanNote } from "./plan.ts";

/**
 * Those of the entries that are to go and that retained revisions need, each with a note: the service would refuse to delete what
 * they name, and a rollback would need it. What they need indirectly is among them: members of pools, named values, roles.
 */
export function heldBack(gone: readonly LiveEntry[], live: LiveModel): ReadonlyMap<LiveEntry, PlanNote> {
  const byPath = new Map(gone.map((entry) => [pathKey(entry.path), entry]));
  const namedValueId = namedValueIds(live);
  const held = new Map<LiveEntry, PlanNote>();
  const hold = (user: LiveEntry, revision: string): void => {
    for (const path of referencesOf(user, namedValueId)) {
      const entry = byPath.get(pathKey(path));
      if (entry === undefined || held.has(entry)) continue;
      held.set(entry, noteOf(entry, `${revision} still names it`));
      hold(entry, revision);
    }
  };
  const retained = [...(live.retained ?? [])].sort((a, b) => compareText(a.path, b.path));
  for (const entry of retained) hold(entry, titleOf(entry));
  const callsAccounts = [...held.keys()].some(({ kind }) => kind === "backend");
  for (const entry of gone) {
    // Which backends an assignment is for, it does not say.
    if (callsAccounts && entry.kind === "roleAssignment")
      held.set(entry, noteOf(entry, "a backend that a revision still names may need it"));
  }
  return held;
}

function titleOf({ path }: LiveEntry): string {
  const { api = "", number = 0 } = readRevisionPath(path) ?? {};
  return `revision ${number} of API \`${api}\``;
}

function noteOf({ kind, id, path }: LiveEntry, why: string): PlanNote {
  const note = `has left the spec and is not deleted yet: ${why}; the first plan after that revision is gone deletes it`;
  return { kind, id, path, note };
}
