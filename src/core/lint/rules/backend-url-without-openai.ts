import { pointer } from "../../spec/source.ts";
import type { LintContext, Rule } from "../rule.ts";
import { backendEntries } from "../spec-entries.ts";

export const backendUrlWithoutOpenai: Rule = {
  id: "backend-url-without-openai",
  severity: "warning",
  summary: "The URL of an Azure OpenAI account does not end in /openai.",
  why:
    "Operations of the Azure OpenAI API start at /deployments or below, and the account serves them below /openai: without it " +
    "every call is answered 404 (Azure-Samples/AI-Gateway, inference-api.bicep).",
  examples: {
    bad: `
backends: { a: { url: https://contoso.openai.azure.com } }`,
    good: `
backends: { a: { url: https://contoso.openai.azure.com/openai } }`,
  },
  check: (context) =>
    backendEntries(context)
      .filter(([id]) => !isForContentSafety(context, id))
      .filter(([, backend]) =>
        /^https:\/\/[^/]+\.(?:openai|cognitiveservices|services\.ai)\.azure\.(?:com|us|cn)\/?$/i.test(
          backend.url,
        ),
      )
      .map(([id, { url }]) => ({
        message: `the URL of backend \`${id}\` lacks /openai`,
        at: context.source.locate(pointer("backends", id, "url")),
        help: /\.services\.ai\./i.test(url)
          ? "append /openai, /openai/v1 for the v1 API, or /models for model inference (`openapi: foundry`)"
          : "append /openai, or /openai/v1 for the v1 API",
      })),
};

/** Azure AI Content Safety is no model, though its addresses look like those of accounts. */
function isForContentSafety({ spec }: LintContext, backend: string): boolean {
  return Object.values(spec.products ?? {}).some(({ contentSafety }) => contentSafety?.backend === backend);
}
