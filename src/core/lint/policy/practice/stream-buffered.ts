import type { PolicyRule } from "../policy-rule.ts";
import { expectsStreaming } from "./evidence.ts";
import { attributeOf, policiesNamed } from "./policy-places.ts";

export const streamBuffered: PolicyRule = {
  id: "stream-buffered",
  severity: "info",
  summary: "Answers may be event streams, and `forward-request` buffers them.",
  why: 'By default the gateway passes chunked answers on in pieces of 8 KB, so events arrive late and in bursts; streams need `buffer-response="false"` (learn.microsoft.com/azure/api-management/how-to-server-sent-events).',
  examples: {
    bad: `<policies><backend><forward-request timeout="120" /></backend><outbound><base /><choose><when condition="@(context.Response.Headers.GetValueOrDefault(&quot;Content-Type&quot;,&quot;&quot;).Contains(&quot;text/event-stream&quot;))"><set-header name="x-streamed" exists-action="override"><value>1</value></set-header></when></choose></outbound></policies>`,
    good: `<policies><backend><forward-request timeout="120" buffer-response="false" /></backend><outbound><base /><choose><when condition="@(context.Response.Headers.GetValueOrDefault(&quot;Content-Type&quot;,&quot;&quot;).Contains(&quot;text/event-stream&quot;))"><set-header name="x-streamed" exists-action="override"><value>1</value></set-header></when></choose></outbound></policies>`,
  },
  check(context) {
    const forwards = policiesNamed(context, "forward-request").map(({ element }) => element);
    if (forwards.some((element) => attributeOf(element, "buffer-response")) || !expectsStreaming(context))
      return [];
    return forwards.map((element) => ({
      message: "this document speaks of streams, and `forward-request` buffers the answers",
      element,
      help: 'add `buffer-response="false"`',
    }));
  },
};
