import type { Model } from "../../core/model/resource.ts";
import { formatKeys } from "../../report/human/keys.ts";
import { formatKeysJson } from "../../report/keys.ts";
import { chooseSubscriptions, listSubscriptions, regenerateKey } from "../../usecases/keys.ts";
import type { NamedSubscription } from "../../usecases/keys.ts";
import { loadSoundGateway } from "../../usecases/load-gateway.ts";
import type { KeysOptions } from "../command-options.ts";
import type { CommandHandler } from "../command.ts";
import { withService } from "../connect.ts";
import { exitCodes } from "../exit-codes.ts";
import { gatewayRequest } from "../gateway-request.ts";
import { usageFailure } from "../usage.ts";

export const keys: CommandHandler<KeysOptions> = async (context, wanted, options) => {
  const { output } = context;
  const { model } = await loadSoundGateway(context.files, gatewayRequest(context, options));
  refuseNameAsFolder(model, wanted, options);
  const chosen = chooseSubscriptions(model, wanted);
  const position = options.regenerate;
  const one = position === undefined ? undefined : onlyOne(wanted, chosen);
  return withService(context, options, model.service, async (service) => {
    if (position !== undefined && one !== undefined) {
      const name = `${one.product}/${one.id}`;
      const question = `Make a new ${position} key for ${name} on ${service.title}? Callers that have the old one are refused at once.`;
      const agreed = options.autoApprove || (await context.confirm(question, "--auto-approve"));
      if (!agreed) {
        output.message("Nothing was changed.");
        return exitCodes.failed;
      }
      await regenerateKey(service, one, position);
      output.message(`The ${position} key of ${name} is a new one.`);
    }
    const listed = await listSubscriptions(service, chosen, { shows: options.show });
    output.writeResult(
      options.format === "json" ? formatKeysJson(model.service, listed) : formatKeys(listed),
    );
    return exitCodes.done;
  });
};

/** `keys --local NAME` would answer for all, from a local APIM that nobody has. */
function refuseNameAsFolder(model: Model, wanted: readonly string[], { local }: KeysOptions): void {
  if (local === undefined || wanted.length > 0) return;
  const names = chooseSubscriptions(model, []).flatMap(({ id, product }) => [id, `${product}/${id}`]);
  if (!names.includes(local)) return;
  throw usageFailure("LOCAL", `--local takes \`${local}\` for its folder, and it is a subscription's name`, {
    remedy: `Write the name first: apimgw keys ${local} --local`,
  });
}

/** Keys are replaced one at a time, and by name. */
function onlyOne(
  wanted: readonly string[],
  [first, ...others]: readonly NamedSubscription[],
): NamedSubscription {
  if (first !== undefined && others.length === 0 && wanted.length === 1) return first;
  throw usageFailure("REGENERATE", "--regenerate needs the name of one subscription", {
    remedy: "Name it: apimgw keys PRODUCT/SUBSCRIPTION --regenerate secondary",
  });
}
