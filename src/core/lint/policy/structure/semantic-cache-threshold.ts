import type { PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { atValue } from "./findings.ts";
import { literalAttribute } from "./literals.ts";
import { placementsAt } from "./placement.ts";

const highest = 0.2;

const document = (threshold: number) =>
  inbound(
    `<llm-semantic-cache-lookup score-threshold="${threshold}" embeddings-backend-id="e" embeddings-backend-auth="system-assigned"><vary-by>@(context.Subscription.Id)</vary-by></llm-semantic-cache-lookup>`,
  );

export const semanticCacheThreshold: PolicyRule = {
  id: "semantic-cache-threshold",
  severity: "info",
  summary: "A semantic cache takes prompts for the same that may differ.",
  why: "A lower `score-threshold` is stricter: the reference suggests to start near 0.05 and calls more than 0.2 risky. Texts of other dates say the opposite, so this is told and no more (learn.microsoft.com/azure/api-management/llm-semantic-cache-lookup-policy).",
  examples: { bad: document(0.8), good: document(0.05) },
  *check(context) {
    for (const path of ["llm-semantic-cache-lookup", "azure-openai-semantic-cache-lookup"]) {
      for (const { element } of placementsAt(context, path)) {
        const attribute = element.attributes.find(({ name }) => name === "score-threshold");
        const threshold = Number(literalAttribute(element, "score-threshold") ?? Number.NaN);
        if (attribute === undefined || !(threshold > highest && threshold <= 1)) continue;
        yield atValue(element, attribute, {
          message: `a threshold of ${threshold} may answer a prompt with the answer to another`,
          help: "start near 0.05 and look at what the cache answers",
        });
      }
    }
  },
};
