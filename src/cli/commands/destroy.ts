import { loadOwner, planDestroy } from "../../usecases/destroy.ts";
import { applyPlan } from "../apply-plan.ts";
import type { DestroyOptions } from "../command-options.ts";
import type { CommandHandler } from "../command.ts";
import { withService } from "../connect.ts";
import { exitCodes } from "../exit-codes.ts";
import { gatewayRequest, requireDigest, selectionOf } from "../gateway-request.ts";
import { whileReading } from "../progress.ts";

export const destroy: CommandHandler<DestroyOptions> = async (context, _args, options) => {
  const owner = await loadOwner(context.files, gatewayRequest(context, options));
  return withService(context, options, owner.service, async (service) => {
    const selection = selectionOf({ ...options, delete: true });
    const planned = await whileReading(context.output, service, (watched) =>
      planDestroy(watched, owner, selection),
    );
    requireDigest(options, planned.plan);
    if (planned.steps.length === 0) {
      context.output.message(`Nothing on ${service.title} carries the mark of \`${owner.name}\`.`);
      if (options.format === "text") return exitCodes.done;
    }
    const { format, concurrency } = options;
    const question = options.autoApprove ? undefined : `Delete all of these from ${service.title}?`;
    return applyPlan(context, service, planned, {
      format,
      concurrency,
      question,
      shows: planned.steps.length > 0,
    });
  });
};
