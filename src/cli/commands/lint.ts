import { formatLint } from "../../report/human/lint.ts";
import { formatLintJson } from "../../report/json.ts";
import { lint as lintGateway } from "../../usecases/lint.ts";
import type { LintOptions } from "../command-options.ts";
import type { CommandHandler } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { gatewayRequest } from "../gateway-request.ts";

export const lint: CommandHandler<LintOptions> = async (context, _args, options) => {
  const { result, texts } = await lintGateway(context.files, gatewayRequest(context, options));
  const style = { color: context.output.resultColor };
  const asJson = options.format === "json";
  context.output.writeResult(
    asJson ? formatLintJson(result) : formatLint(result, (file) => texts.get(file), style),
  );
  return result.problems.some(({ severity }) => severity === "error") ? exitCodes.failed : exitCodes.done;
};
