import { pointer } from "../../spec/source.ts";
import type { Rule } from "../rule.ts";
import { backendsOf, listedOperations } from "../spec-entries.ts";

export const apiVersionOnV1: Rule = {
  id: "api-version-on-v1",
  severity: "warning",
  summary: "An API sends a dated api-version to accounts that it reaches by the v1 form.",
  why:
    "Paths below /openai/v1 know no dated api-versions (learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle): " +
    "the account refuses the call.",
  examples: {
    bad: `
backends: { a: { url: https://a.openai.azure.com/openai/v1 } }
apis: { openai: { apiVersion: { pin: 2024-10-21 }, operations: { createChatCompletion: { backend: a } } } }`,
    good: `
backends: { a: { url: https://a.openai.azure.com/openai/v1 } }
apis: { openai: { operations: { createChatCompletion: { backend: a } } } }`,
  },
  check: (context) =>
    Object.entries(context.spec.apis ?? {}).flatMap(([id, { apiVersion }]) => {
      const version = apiVersion?.pin ?? apiVersion?.default;
      if (version === undefined || !/^\d{4}-/.test(version)) return [];
      const urls = listedOperations(context)
        .filter(({ apiId }) => apiId === id)
        .flatMap(({ operation }) => backendsOf(context, operation))
        .map((backend) => context.spec.backends?.[backend]?.url ?? "");
      if (!urls.some((url) => /\/openai\/v1\/?$/i.test(url))) return [];
      return [
        {
          message: `API \`${id}\` sends the api-version ${version}, and one of its backends ends in /openai/v1`,
          at: context.source.locate(pointer("apis", id, "apiVersion")),
          help: "leave `apiVersion` out, or let the backends' URLs end in /openai",
        },
      ];
    }),
};
