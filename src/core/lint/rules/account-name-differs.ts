import { pointer } from "../../spec/source.ts";
import type { Rule } from "../rule.ts";
import { backendEntries } from "../spec-entries.ts";

/** Hosts whose first label is the custom subdomain of an account (learn.microsoft.com/azure/ai-services/cognitive-services-custom-subdomains). */
const accountHost =
  /^([^.]+)\.(?:openai\.azure|cognitiveservices\.azure|services\.ai\.azure)\.(?:com|us|cn)$/i;

export const accountNameDiffers: Rule = {
  id: "account-name-differs",
  severity: "info",
  summary: "The account is called otherwise than the host of the backend's URL.",
  why:
    "An account's custom subdomain is its name unless somebody chose another one. A role on the wrong account does nothing " +
    "for the calls, which are then refused with 401 (learn.microsoft.com/azure/ai-services/cognitive-services-custom-subdomains).",
  examples: {
    bad: `
backends:
  a:
    url: https://contoso-swc.openai.azure.com/openai
    account: /subscriptions/s/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/contoso-eus`,
    good: `
backends:
  a:
    url: https://contoso-swc.openai.azure.com/openai
    account: /subscriptions/s/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/contoso-swc`,
  },
  check: (context) =>
    backendEntries(context).flatMap(([id, { url, account }]) => {
      const label = URL.canParse(url) ? accountHost.exec(new URL(url).hostname)?.[1] : undefined;
      const name = account?.split("/").at(-1);
      if (label === undefined || name === undefined || name.toLowerCase() === label.toLowerCase()) return [];
      return [
        {
          message: `\`${id}\` calls ${label}, and its account is ${name}`,
          at: context.source.locate(pointer("backends", id, "account")),
          help: `check that the custom subdomain of ${name} is ${label}`,
        },
      ];
    }),
};
