/** Opens the way to services: Azure, another ARM endpoint, or the local APIM started for the command. */
import { resolve } from "node:path";
import type { ArmOptions } from "../adapters/arm/arm-service.ts";
import type { AzureService, LiveService, ServiceRef } from "../core/ports.ts";
import type { ConnectionOptions } from "./command-options.ts";
import type { CommandContext } from "./context.ts";
import { packageVersion } from "./package-root.ts";

export type OpenService = (service: ServiceRef) => Promise<AzureService>;

/** Runs `work` with a way to open services and closes whatever was started for it, also when `work` throws. */
export async function withServices<Result>(
  context: CommandContext,
  options: ConnectionOptions,
  work: (open: OpenService) => Promise<Result>,
): Promise<Result> {
  const { local } = options;
  // Loaded only here: the SDK costs more than everything else together.
  const { createArmService } = await import("../adapters/arm/arm-service.ts");
  if (local === undefined)
    return work((service) => createArmService({ ...remote(context, options), service }));
  const { startLocalApim } = await import("../adapters/local/local-apim.ts");
  const apim = await startLocalApim({ directory: resolve(context.cwd, local) });
  const { endpoint } = apim;
  try {
    return await work((service) =>
      createArmService({ ...common(context), service, endpoint, isLocal: true, localDirectory: local }),
    );
  } finally {
    await apim.close();
  }
}

/** Runs `work` with one service. */
export async function withService<Result>(
  context: CommandContext,
  options: ConnectionOptions,
  service: ServiceRef,
  work: (service: LiveService) => Promise<Result>,
): Promise<Result> {
  return withServices(context, options, async (open) => work(await open(service)));
}
/** Names the place that the options lead to: what a saved plan is bound to. */
export function connectionTarget({ cwd }: CommandContext, options: ConnectionOptions): string {
  const { local, armEndpoint, cloud } = options;
  if (local !== undefined) return `the local APIM in ${resolve(cwd, local)}`;
  return armEndpoint ?? cloud ?? "AzureCloud";
}

function common({
  clock,
  output,
  signal,
}: CommandContext): Pick<ArmOptions, "cloud" | "clock" | "onRetry" | "signal" | "userAgent"> {
  return {
    cloud: "AzureCloud",
    clock,
    signal,
    userAgent: `apimgw/${packageVersion()}`,
    onRetry: ({ path, reason, waitMilliseconds }) => {
      output.detail(`${path}: ${reason}, trying again in ${Math.round(waitMilliseconds)} ms`);
    },
  };
}

function remote(context: CommandContext, options: ConnectionOptions): Omit<ArmOptions, "service"> {
  const token = context.env.APIMGW_ACCESS_TOKEN;
  return {
    ...common(context),
    ...(options.cloud === undefined ? {} : { cloud: options.cloud }),
    ...(options.armEndpoint === undefined ? {} : { endpoint: options.armEndpoint }),
    ...(token === undefined || token === "" ? {} : { token }),
  };
}
