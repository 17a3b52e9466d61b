import type { CompareOptions } from "../core/plan/compare.ts";
import type { GatewayRequest } from "../usecases/load-gateway.ts";
import type { PlanOptions, ServiceOptions, SpecOptions } from "./command-options.ts";
import type { CommandContext } from "./context.ts";

/** Which spec, which overlay, which variables, and the service named on the command line. */
export function gatewayRequest(
  context: CommandContext,
  options: SpecOptions & ServiceOptions,
): GatewayRequest {
  const { subscription, resourceGroup, service } = options;
  return {
    file: options.file,
    ...(options.env === undefined ? {} : { environment: options.env }),
    variables: context.env,
    overrides: {
      ...(subscription === undefined ? {} : { subscriptionId: subscription }),
      ...(resourceGroup === undefined ? {} : { resourceGroup }),
      ...(service === undefined ? {} : { service }),
    },
  };
}

/** What is planned beside what the spec says. */
export function compareOptions({
  rewriteSecrets,
  adopt,
}: Pick<PlanOptions, "rewriteSecrets" | "adopt">): CompareOptions {
  return { rewritesSecrets: rewriteSecrets, adoptsUnchanged: adopt };
}
