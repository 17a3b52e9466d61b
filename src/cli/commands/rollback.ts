import { previousRevision } from "../../core/plan/revision-list.ts";
import type { ReleaseOptions } from "../command-options.ts";
import type { CommandHandler } from "../command.ts";
import { makeCurrent } from "../release-revision.ts";

export const rollback: CommandHandler<ReleaseOptions> = async (context, [api = ""], options) =>
  makeCurrent(context, api, options, {
    choose: previousRevision,
    notes: (spec) => `apimgw: rolled back for spec ${spec}`,
  });
