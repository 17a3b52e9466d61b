import { pointer } from "../../spec/source.ts";
import type { Rule } from "../rule.ts";
import { backendEntries } from "../spec-entries.ts";

export const accountWithoutEffect: Rule = {
  id: "account-without-effect",
  severity: "info",
  summary: "`account` is given, and this version does not act on it.",
  why: "It names the account for role assignments, which this version neither makes nor checks.",
  examples: {
    bad: `
backends:
  a:
    url: https://a.example/openai
    account: /subscriptions/s/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/a`,
    good: `
backends: { a: { url: https://a.example/openai } }`,
  },
  check: (context) =>
    backendEntries(context)
      .filter(([, backend]) => backend.account !== undefined)
      .map(([id]) => ({
        message: `role assignments on the account of \`${id}\` are not managed by this version`,
        at: context.source.locateKey(pointer("backends", id, "account")),
        help: "give the gateway's identity the role Cognitive Services OpenAI User on the account by other means",
      })),
};
