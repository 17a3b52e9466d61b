/** Which operations can be answered as server-sent events. */
import type { OpenApiOperation } from "./document.ts";

/**
 * Chat, completions and responses, by their URL template: with `"stream": true` in the body they answer in events
 * (learn.microsoft.com/azure/ai-services/openai/reference).
 */
export function canAnswerInEvents({ method, path }: Pick<OpenApiOperation, "method" | "path">): boolean {
  const template = path.split("?", 1)[0] ?? "";
  return method === "POST" && /\/(?:completions|responses)$/i.test(template);
}
