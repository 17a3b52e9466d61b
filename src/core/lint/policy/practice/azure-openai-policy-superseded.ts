import type { PolicyElement } from "../../../policy/tree.ts";
import { childElements } from "../../../policy/tree.ts";
import type { PolicyLintContext } from "../policy-context.ts";
import type { Fix, PolicyRule } from "../policy-rule.ts";
import { attributeOf, policiesNamed } from "./policy-places.ts";

const oldPrefix = "azure-openai-";
const names = ["token-limit", "emit-token-metric", "semantic-cache-lookup", "semantic-cache-store"].map(
  (name) => oldPrefix + name,
);
/** Custom dimensions that llm-emit-token-metric takes by its page; the older policy takes more. */
const mostDimensions = 5;

export const azureOpenaiPolicySuperseded: PolicyRule = {
  id: "azure-openai-policy-superseded",
  severity: "info",
  summary: "A policy for Azure OpenAI alone, where the general `llm-` policy fits.",
  why: "The `llm-` policies take the same attributes, count for Azure OpenAI just the same, and go on working when a backend of another maker joins (learn.microsoft.com/azure/api-management/llm-token-limit-policy, llm-emit-token-metric-policy, llm-semantic-cache-lookup-policy).",
  examples: {
    bad: `<policies><inbound><base /><azure-openai-token-limit counter-key="@(context.Subscription.Id)" tokens-per-minute="500" estimate-prompt-tokens="true" /></inbound></policies>`,
    good: `<policies><inbound><base /><llm-token-limit counter-key="@(context.Subscription.Id)" tokens-per-minute="500" estimate-prompt-tokens="true" /></inbound></policies>`,
  },
  check: (context) =>
    policiesNamed(context, ...names).map(({ element }) => {
      const renamed = element.name.replace(oldPrefix, "llm-");
      const fix = takesTheSame(element) ? renameTags(context, element, renamed) : undefined;
      return {
        message: `\`${element.name}\` serves Azure OpenAI only; \`${renamed}\` serves every model`,
        element,
        help: `rename it to \`${renamed}\`, and lookup and store of a semantic cache together`,
        ...(fix && { fix }),
      };
    }),
};

function takesTheSame(element: PolicyElement): boolean {
  if (element.name !== `${oldPrefix}emit-token-metric`) return true;
  const custom = childElements(element).filter((dimension) => attributeOf(dimension, "value") !== undefined);
  return attributeOf(element, "value") === undefined && custom.length <= mostDimensions;
}

/** The whole element with another name in its one or two tags. */
function renameTags({ source }: PolicyLintContext, element: PolicyElement, name: string): Fix | undefined {
  const { range, nameRange } = element;
  if (source === undefined || range === undefined || nameRange === undefined) return undefined;
  const title = `rename to ${name}`;
  const endTag = `</${element.name}`;
  const afterName = source.slice(nameRange.end.offset, range.end.offset);
  const closing = afterName.lastIndexOf(endTag);
  if (closing === -1) return { range: nameRange, text: name, title };
  const text = `${name}${afterName.slice(0, closing)}</${name}${afterName.slice(closing + endTag.length)}`;
  return { range: { start: nameRange.start, end: range.end }, text, title };
}
