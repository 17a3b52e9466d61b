import { pointer } from "../../spec/source.ts";
import type { Rule } from "../rule.ts";

export const allowWithoutServiceUrl: Rule = {
  id: "allow-without-service-url",
  severity: "warning",
  summary: "`unlisted: allow` on an imported API without `serviceUrl`.",
  why:
    "Operations that are not listed have no backend of the spec: their calls, with the gateway's token if managedIdentity is set, " +
    "go to the server that the OpenAPI document names, which for Azure OpenAI is a placeholder (https://github.com/Azure/azure-rest-api-specs, `servers` of its OpenAPI documents).",
  examples: {
    bad: `
apis: { openai: { path: openai, unlisted: allow, openapi: openai.json } }`,
    good: `
apis: { openai: { path: openai, unlisted: allow, openapi: openai.json, serviceUrl: https://a.example/openai } }`,
  },
  check: ({ spec, source }) =>
    Object.entries(spec.apis ?? {})
      .filter(
        ([, api]) => api.unlisted === "allow" && api.openapi !== undefined && api.serviceUrl === undefined,
      )
      .map(([id]) => ({
        message: `unlisted operations of \`${id}\` go to the server that the OpenAPI document names`,
        at: source.locateKey(pointer("apis", id, "unlisted")),
        help: "give the API a serviceUrl, or deny what is not listed",
      })),
};
