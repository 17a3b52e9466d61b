import { rolesMode } from "../../compile/roles.ts";
import { pointer } from "../../spec/source.ts";
import type { Rule } from "../rule.ts";
import { signsIn } from "../signs-in.ts";

export const rolesWithoutToken: Rule = {
  id: "roles-without-token",
  severity: "warning",
  summary: "`roles: manage`, and no policy signs in with the gateway's identity.",
  why:
    "The identity is given access to the accounts that nothing uses; and calls without its token need a key, " +
    "or are refused by the accounts (learn.microsoft.com/azure/api-management/api-management-authenticate-authorize-azure-openai).",
  examples: {
    bad: `
roles: manage
backends:
  a:
    url: https://a.example/openai
    account: /subscriptions/s/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/a
apis:
  x: { path: x, managedIdentity: false, operations: { Chat: { backend: a } } }`,
    good: `
roles: manage
backends:
  a:
    url: https://a.example/openai
    account: /subscriptions/s/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/a
apis:
  x: { path: x, managedIdentity: "https://cognitiveservices.azure.com/", operations: { Chat: { backend: a } } }`,
  },
  check: ({ spec, source, model }) =>
    rolesMode(spec) !== "manage" || signsIn(model)
      ? []
      : [
          {
            message: "the gateway's identity is given roles that no policy makes use of",
            at: source.locateKey(pointer("roles")),
            help: "set `managedIdentity` on the APIs that call the accounts: https://cognitiveservices.azure.com/",
          },
        ],
};
