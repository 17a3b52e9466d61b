import { requireSameBasis } from "../../core/plan/basis.ts";
import type { GatewayRequest } from "../../usecases/load-gateway.ts";
import { readSavedPlans, requireSameTarget } from "../../usecases/saved-plan.ts";
import type { SavedPlan } from "../../usecases/saved-plan.ts";
import { applyPlans, titlesOf } from "../apply-plan.ts";
import type { ApplyOptions } from "../command-options.ts";
import type { CommandHandler } from "../command.ts";
import { connectionTarget, withServices } from "../connect.ts";
import type { CommandContext } from "../context.ts";
import { compareOptions, gatewayRequest, requireDigest } from "../gateway-request.ts";
import { packageVersion } from "../package-root.ts";
import { environmentsOf, planEnvironments } from "../planned-environments.ts";
import type { EnvironmentRun } from "../planned-environments.ts";
import { usageFailure } from "../usage.ts";

export const apply: CommandHandler<ApplyOptions> = async (context, [planFile], options) => {
  const saved =
    planFile === undefined ? undefined : await readSavedPlans(context.files, planFile, packageVersion());
  const runs = saved === undefined ? runsOf(context, options) : savedRuns(context, options, saved);
  return withServices(context, options, async (open) => {
    const members = await planEnvironments(context, open, runs, options);
    saved?.forEach((plan, index) => {
      const now = members[index]?.planned;
      if (now !== undefined) requireSameBasis(plan, now);
    });
    requireDigest(
      options,
      members.map(({ planned }) => planned.plan),
    );
    const { format, concurrency } = options;
    // Consent to a saved plan was given when it was saved: it is bound to the plan's digest.
    const isAgreed = options.autoApprove || saved !== undefined;
    const question = isAgreed ? undefined : `Apply these changes to ${titlesOf(members)}?`;
    return applyPlans(context, members, { format, concurrency, question, shows: saved === undefined });
  });
};

function runsOf(context: CommandContext, options: ApplyOptions): EnvironmentRun[] {
  return environmentsOf(options.env).map((environment) => ({
    environment,
    request: gatewayRequest(context, options, environment),
    options: compareOptions(options),
  }));
}

/** The spec, the environment and the rest as they were when the plans were made. */
function savedRuns(
  context: CommandContext,
  options: ApplyOptions,
  saved: readonly SavedPlan[],
): EnvironmentRun[] {
  refuseOtherEnvironments(saved, options.env);
  return saved.map((plan): EnvironmentRun => {
    requireSameTarget(plan, connectionTarget(context, options));
    const given = gatewayRequest(context, options, undefined);
    refuseOtherService(plan, given);
    const { file, environment, overrides, options: compared } = plan.origin;
    const { variables, ownDocuments } = given;
    const of = { file, variables, ...(ownDocuments === undefined ? {} : { ownDocuments }), overrides };
    return {
      environment: environment ?? undefined,
      request: environment === null ? of : { ...of, environment },
      options: compared,
    };
  });
}

/** Flags beside a saved plan can only repeat what it holds. */
function refuseOtherEnvironments(saved: readonly SavedPlan[], env: string | undefined): void {
  if (env === undefined) return;
  const planned = saved.map(({ origin }) => origin.environment ?? "").sort();
  const given = environmentsOf(env).map((environment) => environment ?? "");
  if (given.sort().join() !== planned.join()) throw held("--env", env);
}

function refuseOtherService({ origin }: SavedPlan, { overrides = {} }: GatewayRequest): void {
  const given: [string, string | undefined, string | undefined][] = [
    ["--subscription", overrides.subscriptionId, origin.overrides.subscriptionId],
    ["--resource-group", overrides.resourceGroup, origin.overrides.resourceGroup],
    ["--service", overrides.service, origin.overrides.service],
    ["--workspace", overrides.workspace, origin.overrides.workspace],
  ];
  const other = given.find(([, value, planned]) => value !== undefined && value !== planned);
  if (other !== undefined) throw held(other[0], other[1] ?? "");
}

function held(flag: string, value: string): Error {
  return usageFailure("PLAN_HOLDS_IT", `${flag} ${value} is not what the saved plan was made with`, {
    remedy: `Leave ${flag} out, or plan again with it.`,
  });
}
