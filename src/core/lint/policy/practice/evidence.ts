/** What a document tells about the API it stands on, without asking the service. */
import type { PolicyLintContext } from "../policy-context.ts";

const modelPolicy = /^(?:llm|azure-openai)-/;
const modelHost = /openai|\/chat\/completions|deployment-id/i;
const eventStream = /text\/event-stream/i;
const streamKey = /["']stream["']/;

/** True when a document evidently serves a language model: by its policies, its hosts or its paths. */
export function servesModel(context: PolicyLintContext): boolean {
  return context.elements.some(
    ({ element }) => modelPolicy.test(element.name) || values(element).some((value) => modelHost.test(value)),
  );
}

/** Whether a text speaks of server-sent events: their media type, or the `stream` member of a request. */
export function speaksOfStreaming(text: string): boolean {
  return eventStream.test(text) || streamKey.test(text);
}

/** True when a document has answers passed on as they come. */
export function turnsBufferingOff(context: PolicyLintContext): boolean {
  return context
    .named("forward-request")
    .some(({ element }) =>
      element.attributes.some(({ name, value }) => name === "buffer-response" && value === "false"),
    );
}

/** True when a document evidently lets answers stream: it turns buffering off, or speaks of streams. */
export function expectsStreaming(context: PolicyLintContext): boolean {
  return (
    turnsBufferingOff(context) ||
    context.elements.some(({ element }) => values(element).some(speaksOfStreaming))
  );
}

function values({ attributes, children }: PolicyLintContext["root"]): string[] {
  return [
    ...attributes.map(({ value }) => value),
    ...children.flatMap((node) => (node.type === "text" ? [node.value] : [])),
  ];
}
