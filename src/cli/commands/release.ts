import { nextRevision } from "../../core/plan/revision-list.ts";
import type { ReleaseOptions } from "../command-options.ts";
import type { CommandHandler } from "../command.ts";
import { makeCurrent } from "../release-revision.ts";

export const release: CommandHandler<ReleaseOptions> = async (context, [api = ""], options) =>
  makeCurrent(context, api, options, {
    choose: nextRevision,
    notes: (spec) => `apimgw: released for spec ${spec}`,
  });
