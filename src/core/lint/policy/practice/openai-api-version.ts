import { childElement, elementText } from "../../../policy/tree.ts";
import type { PolicyElement, Range } from "../../../policy/tree.ts";
import type { PolicyLintContext } from "../policy-context.ts";
import type { PolicyFinding, PolicyRule } from "../policy-rule.ts";
import { attributeOf, literalText, placeOf, policiesNamed } from "./policy-places.ts";

const accountHost = /^https:\/\/[^/?]+\.(?:openai|cognitiveservices)\.azure\.(?:com|us|cn)(?=\/)/i;
const datedPath = /\/openai\/deployments\//i;
const versionOnV1Path = /\/openai\/v1\/[^?]*\?(?:[^#]*&)?api-version=\d{4}-/i;

export const openaiApiVersion: PolicyRule = {
  id: "openai-api-version",
  severity: "warning",
  summary: "A call to Azure OpenAI lacks its api-version, or has a dated one on a v1 path.",
  why: "Paths below /openai/deployments are answered 404 without `api-version` (MicrosoftDocs/azure-docs#114602); those below /openai/v1 know no dated ones (learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle).",
  examples: {
    bad: `<policies><inbound><base /><send-request mode="new" response-variable-name="r"><set-url>https://a.openai.azure.com/openai/deployments/gpt/chat/completions</set-url><set-method>POST</set-method></send-request></inbound></policies>`,
    good: `<policies><inbound><base /><send-request mode="new" response-variable-name="r"><set-url>https://a.openai.azure.com/openai/deployments/gpt/chat/completions?api-version=2024-10-21</set-url><set-method>POST</set-method></send-request></inbound></policies>`,
  },
  check: (context) => [
    ...policiesNamed(context, "set-url").flatMap(({ element }) =>
      element.children.flatMap((node) =>
        node.type === "text" ? findingFor(element, literalText(node.value), node.range) : [],
      ),
    ),
    ...policiesNamed(context, "rewrite-uri").flatMap(({ element }) => {
      const template = attributeOf(element, "template");
      return findingFor(element, literalText(template?.value), placeOf(element, template).range);
    }),
    ...datedOnV1Backend(context),
  ],
};

/** `set-query-parameter` that gives a dated version to a backend of the v1 form. */
function datedOnV1Backend(context: PolicyLintContext): PolicyFinding[] {
  const isV1 = policiesNamed(context, "set-backend-service").some(({ element }) =>
    /\/openai\/v1\/?$/i.test(literalText(attributeOf(element, "base-url")?.value) ?? ""),
  );
  if (!isV1) return [];
  return policiesNamed(context, "set-query-parameter").flatMap(({ element }) => {
    const value = childElement(element, "value");
    const version = value === undefined ? undefined : literalText(elementText(value).trim());
    const isDated = attributeOf(element, "name")?.value === "api-version" && /^\d{4}-/.test(version ?? "");
    if (!isDated) return [];
    const message = "a backend of the v1 API takes no dated `api-version`";
    return [{ element, message, help: "leave `api-version` out" }];
  });
}

function findingFor(
  element: PolicyElement,
  url: string | undefined,
  range: Range | undefined,
): PolicyFinding[] {
  if (url === undefined) return [];
  const place = { element, ...(range && { range }) };
  if (versionOnV1Path.test(url)) {
    return [
      {
        message: "a path of the v1 API takes no dated `api-version`",
        help: "leave `api-version` out",
        ...place,
      },
    ];
  }
  const lacksVersion = accountHost.test(url) && datedPath.test(url) && !/[?&]api-version=/i.test(url);
  return lacksVersion
    ? [
        {
          message: "Azure OpenAI answers this call with 404: `api-version` is missing",
          help: "append `?api-version=` with a version, such as 2024-10-21",
          ...place,
        },
      ]
    : [];
}
