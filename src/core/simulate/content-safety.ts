/** What a mock account answers as Azure AI Content Safety: all is safe but for the texts that a scenario lists. */
import type { OutgoingCall } from "../gateway/exchange.ts";
import { jsonBody } from "../gateway/llm-text.ts";
import type { Json, JsonObject } from "../json.ts";
import type { AccountSpec } from "./scenario.ts";

export type ContentSafetySpec = NonNullable<AccountSpec["contentSafety"]>;

const operation = /\/contentsafety\/text:(analyze|shieldPrompt)$/;

/** The body of the answer; undefined for a call that is none of content safety's. */
export function contentSafetyBody(call: OutgoingCall, spec: ContentSafetySpec = []): JsonObject | undefined {
  const asked = operation.exec(call.url.path)?.[1];
  if (asked === undefined) return undefined;
  const body = jsonBody(call.body) ?? {};
  const text = textOf(asked === "analyze" ? body["text"] : body["userPrompt"]).toLowerCase();
  const found = spec.filter((entry) => text.includes(entry.text.toLowerCase()));
  if (asked === "shieldPrompt") {
    const attackDetected = found.some(({ attack }) => attack === true);
    return { userPromptAnalysis: { attackDetected }, documentsAnalysis: [] };
  }
  return {
    blocklistsMatch: texts(body["blocklistNames"]).flatMap((blocklistName) =>
      found
        .filter(({ blocklist }) => blocklist === blocklistName)
        .map((entry) => ({ blocklistName, blocklistItemId: entry.text, blocklistItemText: entry.text })),
    ),
    categoriesAnalysis: texts(body["categories"]).map((category) => ({
      category,
      severity: Math.max(
        0,
        ...found.filter((entry) => entry.category === category).map(({ severity = 4 }) => severity),
      ),
    })),
  };
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

function texts(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}
