import {
  gatewayOfTier,
  type GatewayKind,
  type PolicyDefinition,
} from "../../../policy/catalogue/catalogue.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { atElement, doubtful } from "./findings.ts";
import { knownPlacements } from "./placement.ts";

const limit = inbound(
  `<rate-limit-by-key calls="2" renewal-period="120" counter-key="@(context.Request.IpAddress)" />`,
);

export const policyNotOnTier: PolicyRule = {
  id: "policy-not-on-tier",
  severity: "error",
  summary: "The service's tier does not have this policy.",
  why: "A Consumption service answers `Policy is not allowed in 'Consumption' sku`; on other tiers the gateway does not run the policy. Where the reference contradicts itself, as for `quota-by-key` on the v2 tiers, it is a warning (MicrosoftDocs/azure-docs#57081).",
  examples: { bad: { text: limit, sku: "Consumption" }, good: { text: limit, sku: "Developer" } },
  *check(context) {
    const { sku } = context;
    const gateway = sku === undefined ? undefined : gatewayOfTier(sku);
    if (sku === undefined || gateway === undefined) return;
    for (const { role, element, policy, isDoubtful } of knownPlacements(context)) {
      const isContradicted = policy.doubtfulGateways?.includes(gateway) === true;
      if (role !== "policy" || (runsOn(policy, gateway) && !isContradicted)) continue;
      yield atElement(element, {
        message: `\`${element.name}\` is not available in the tier ${sku}`,
        ...doubtful(isDoubtful || gateway !== "consumption" || isContradicted),
      });
    }
  },
};

/** Services of the classic tiers can have self-hosted gateways too. */
function runsOn({ gateways }: PolicyDefinition, gateway: GatewayKind): boolean {
  const isSelfHosted = gateway === "classic" && gateways.includes("self-hosted");
  return gateways.length === 0 || gateways.includes(gateway) || isSelfHosted;
}
