import { serviceRef } from "../../core/ports.ts";
import type { ServiceRef } from "../../core/ports.ts";
import { formatPulled, formatPulledJson } from "../../report/pull.ts";
import { refuseExisting } from "../../usecases/new-files.ts";
import { pullService, readFormerSpec, writePulled } from "../../usecases/pull.ts";
import type { PullOptions } from "../command-options.ts";
import type { CommandHandler } from "../command.ts";
import { withService } from "../connect.ts";
import { exitCodes } from "../exit-codes.ts";
import { usageFailure } from "../usage.ts";

export const pull: CommandHandler<PullOptions> = async (context, [directory = "."], options) => {
  const { files, output } = context;
  const { force } = options;
  // Said before the service is read; the other files are only known then.
  await refuseExisting(files, directory, ["gateway.yaml"], { force, code: "PULL.EXISTS" });
  const former = await readFormerSpec(files, directory, context.env);
  const service = chooseService(options, former?.service);
  const name = options.name ?? former?.name;
  const choice = { apis: options.api, ...(name === undefined ? {} : { name }) };
  const { pulled, title } = await withService(context, options, service, async (live) => ({
    pulled: await pullService(live, choice),
    title: live.title,
  }));
  const { gatewayJsonSchema } = await import("../../core/spec/json-schema.ts");
  const schema = `${JSON.stringify(gatewayJsonSchema(), null, 2)}\n`;
  const written = await writePulled(files, pulled, { directory, schema, force });
  output.writeResult(
    options.format === "json"
      ? formatPulledJson(pulled, written)
      : formatPulled(pulled, written, {
          color: output.resultColor,
          serviceTitle: title,
          local: options.local,
        }),
  );
  return exitCodes.done;
};

/** The service of the flags, and for flags that were not given that of the spec that is pulled over. */
function chooseService(options: PullOptions, former: ServiceRef | undefined): ServiceRef {
  const subscriptionId = options.subscription ?? former?.subscriptionId;
  const resourceGroup = options.resourceGroup ?? former?.resourceGroup;
  const name = options.service ?? former?.name;
  // Another service has other workspaces.
  const isFormer = former !== undefined && name === former.name;
  const workspace = options.workspace ?? (isFormer ? former.workspace : undefined);
  if (subscriptionId !== undefined && resourceGroup !== undefined && name !== undefined)
    return serviceRef({ subscriptionId, resourceGroup, name, workspace });
  const flags = [
    ...(subscriptionId === undefined ? ["--subscription"] : []),
    ...(resourceGroup === undefined ? ["--resource-group"] : []),
    ...(name === undefined ? ["--service"] : []),
  ];
  throw usageFailure("NO_SERVICE", `pull needs to know which service to read: give ${flags.join(", ")}`, {
    why: "There is no gateway.yaml there to take them from, or none that can be read.",
  });
}
