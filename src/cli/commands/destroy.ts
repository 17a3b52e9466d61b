import { loadOwner, planDestroy } from "../../usecases/destroy.ts";
import { applyPlans, titlesOf } from "../apply-plan.ts";
import type { DestroyOptions } from "../command-options.ts";
import type { CommandHandler } from "../command.ts";
import { withServices } from "../connect.ts";
import { exitCodes } from "../exit-codes.ts";
import { gatewayRequest, requireDigest, selectionOf } from "../gateway-request.ts";
import { environmentsOf } from "../planned-environments.ts";
import { whileReading } from "../progress.ts";

export const destroy: CommandHandler<DestroyOptions> = async (context, _args, options) => {
  const selection = selectionOf({ ...options, delete: true });
  const owners = await Promise.all(
    environmentsOf(options.env).map(async (environment) => {
      const owner = await loadOwner(context.files, gatewayRequest(context, options, environment));
      return { environment, owner };
    }),
  );
  return withServices(context, options, async (open) => {
    const members = await Promise.all(
      owners.map(async ({ environment, owner }) => {
        const service = await open(owner.service);
        const planned = await whileReading(context.output, service, (watched) =>
          planDestroy(watched, owner, selection),
        );
        return { environment, service, planned };
      }),
    );
    requireDigest(
      options,
      members.map(({ planned }) => planned.plan),
    );
    for (const { service, planned } of members) {
      if (planned.steps.length === 0)
        context.output.message(`Nothing on ${service.title} carries the mark of \`${planned.plan.name}\`.`);
    }
    const isNothing = members.every(({ planned }) => planned.steps.length === 0);
    if (isNothing && options.format === "text") return exitCodes.done;
    const { format, concurrency } = options;
    const question = options.autoApprove ? undefined : `Delete all of these from ${titlesOf(members)}?`;
    return applyPlans(context, members, { format, concurrency, question, shows: !isNothing });
  });
};
