import { join } from "node:path";
import { exportTargets } from "../../core/export/targets.ts";
import { formatExported, formatExportedJson } from "../../report/export.ts";
import { exportGateway, writeExported } from "../../usecases/export.ts";
import type { ExportOptions } from "../command-options.ts";
import type { CommandHandler } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { gatewayRequest } from "../gateway-request.ts";
import { usageFailure } from "../usage.ts";

export const exportModule: CommandHandler<ExportOptions> = async (context, _args, options) => {
  const { files, output } = context;
  const { to, output: directory, force } = options;
  if (to === undefined) {
    throw usageFailure("NO_TARGET", "export needs to know the language of the module", {
      remedy: `Give --to with one of ${exportTargets.join(", ")}.`,
    });
  }
  const exported = await exportGateway(files, gatewayRequest(context, options), to);
  if (directory !== undefined) await writeExported(files, directory, exported, force);
  const shown = { ...exported, to, directory: directory === undefined ? undefined : join(directory, ".") };
  if (options.format === "json") output.writeResult(formatExportedJson(shown));
  else if (directory === undefined) output.writeResult(formatExported(shown));
  else output.message(formatExported(shown));
  return exitCodes.done;
};
