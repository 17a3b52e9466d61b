import { apiPath } from "../../model/kinds/api.ts";
import { operationPath } from "../../model/kinds/operation.ts";
import { globalPolicyPath, policyPath } from "../../model/kinds/policy.ts";
import type { Model } from "../../model/resource.ts";
import { canAnswerInEvents } from "../../openapi/event-streams.ts";
import { walkElements } from "../../policy/walk.ts";
import { pointer } from "../../spec/source.ts";
import type { Finding, LintContext, Rule } from "../rule.ts";

export const streamingUndecided: Rule = {
  id: "streaming-undecided",
  severity: "info",
  summary: "Operations can answer in events, and nothing says whether these pass as they come.",
  why:
    "Chunked answers pass in pieces of 8 KB unless `buffer-response` is off, so the words of a model arrive late and in bursts " +
    "(learn.microsoft.com/azure/api-management/how-to-server-sent-events). `streaming: false` says that this is wanted.",
  examples: {
    bad: `
backends: { a: { url: https://a.example/openai } }
apis:
  openai:
    path: openai
    openapi: azure-openai@2024-10-21
    operations: { ChatCompletions_Create: { backend: a } }`,
    good: `
backends: { a: { url: https://a.example/openai } }
apis:
  openai:
    path: openai
    openapi: azure-openai@2024-10-21
    streaming: true
    operations: { ChatCompletions_Create: { backend: a } }`,
  },
  check: (context) => Object.keys(context.spec.apis ?? {}).flatMap((api) => findingsOf(context, api)),
};

function findingsOf({ spec, source, model }: LintContext, id: string): Finding[] {
  const api = spec.apis?.[id];
  if (api?.operations === undefined || api.streaming !== undefined) return [];
  const signatures = model.resources.find(({ path }) => path === apiPath(id))?.operations ?? {};
  const undecided = Object.entries(api.operations).flatMap(([operation, { streaming, policies }]) => {
    const [method = "", path = ""] = (signatures[operation] ?? "").split(" ");
    const isHandWritten = policies?.backend !== undefined || policies?.document !== undefined;
    const isDecided = streaming !== undefined || isHandWritten || saysBuffering(model, id, operation);
    return !isDecided && canAnswerInEvents({ method, path }) ? [operation] : [];
  });
  if (undecided.length === 0) return [];
  const names = undecided.map((operation) => `\`${operation}\``).join(", ");
  const [answers, which] = undecided.length === 1 ? ["an operation", "it"] : ["operations", "them"];
  return [
    {
      message: `event streams of ${answers} pass in pieces of 8 KB: ${names}`,
      at: source.locateKey(pointer("apis", id, "operations")),
      help: `give the API \`streaming: true\`, or ${which} alone; \`streaming: false\` says that it is wanted so`,
    },
  ];
}

/** Whether a document that a call of the operation goes through names `buffer-response`. */
function saysBuffering({ resources }: Model, api: string, operation: string): boolean {
  const paths = [policyPath(operationPath(api, operation)), policyPath(apiPath(api)), globalPolicyPath];
  return resources.some(({ path, document }) => {
    if (document === undefined || !paths.includes(path)) return false;
    let isSaid = false;
    walkElements([document.root], ({ name, attributes }) => {
      isSaid ||= name === "forward-request" && attributes.some((each) => each.name === "buffer-response");
    });
    return isSaid;
  });
}
