import { gatewayOfTier } from "../../../policy/catalogue/catalogue.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { backend, inbound } from "./examples.ts";
import { atValue } from "./findings.ts";
import { placementsAt } from "./placement.ts";

const dapr = `<set-backend-service backend-id="dapr" dapr-app-id="orders" dapr-method="list" />`;

export const daprFormMisplaced: PolicyRule = {
  id: "dapr-form-misplaced",
  severity: "warning",
  summary: "The Dapr form of `set-backend-service` stands where it does not work.",
  why: "It works in inbound and on self-hosted gateways only, and not in a workspace (learn.microsoft.com/azure/api-management/set-backend-service-dapr-policy).",
  examples: { bad: backend(dapr), good: inbound(dapr) },
  *check(context) {
    const gateway = context.sku === undefined ? undefined : gatewayOfTier(context.sku);
    for (const { element, section } of placementsAt(context, "set-backend-service")) {
      const attribute = element.attributes.find(({ name }) => name === "backend-id");
      if (attribute?.value.trim() !== "dapr") continue;
      if (section !== undefined && section !== "inbound") {
        yield atValue(element, attribute, {
          message: `the Dapr form works in \`inbound\`, not in \`${section}\``,
        });
      }
      if (context.scope === "workspace") {
        yield atValue(element, attribute, {
          message: "the Dapr form does not work at workspace scope",
        });
      }
      if (gateway !== undefined && gateway !== "classic") {
        yield atValue(element, attribute, {
          message: `the Dapr form needs a self-hosted gateway, and the tier ${context.sku ?? ""} has none`,
        });
      }
    }
  },
};
