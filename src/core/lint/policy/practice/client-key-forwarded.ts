import { attributeValue } from "../../../policy/tree.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { servesModel } from "./evidence.ts";
import { includesFragments, policiesNamed } from "./policy-places.ts";

export const clientKeyForwarded: PolicyRule = {
  id: "client-key-forwarded",
  severity: "info",
  summary: "The gateway signs in to the model itself, and passes the caller's key on as well.",
  why: "The gateway forwards the header with the subscription key unless a policy deletes it, and Azure OpenAI reads `api-key` as a key of its own (learn.microsoft.com/azure/api-management/api-management-subscriptions).",
  examples: {
    bad: `<policies><inbound><base /><set-backend-service base-url="https://a.openai.azure.com/openai" /><authentication-managed-identity resource="https://cognitiveservices.azure.com" /></inbound></policies>`,
    good: `<policies><inbound><base /><set-backend-service base-url="https://a.openai.azure.com/openai" /><authentication-managed-identity resource="https://cognitiveservices.azure.com" /><set-header name="api-key" exists-action="delete" /></inbound></policies>`,
  },
  check(context) {
    const signIn = policiesNamed(context, "authentication-managed-identity").find(
      ({ section, ancestors }) =>
        section === "inbound" && !ancestors.some(({ name }) => name.startsWith("send-")),
    );
    const setsKey = policiesNamed(context, "set-header").some(
      ({ element }) => attributeValue(element, "name")?.toLowerCase() === "api-key",
    );
    if (signIn === undefined || setsKey || includesFragments(context) || !servesModel(context)) return [];
    return [
      {
        message: "the caller's `api-key` header goes to the model beside the gateway's token",
        element: signIn.element,
        help: '`<set-header name="api-key" exists-action="delete" />`, if that is the header of the subscription key',
      },
    ];
  },
};
