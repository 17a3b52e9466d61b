import { pointer } from "../../spec/source.ts";
import { rolesMode } from "../../compile/roles.ts";
import type { Rule } from "../rule.ts";
import { backendEntries } from "../spec-entries.ts";
import { signsIn } from "../signs-in.ts";

export const accountWithoutEffect: Rule = {
  id: "account-without-effect",
  severity: "info",
  summary: "`account` is given, and no policy signs in to it.",
  why: "The role on the account is for calls with the gateway's identity, and no policy gets a token of it.",
  examples: {
    bad: `
backends:
  a:
    url: https://a.example/openai
    account: /subscriptions/s/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/a`,
    good: `
backends:
  a:
    url: https://a.example/openai
    account: /subscriptions/s/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/a
apis:
  x: { path: x, managedIdentity: "https://cognitiveservices.azure.com/", operations: { Chat: { backend: a } } }`,
  },
  check: (context) =>
    rolesMode(context.spec) !== "check" || signsIn(context.model)
      ? []
      : backendEntries(context)
          .filter(([, backend]) => backend.account !== undefined)
          .map(([id]) => ({
            message: `the role on the account of \`${id}\` is checked, and no policy makes use of it`,
            at: context.source.locateKey(pointer("backends", id, "account")),
            help: "set `managedIdentity` on the API; or `roles: ignore`",
          })),
};
