import type { GatewayRequest } from "../usecases/load-gateway.ts";
import type { ServiceOptions, SpecOptions } from "./command-options.ts";
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
