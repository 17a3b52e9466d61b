import { loadSoundGateway } from "../../usecases/load-gateway.ts";
import { planModel } from "../../usecases/plan.ts";
import { requireSameBasis } from "../../core/plan/basis.ts";
import { readSavedPlan, requireSameTarget } from "../../usecases/saved-plan.ts";
import type { SavedPlan } from "../../usecases/saved-plan.ts";
import { applyPlan } from "../apply-plan.ts";
import type { ApplyOptions } from "../command-options.ts";
import type { CommandHandler } from "../command.ts";
import { connectionTarget, withService } from "../connect.ts";
import type { CommandContext } from "../context.ts";
import { compareOptions, gatewayRequest, requireDigest } from "../gateway-request.ts";
import { packageVersion } from "../package-root.ts";
import type { GatewayRequest, SoundGateway } from "../../usecases/load-gateway.ts";
import { whileReading } from "../progress.ts";
import { usageFailure } from "../usage.ts";

export const apply: CommandHandler<ApplyOptions> = async (context, [planFile], options) => {
  const saved =
    planFile === undefined ? undefined : await readSavedPlan(context.files, planFile, packageVersion());
  const gateway = await loadGatewayOf(context, options, saved);
  const { model } = gateway;
  return withService(context, options, model.service, async (service) => {
    const planned = await whileReading(context.output, service, (watched) =>
      planModel(watched, model, saved?.origin.options ?? compareOptions(options)),
    );
    if (saved !== undefined) requireSameBasis(saved, planned);
    requireDigest(options, planned.plan);
    const { format, concurrency } = options;
    // Consent to a saved plan was given when it was saved: it is bound to the plan's digest.
    const isAgreed = options.autoApprove || saved !== undefined;
    const question = isAgreed ? undefined : `Apply these changes to ${service.title}?`;
    return applyPlan(context, service, planned, {
      format,
      concurrency,
      question,
      gateway,
      shows: saved === undefined,
    });
  });
};

/** The spec of the saved plan, or the one that the options name. */
async function loadGatewayOf(
  context: CommandContext,
  options: ApplyOptions,
  saved: SavedPlan | undefined,
): Promise<SoundGateway> {
  const request = gatewayRequest(context, options);
  if (saved === undefined) return loadSoundGateway(context.files, request);
  requireSameTarget(saved, connectionTarget(context, options));
  refuseOtherOrigin(saved, request);
  const { file, environment, overrides } = saved.origin;
  const { variables } = request;
  const of = { file, variables, overrides, ...(environment === null ? {} : { environment }) };
  return loadSoundGateway(context.files, of);
}

/** Flags beside a saved plan can only repeat what it holds. */
function refuseOtherOrigin({ origin }: SavedPlan, { environment, overrides = {} }: GatewayRequest): void {
  const given: [string, string | undefined, string | null | undefined][] = [
    ["--env", environment, origin.environment],
    ["--subscription", overrides.subscriptionId, origin.overrides.subscriptionId],
    ["--resource-group", overrides.resourceGroup, origin.overrides.resourceGroup],
    ["--service", overrides.service, origin.overrides.service],
  ];
  const other = given.find(([, value, planned]) => value !== undefined && value !== planned);
  if (other === undefined) return;
  throw usageFailure(
    "PLAN_HOLDS_IT",
    `${other[0]} ${other[1] ?? ""} is not what the saved plan was made with`,
    {
      remedy: `Leave ${other[0]} out, or plan again with it.`,
    },
  );
}
