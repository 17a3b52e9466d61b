/** An answer as the server-sent events that Azure OpenAI streams it in. */
import type { Json, JsonObject } from "../json.ts";
import { isJsonObject } from "../json.ts";
import { listMember, objectMember, stringMember } from "../model/kind-definition.ts";
import type { CallKind } from "./account-answers.ts";
import type { CallWishes } from "./call-wishes.ts";

/** Ends every event. */
const eventEnd = "\n\n";

/** One event as it is sent. */
export type StreamEvent = {
  readonly text: string;
  /** Whether it carries a token of the answer. */
  readonly isToken: boolean;
};

/** The whole stream of an answer, given as it would be without `stream`. */
export function streamEvents(kind: CallKind, whole: JsonObject, wishes: CallWishes): StreamEvent[] {
  if (kind === "responses") {
    return responseEvents(whole).map((event) => ({
      text: namedEvent(event),
      isToken: event["type"] === "response.output_text.delta",
    }));
  }
  const chunks = kind === "completions" ? textChunks(whole) : chatChunks(whole);
  const { usage = null } = whole;
  const last: JsonObject[] = wishes.includesUsage ? [{ ...chunkHead(whole), choices: [], usage }] : [];
  const shown = [...chunks, ...last].map((chunk) => ({
    text: dataEvent(
      JSON.stringify(
        wishes.includesUsage && chunk["usage"] === undefined ? { ...chunk, usage: null } : chunk,
      ),
    ),
    isToken: hasToken(chunk),
  }));
  return [...shown, { text: dataEvent("[DONE]"), isToken: false }];
}

/** The events of a stream that is given as text; all but the end carry a token. */
export function splitEvents(text: string): StreamEvent[] {
  return text.split(/(?<=\r?\n\r?\n)/).map((event) => ({
    text: event,
    isToken: /^data: *(?!\[DONE\])/m.test(event),
  }));
}

function hasToken(chunk: JsonObject): boolean {
  const choice = firstOf(chunk, "choices");
  const content =
    stringMember(objectMember(choice, "delta") ?? {}, "content") ?? stringMember(choice, "text");
  return content !== undefined && content !== "";
}

function dataEvent(data: string): string {
  return `data: ${data}${eventEnd}`;
}

function namedEvent(event: JsonObject): string {
  return `event: ${stringMember(event, "type") ?? "message"}\n${dataEvent(JSON.stringify(event))}`;
}

function chunkHead({ id = null, created = null, model = null, object }: JsonObject): JsonObject {
  return {
    id,
    object: object === "chat.completion" ? "chat.completion.chunk" : (object ?? null),
    created,
    model,
  };
}

function chatChunks(whole: JsonObject): JsonObject[] {
  const text = stringMember(objectMember(firstOf(whole, "choices"), "message") ?? {}, "content") ?? "";
  const choice = (delta: JsonObject, reason: string | null): JsonObject => ({
    ...chunkHead(whole),
    choices: [{ index: 0, delta, logprobs: null, finish_reason: reason }],
  });
  return [
    choice({ role: "assistant", content: "" }, null),
    ...words(text).map((content) => choice({ content }, null)),
    choice({}, "stop"),
  ];
}

function textChunks(whole: JsonObject): JsonObject[] {
  const parts = words(stringMember(firstOf(whole, "choices"), "text") ?? "");
  const choice = (text: string, reason: string | null): JsonObject => ({
    ...chunkHead(whole),
    choices: [{ text, index: 0, logprobs: null, finish_reason: reason }],
  });
  return [...parts.map((part) => choice(part, null)), choice("", "stop")];
}

/** Each word with the space before it, as tokens have it. */
function words(text: string): string[] {
  return text.match(/\s*\S+/g) ?? [];
}

function responseEvents(whole: JsonObject): JsonObject[] {
  const item = firstOf(whole, "output");
  const part = firstOf(item, "content");
  const text = stringMember(part, "text") ?? "";
  const place = { item_id: item["id"] ?? null, output_index: 0, content_index: 0 };
  const begun = { ...whole, status: "in_progress", output: [], usage: null };
  const events: JsonObject[] = [
    { type: "response.created", response: begun },
    { type: "response.in_progress", response: begun },
    {
      type: "response.output_item.added",
      output_index: 0,
      item: { ...item, status: "in_progress", content: [] },
    },
    { type: "response.content_part.added", ...place, part: { ...part, text: "" } },
    ...words(text).map((delta) => ({ type: "response.output_text.delta", ...place, delta })),
    { type: "response.output_text.done", ...place, text },
    { type: "response.content_part.done", ...place, part },
    { type: "response.output_item.done", output_index: 0, item },
    { type: "response.completed", response: whole },
  ];
  return events.map((event, index) => ({ ...event, sequence_number: index }));
}

function firstOf(json: JsonObject, name: string): JsonObject {
  const first: Json | undefined = listMember(json, name)[0];
  return isJsonObject(first) ? first : {};
}
