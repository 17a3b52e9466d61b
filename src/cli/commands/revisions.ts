import { formatRevisions, formatRevisionsJson } from "../../report/revisions.ts";
import { loadOwner } from "../../usecases/destroy.ts";
import { readRevisions } from "../../usecases/revisions.ts";
import type { RevisionsOptions } from "../command-options.ts";
import type { CommandHandler } from "../command.ts";
import { withService } from "../connect.ts";
import { exitCodes } from "../exit-codes.ts";
import { gatewayRequest } from "../gateway-request.ts";

export const revisions: CommandHandler<RevisionsOptions> = async (context, [api = ""], options) => {
  const owner = await loadOwner(context.files, gatewayRequest(context, options));
  const found = await withService(context, options, owner.service, (service) =>
    readRevisions(service, owner, api),
  );
  const { output } = context;
  output.writeResult(
    options.format === "json"
      ? formatRevisionsJson(found)
      : formatRevisions(found, { color: output.resultColor }),
  );
  return exitCodes.done;
};
