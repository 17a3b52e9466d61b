import { pointer } from "../../spec/source.ts";
import type { Rule } from "../rule.ts";
import { backendsOf, listedOperations } from "../spec-entries.ts";

/** An API of Azure's accounts, and where below the host they serve it. */
const forms = [
  { documents: /^azure-openai@v1$/, api: "the v1 API", suffix: "/openai/v1" },
  { documents: /^azure-openai@\d/, api: "the dated Azure OpenAI API", suffix: "/openai" },
  { documents: /^foundry$/, api: "model inference", suffix: "/models" },
] as const;

const azureUrl =
  /^https:\/\/[^/]+\.(?:openai|cognitiveservices|services\.ai)\.azure\.(?:com|us|cn)(\/.*?)\/?$/i;

export const backendUrlOtherApi: Rule = {
  id: "backend-url-other-api",
  severity: "warning",
  summary: "An operation of a named OpenAPI document goes to a URL where the account serves another API.",
  why:
    "Accounts serve the dated API below /openai, the v1 API below /openai/v1, and model inference below /models of a Foundry " +
    "resource (learn.microsoft.com/azure/ai-foundry/foundry-models/concepts/endpoints). What one has, the others answer 404.",
  examples: {
    bad: `
backends: { a: { url: https://a.openai.azure.com/openai } }
apis: { openai: { path: openai, openapi: azure-openai@v1, operations: { createChatCompletion: { backend: a } } } }`,
    good: `
backends: { a: { url: https://a.openai.azure.com/openai/v1 } }
apis: { openai: { path: openai, openapi: azure-openai@v1, operations: { createChatCompletion: { backend: a } } } }`,
  },
  check: (context) =>
    listedOperations(context).flatMap(({ apiId, api, id, operation }) => {
      const form = forms.find(({ documents }) => documents.test(api.openapi ?? ""));
      // Hand-written policies may rewrite the path.
      if (form === undefined || api.policies !== undefined || operation.policies !== undefined) return [];
      const paths = backendsOf(context, operation).flatMap(
        (backend) => azureUrl.exec(context.spec.backends?.[backend]?.url ?? "")?.[1]?.toLowerCase() ?? [],
      );
      if (paths.length === 0 || paths.includes(form.suffix)) return [];
      return [
        {
          message: `\`${id}\` is an operation of ${form.api}, and its backend's URL ends in ${paths[0] ?? ""}`,
          at: context.source.locateKey(pointer("apis", apiId, "operations", id, "backend")),
          help: `let the URL end in ${form.suffix}, or choose another \`openapi\``,
        },
      ];
    }),
};
