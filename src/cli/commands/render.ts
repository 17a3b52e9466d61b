import { join } from "node:path";
import { plural } from "../../report/count.ts";
import { formatFilesJson } from "../../report/json.ts";
import { formatTree } from "../../report/tree.ts";
import { render as renderGateway, writeRendered } from "../../usecases/render.ts";
import type { RenderOptions } from "../command-options.ts";
import type { CommandHandler } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { gatewayRequest } from "../gateway-request.ts";

export const render: CommandHandler<RenderOptions> = async (context, _args, options) => {
  const { files, output } = context;
  const rendered = await renderGateway(files, gatewayRequest(context, options), options.xmlFormat);
  if (options.output !== undefined) {
    await writeRendered(files, options.output, rendered);
    output.message(`Wrote ${plural(rendered.length, "file")} to ${join(options.output, ".")}.`);
  }
  if (options.format === "json") output.writeResult(formatFilesJson(rendered));
  else if (options.output === undefined) output.writeResult(formatTree(rendered.map(({ path }) => path)));
  return exitCodes.done;
};
