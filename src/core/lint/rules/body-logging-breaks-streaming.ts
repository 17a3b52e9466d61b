import { diagnosticNames } from "../../model/kinds/diagnostic.ts";
import { loggedBodyBytes } from "../../model/kinds/logged-messages.ts";
import type { DiagnosticSpec } from "../../spec/schema.ts";
import { pointer } from "../../spec/source.ts";
import { apiElements } from "../compiled-elements.ts";
import type { Finding, LintContext, Rule } from "../rule.ts";

export const bodyLoggingBreaksStreaming: Rule = {
  id: "body-logging-breaks-streaming",
  severity: "warning",
  summary: "A diagnostic sends the bodies of answers, and operations of the API stream theirs.",
  why:
    "To log the body of an answer the gateway waits for the whole of it: event streams arrive in one piece at the end, or " +
    "break off (learn.microsoft.com/azure/api-management/how-to-server-sent-events).",
  examples: {
    bad: `
backends: { a: { url: https://a.example/openai } }
loggers: { ai: { applicationInsights: { connectionString: "{{cs}}" } } }
existing: { namedValues: [cs] }
apis:
  openai:
    diagnostics: { applicationInsights: { logger: ai, bodyBytes: 1024 } }
    operations:
      Chat:
        backend: a
        policies: { backend: '<forward-request buffer-response="false" />' }`,
    good: `
backends: { a: { url: https://a.example/openai } }
loggers: { ai: { applicationInsights: { connectionString: "{{cs}}" } } }
existing: { namedValues: [cs] }
apis:
  openai:
    diagnostics: { applicationInsights: { logger: ai, frontend: { request: { bodyBytes: 1024 } } } }
    operations:
      Chat:
        backend: a
        policies: { backend: '<forward-request buffer-response="false" />' }`,
  },
  check: (context) => Object.keys(context.spec.apis ?? {}).flatMap((api) => findingsOf(context, api)),
};

function findingsOf(context: LintContext, api: string): Finding[] {
  if (!streams(context, api)) return [];
  const { spec, source } = context;
  return diagnosticNames.flatMap((name) => {
    const own = spec.apis?.[api]?.diagnostics?.[name];
    const diagnostic = own ?? spec.serviceDiagnostics?.[name];
    if (diagnostic === undefined || !sendsAnswers(diagnostic)) return [];
    const at =
      own === undefined ? pointer("serviceDiagnostics", name) : pointer("apis", api, "diagnostics", name);
    return {
      message: `the diagnostic \`${name}\` sends the bodies of answers, and \`${api}\` has operations that stream theirs`,
      at: source.locateKey(at),
      help: "give `bodyBytes` for requests only (`frontend: { request: { bodyBytes } }`); tokens and messages of models are logged without bodies",
    };
  });
}

function sendsAnswers(diagnostic: DiagnosticSpec): boolean {
  return (
    loggedBodyBytes(diagnostic, "frontend", "response") > 0 ||
    loggedBodyBytes(diagnostic, "backend", "response") > 0
  );
}

function streams({ model }: LintContext, api: string): boolean {
  return apiElements(model, api).some(
    ({ name, attributes }) =>
      name === "forward-request" &&
      attributes.some((each) => each.name === "buffer-response" && each.value === "false"),
  );
}
