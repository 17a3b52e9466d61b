/** Opens the way to a service: Azure, another ARM endpoint, or the local APIM started for the command. */
import { resolve } from "node:path";
import type { ArmOptions } from "../adapters/arm/arm-service.ts";
import type { LiveService, ServiceRef } from "../core/ports.ts";
import type { ConnectionOptions } from "./command-options.ts";
import type { CommandContext } from "./context.ts";
import { packageVersion } from "./package-root.ts";

/** Runs `work` with the service and closes whatever was started for it, also when `work` throws. */
export async function withService<Result>(
  context: CommandContext,
  options: ConnectionOptions,
  service: ServiceRef,
  work: (service: LiveService) => Promise<Result>,
): Promise<Result> {
  const { local } = options;
  // Loaded only here: the SDK costs more than everything else together.
  const { createArmService } = await import("../adapters/arm/arm-service.ts");
  if (local === undefined) return work(await createArmService({ ...remote(context, options), service }));
  const { startLocalApim } = await import("../adapters/local/local-apim.ts");
  const apim = await startLocalApim({ directory: resolve(context.cwd, local) });
  try {
    const base = common(context);
    return await work(
      await createArmService({
        ...base,
        service,
        endpoint: apim.endpoint,
        isLocal: true,
        localDirectory: local,
      }),
    );
  } finally {
    await apim.close();
  }
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
