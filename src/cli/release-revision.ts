/** What `release` and `rollback` share: choose a revision, ask, make it current. */
import { chosenRevision, currentOf } from "../core/plan/revision-list.ts";
import type { Revisions } from "../core/plan/revision-list.ts";
import { formatReleased, formatReleasedJson, formatRevisions } from "../report/revisions.ts";
import { loadOwner } from "../usecases/destroy.ts";
import { readRevisions, releaseRevision } from "../usecases/revisions.ts";
import type { ReleaseOptions } from "./command-options.ts";
import type { CommandContext } from "./context.ts";
import { withService } from "./connect.ts";
import { exitCodes } from "./exit-codes.ts";
import type { ExitCode } from "./exit-codes.ts";
import { gatewayRequest } from "./gateway-request.ts";

export type Wanted = {
  /** The revision that is meant when nobody says. */
  readonly choose: (revisions: Revisions, spec: string) => number;
  /** For the change log of the API. */
  readonly notes: (spec: string) => string;
};

export async function makeCurrent(
  context: CommandContext,
  api: string,
  options: ReleaseOptions,
  { choose, notes }: Wanted,
): Promise<ExitCode> {
  const { output, clock } = context;
  const owner = await loadOwner(context.files, gatewayRequest(context, options));
  return withService(context, options, owner.service, async (service) => {
    const found = await readRevisions(service, owner, api);
    const revision =
      options.revision === undefined ? choose(found, owner.name) : chosenRevision(found, options.revision);
    const before = currentOf(found.revisions);
    if (!options.autoApprove) {
      output.message(formatRevisions(found, { color: output.messageColor }));
      const question = `Let calls to API ${found.api} on ${service.title} get revision ${revision} instead of ${before}?`;
      if (!(await context.confirm(question, "--auto-approve"))) {
        output.error("Nothing was written.");
        return exitCodes.failed;
      }
    }
    const said = options.notes ?? notes(owner.name);
    const release = await releaseRevision(service, found.api, revision, said, clock);
    const released = { api: found.api, revision, before, release };
    output.writeResult(options.format === "json" ? formatReleasedJson(released) : formatReleased(released));
    return exitCodes.done;
  });
}
