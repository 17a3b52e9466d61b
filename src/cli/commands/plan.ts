import { driftReport } from "../../core/plan/drift.ts";
import type { PlannedSteps } from "../../core/plan/compare.ts";
import { formatDrift } from "../../report/human/drift.ts";
import { formatPlan } from "../../report/human/plan.ts";
import { formatDriftJson, formatPlanJson } from "../../report/json.ts";
import { formatDriftMarkdown } from "../../report/markdown/drift.ts";
import { formatPlanMarkdown } from "../../report/markdown/plan.ts";
import type { Plan } from "../../core/plan/plan.ts";
import { loadSoundGateway } from "../../usecases/load-gateway.ts";
import { planModel } from "../../usecases/plan.ts";
import { savePlan } from "../../usecases/saved-plan.ts";
import type { PlanOptions } from "../command-options.ts";
import type { CommandHandler } from "../command.ts";
import { connectionTarget, withService } from "../connect.ts";
import type { CommandContext, Output } from "../context.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { compareOptions, gatewayRequest } from "../gateway-request.ts";
import { applyCommand } from "../next-command.ts";
import { whileReading } from "../progress.ts";
import { packageVersion } from "../package-root.ts";
import { usageFailure } from "../usage.ts";

export const plan: CommandHandler<PlanOptions> = async (context, _args, options) => {
  const { output } = context;
  if (options.drift && options.out !== undefined)
    throw usageFailure("DRIFT", "--drift shows what has been changed: there is no plan of it to save", {
      remedy: "Leave --out or --drift out.",
    });
  const { model } = await loadSoundGateway(context.files, gatewayRequest(context, options));
  const { planned, title } = await withService(context, options, model.service, async (service) => ({
    planned: await whileReading(context.output, service, (watched) =>
      planModel(watched, model, compareOptions(options)),
    ),
    title: service.title,
  }));
  if (options.drift) return showDrift(output, options, planned, title);
  if (options.out !== undefined) await save(context, options, options.out, planned);
  output.writeResult(formatAs(context, options, planned.plan, title));
  return options.detailedExitcode && planned.plan.changes.length > 0 ? exitCodes.changes : exitCodes.done;
};

async function save(
  context: CommandContext,
  options: PlanOptions,
  path: string,
  planned: PlannedSteps,
): Promise<void> {
  const origin = {
    apimgwVersion: packageVersion(),
    file: options.file,
    environment: options.env ?? null,
    options: compareOptions(options),
    target: connectionTarget(context, options),
    overrides: gatewayRequest(context, options).overrides ?? {},
  };
  await savePlan(context.files, path, planned, origin);
  // The text of the plan ends with the command; the other formats are read by programs.
  const next = options.format === "text" ? "." : `; carry it out with: ${applyCommand(options, context.env)}`;
  context.output.message(`Saved the plan to ${path}${next}`);
}

function formatAs(context: CommandContext, options: PlanOptions, value: Plan, serviceTitle: string): string {
  const { resultColor: color, isVerbose: verbose } = context.output;
  switch (options.format) {
    case "text": {
      const nextCommand = applyCommand(options, context.env);
      return formatPlan(value, { color, verbose, serviceTitle, nextCommand });
    }
    case "json":
      return formatPlanJson(value);
    case "markdown":
      return formatPlanMarkdown(value);
  }
}

function showDrift(
  output: Output,
  { format, detailedExitcode }: PlanOptions,
  planned: PlannedSteps,
  serviceTitle: string,
): ExitCode {
  const report = driftReport(planned);
  const formats = {
    text: () => formatDrift(report, { color: output.resultColor, serviceTitle }),
    json: () => formatDriftJson(report),
    markdown: () => formatDriftMarkdown(report),
  };
  output.writeResult(formats[format]());
  return detailedExitcode && report.drift.length > 0 ? exitCodes.changes : exitCodes.done;
}
