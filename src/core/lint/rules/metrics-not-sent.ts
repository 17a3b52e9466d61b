import { pointer } from "../../spec/source.ts";
import { apiElements } from "../compiled-elements.ts";
import type { Finding, LintContext, Rule } from "../rule.ts";

export const metricsNotSent: Rule = {
  id: "metrics-not-sent",
  severity: "warning",
  summary: "Policies emit custom metrics, and the Application Insights diagnostic does not send any.",
  why:
    "Custom metrics reach Application Insights only when the diagnostic has `metrics` on; without it the policies run and " +
    "nothing arrives (learn.microsoft.com/azure/api-management/api-management-howto-app-insights).",
  examples: {
    bad: `
loggers: { ai: { applicationInsights: { connectionString: "{{cs}}" } } }
existing: { namedValues: [cs] }
apis:
  openai:
    diagnostics: { applicationInsights: { logger: ai } }
    operations:
      Chat:
        policies: { inbound: '<llm-emit-token-metric namespace="openai"><dimension name="API ID" /></llm-emit-token-metric>' }`,
    good: `
loggers: { ai: { applicationInsights: { connectionString: "{{cs}}" } } }
existing: { namedValues: [cs] }
apis:
  openai:
    diagnostics: { applicationInsights: { logger: ai, metrics: true } }
    operations:
      Chat:
        policies: { inbound: '<llm-emit-token-metric namespace="openai"><dimension name="API ID" /></llm-emit-token-metric>' }`,
  },
  check: (context) => Object.keys(context.spec.apis ?? {}).flatMap((api) => findingsOf(context, api)),
};

const emitting = ["emit-metric", "llm-emit-token-metric", "azure-openai-emit-token-metric"];

function findingsOf({ spec, source, model }: LintContext, api: string): Finding[] {
  const own = spec.apis?.[api]?.diagnostics?.applicationInsights;
  const diagnostic = own ?? spec.serviceDiagnostics?.applicationInsights;
  if (diagnostic === undefined || diagnostic.metrics === true) return [];
  const policy = apiElements(model, api).find(({ name }) => emitting.includes(name));
  if (policy === undefined) return [];
  const at = own === undefined ? pointer("serviceDiagnostics") : pointer("apis", api, "diagnostics");
  return [
    {
      message: `\`${policy.name}\` runs for \`${api}\`, and its diagnostic sends no custom metrics`,
      at: source.locateKey(`${at}/applicationInsights`),
      help: "add `metrics: true`",
    },
  ];
}
