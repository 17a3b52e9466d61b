import { pointer } from "../../spec/source.ts";
import type { LintContext, Rule } from "../rule.ts";
import { backendsOf, listedOperations } from "../spec-entries.ts";
import type { ListedOperation } from "../spec-entries.ts";

export const openaiFormsMixed: Rule = {
  id: "openai-forms-mixed",
  severity: "warning",
  summary: "An operation reaches accounts by the v1 form of the Azure OpenAI API and by the dated one.",
  why:
    "Paths below /openai/v1 name the model in the body and take no dated api-version; those below /openai name the deployment " +
    "in the path and need one (learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle). What one form answers, the " +
    "other answers 404.",
  examples: {
    bad: `
backends:
  a: { url: https://a.openai.azure.com/openai }
  b: { url: https://b.openai.azure.com/openai/v1 }
pools: { chat: { members: [{ backend: a }, { backend: b }] } }
apis: { openai: { operations: { Chat: { backend: chat } } } }`,
    good: `
backends:
  a: { url: https://a.openai.azure.com/openai/v1 }
  b: { url: https://b.openai.azure.com/openai/v1 }
pools: { chat: { members: [{ backend: a }, { backend: b }] } }
apis: { openai: { operations: { Chat: { backend: chat } } } }`,
  },
  check: (context) =>
    listedOperations(context).flatMap((listed) => {
      const { id, operation, at } = listed;
      const urls = backendsOf(context, operation).flatMap(
        (backend) => context.spec.backends?.[backend]?.url ?? [],
      );
      const isV1 = urls.some((url) => /\/openai\/v1\/?$/i.test(url));
      const isDated = urls.some((url) => /\/openai\/?$/i.test(url)) || namesDeployment(context, listed);
      if (!isV1 || !isDated) return [];
      return [
        {
          message: `\`${id}\` goes to a URL that ends in /openai/v1, and not all of its calls fit there`,
          at: context.source.locateKey(`${at}${pointer("backend")}`),
          help: "let all backends of an operation, and its OpenAPI document, be of one form",
        },
      ];
    }),
};

/** Whether the operation's path, as its OpenAPI document has it, is of the dated form. Hand-written policies may rewrite it. */
function namesDeployment({ model }: LintContext, { apiId, api, id, operation }: ListedOperation): boolean {
  if (api.policies !== undefined || operation.policies !== undefined) return false;
  const imported = model.resources.find((resource) => resource.kind === "api" && resource.id === apiId);
  return /\/deployments\/\{/.test(imported?.operations?.[id] ?? "");
}
