import { driftReport } from "../../core/plan/drift.ts";
import { formatDrift } from "../../report/human/drift.ts";
import { formatPlan } from "../../report/human/plan.ts";
import { formatDriftJson, formatFleetPlanJson, formatPlanJson } from "../../report/json.ts";
import { formatDriftMarkdown } from "../../report/markdown/drift.ts";
import { formatFleetPlanMarkdown, formatPlanMarkdown } from "../../report/markdown/plan.ts";
import { savePlans } from "../../usecases/saved-plan.ts";
import type { PlanOptions } from "../command-options.ts";
import type { CommandHandler } from "../command.ts";
import { connectionTarget, withServices } from "../connect.ts";
import type { CommandContext, Output } from "../context.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { compareOptions, gatewayRequest } from "../gateway-request.ts";
import { applyCommand } from "../next-command.ts";
import { packageVersion } from "../package-root.ts";
import { environmentsOf, planEnvironments } from "../planned-environments.ts";
import type { PlannedEnvironment } from "../planned-environments.ts";
import { usageFailure } from "../usage.ts";

export const plan: CommandHandler<PlanOptions> = async (context, _args, options) => {
  if (options.drift && options.out !== undefined)
    throw usageFailure("DRIFT", "--drift shows what has been changed: there is no plan of it to save", {
      remedy: "Leave --out or --drift out.",
    });
  const environments = environmentsOf(options.env);
  if (options.drift && environments.length > 1)
    throw usageFailure("DRIFT", "--drift shows one environment at a time", {
      remedy: "Run it once for each.",
    });
  const runs = environments.map((environment) => ({
    environment,
    request: gatewayRequest(context, options, environment),
    options: compareOptions(options),
  }));
  const members = await withServices(context, options, (open) =>
    planEnvironments(context, open, runs, options),
  );
  const [first] = members;
  if (options.drift && first !== undefined) return showDrift(context.output, options, first);
  if (options.out !== undefined) await save(context, options, options.out, members);
  context.output.writeResult(formatAll(context, options, members));
  const hasChanges = members.some(({ planned }) => planned.plan.changes.length > 0);
  return options.detailedExitcode && hasChanges ? exitCodes.changes : exitCodes.done;
};

async function save(
  context: CommandContext,
  options: PlanOptions,
  path: string,
  members: readonly PlannedEnvironment[],
): Promise<void> {
  const plans = members.map(({ environment, planned }) => ({
    planned,
    origin: {
      apimgwVersion: packageVersion(),
      file: options.file,
      environment: environment ?? null,
      options: compareOptions(options),
      target: connectionTarget(context, options),
      overrides: gatewayRequest(context, options).overrides ?? {},
    },
  }));
  await savePlans(context.files, path, plans);
  // The text of the plan ends with the command; the other formats are read by programs.
  const next = options.format === "text" ? "." : `; carry it out with: ${applyCommand(options, context.env)}`;
  context.output.message(`Saved the plan to ${path}${next}`);
}

/** One plan as it always was; several in one document, each with its environment. */
function formatAll(
  context: CommandContext,
  options: PlanOptions,
  members: readonly PlannedEnvironment[],
): string {
  const [only, ...others] = members;
  const plans = members.map(({ environment, planned }) => ({
    environment: environment ?? "",
    plan: planned.plan,
  }));
  const isAlone = only !== undefined && others.length === 0;
  switch (options.format) {
    case "text":
      return formatTexts(context, options, members);
    case "json":
      return isAlone ? formatPlanJson(only.planned.plan) : formatFleetPlanJson(plans);
    case "markdown":
      return isAlone ? formatPlanMarkdown(only.planned.plan) : formatFleetPlanMarkdown(plans);
  }
}

/** The command that carries them out stands below the last plan that has changes: it is one for all. */
function formatTexts(
  context: CommandContext,
  options: PlanOptions,
  members: readonly PlannedEnvironment[],
): string {
  const { resultColor: color, isVerbose: verbose } = context.output;
  const last = members.findLastIndex(({ planned }) => planned.plan.changes.length > 0);
  const isAlone = members.length === 1;
  const texts = members.map(({ environment, service, planned }, index) =>
    formatPlan(planned.plan, {
      color,
      verbose,
      serviceTitle: service.title,
      ...(isAlone ? {} : { environment }),
      ...(index === last ? { nextCommand: applyCommand(options, context.env) } : {}),
    }),
  );
  return texts.join("\n\n");
}

function showDrift(
  output: Output,
  { format, detailedExitcode }: PlanOptions,
  { planned, service }: PlannedEnvironment,
): ExitCode {
  const report = driftReport(planned);
  const formats = {
    text: () => formatDrift(report, { color: output.resultColor, serviceTitle: service.title }),
    json: () => formatDriftJson(report),
    markdown: () => formatDriftMarkdown(report),
  };
  output.writeResult(formats[format]());
  return detailedExitcode && report.drift.length > 0 ? exitCodes.changes : exitCodes.done;
}
