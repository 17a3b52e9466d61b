import type { PlacedExpression } from "../policy-context.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { expectsStreaming, servesModel, speaksOfStreaming, turnsBufferingOff } from "./evidence.ts";
import { attributeOf, codeOf, placeOf } from "./policy-places.ts";

export const responseBodyReadBreaksStreaming: PolicyRule = {
  id: "response-body-read-breaks-streaming",
  severity: "info",
  summary: "The answer of a language model, or one that is passed on as it comes, is read in `outbound`.",
  why: "To read a body the gateway waits for all of it: a streamed answer then arrives in one piece at the end (learn.microsoft.com/azure/api-management/how-to-server-sent-events).",
  examples: {
    bad: `<policies><inbound><base /><llm-emit-token-metric><dimension name="API ID" /></llm-emit-token-metric></inbound><outbound><base /><set-variable name="model" value="@((string)context.Response.Body.As&lt;JObject&gt;(preserveContent: true)[&quot;model&quot;])" /></outbound></policies>`,
    good: `<policies><inbound><base /><llm-emit-token-metric><dimension name="API ID" /></llm-emit-token-metric></inbound><outbound><base /><set-variable name="status" value="@(context.Response.StatusCode)" /></outbound></policies>`,
  },
  check(context) {
    const reads = context.expressions.filter((placed) => isUnguardedRead(placed));
    if (reads.length === 0 || !(servesModel(context) || turnsBufferingOff(context))) return [];
    const severity = expectsStreaming(context) ? ("warning" as const) : ("info" as const);
    return reads.map(({ place, attribute }) => ({
      message: "reading the body here holds back streamed answers until they are complete",
      ...placeOf(place.element, attribute),
      help: "take counts from `llm-emit-token-metric` or from headers, or read only when the answer is no `text/event-stream`",
      severity,
    }));
  },
};

function isUnguardedRead(placed: PlacedExpression): boolean {
  const { place } = placed;
  if (place.section !== "outbound" || place.ancestors.some(({ name }) => name === "return-response"))
    return false;
  const code = codeOf(placed);
  if (!/\bcontext\.Response\.Body\??\.As\b/.test(code) || speaksOfStreaming(code)) return false;
  const conditions = [place.element, ...place.ancestors].map(
    (element) => attributeOf(element, "condition")?.value ?? "",
  );
  // Any condition that names streams, or the failure statuses, keeps the read away from them.
  return !conditions.some((condition) => /stream|StatusCode\s*(?:>=|!=|>|==\s*[45])/i.test(condition));
}
