import { rolesMode } from "../../compile/roles.ts";
import { pointer } from "../../spec/source.ts";
import type { Rule } from "../rule.ts";
import { backendEntries } from "../spec-entries.ts";

export const backendWithoutAccount: Rule = {
  id: "backend-without-account",
  severity: "warning",
  summary: "`roles: manage`, and a backend on an Azure OpenAI host has no `account`.",
  why: "The role is given on the accounts that the spec names; this backend's account stays without it, and refuses the gateway's calls (learn.microsoft.com/azure/api-management/api-management-authenticate-authorize-azure-openai).",
  examples: {
    bad: `
roles: manage
backends:
  a: { url: https://contoso-swc.openai.azure.com/openai }`,
    good: `
roles: manage
backends:
  a:
    url: https://contoso-swc.openai.azure.com/openai
    account: /subscriptions/s/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/contoso-swc`,
  },
  check: (context) =>
    rolesMode(context.spec) !== "manage"
      ? []
      : backendEntries(context)
          .filter(([, { url, account }]) => account === undefined && isAzureOpenAi(url))
          .map(([id]) => ({
            message: `the account of \`${id}\` is not known, so that its role is not given`,
            at: context.source.locateKey(pointer("backends", id)),
            help: 'give `account`: az cognitiveservices account list --query "[].id" -o tsv',
          })),
};

function isAzureOpenAi(url: string): boolean {
  return URL.canParse(url) && /\.openai\.azure\.(com|us|cn)$/i.test(new URL(url).hostname);
}
