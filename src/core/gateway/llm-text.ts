/** The words of calls to language models and of their answers, wherever the formats of Azure OpenAI and others have them. */
import { isJsonObject } from "../json.ts";
import type { JsonObject } from "../json.ts";
import type { MessageBody } from "./message.ts";

/** A body as a JSON object; undefined for what is none. */
export function jsonBody(body: MessageBody | null): JsonObject | undefined {
  if (body === null || body.isConsumed) return undefined;
  return parseObject(new TextDecoder().decode(body.bytes));
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** All text of a request, a line for each piece: messages, prompts, inputs. */
export function requestText({ messages, prompt, input }: JsonObject): string {
  return [messages, prompt, input].flatMap((part) => texts(part)).join("\n");
}

/** All text of an answer; of a stream of events what its pieces add up to. */
export function answerText(body: MessageBody | null): string {
  const whole = jsonBody(body);
  if (whole !== undefined) return pieces(whole).join("\n");
  if (body === null || body.isConsumed) return "";
  const events = new TextDecoder().decode(body.bytes).split("\n");
  return events
    .flatMap((line) => {
      const event = line.startsWith("data: ") ? parseObject(line.slice("data: ".length)) : undefined;
      return event === undefined ? [] : pieces(event);
    })
    .join("");
}

function pieces({ choices, output, delta, type }: JsonObject): string[] {
  const isDelta = typeof type === "string" && type.endsWith("output_text.delta") && typeof delta === "string";
  return [...texts(choices), ...texts(output), ...(isDelta ? [delta] : [])];
}

/** Keys whose values are words of the format, not of people. */
const notText = new Set([
  "role",
  "type",
  "id",
  "object",
  "model",
  "finish_reason",
  "status",
  "url",
  "image_url",
]);

/** Nobody nests messages deeper. */
const deepest = 64;

function texts(value: unknown, depth = 0): string[] {
  if (typeof value === "string") return [value];
  if (depth > deepest) return [];
  if (Array.isArray(value)) return value.flatMap((item) => texts(item, depth + 1));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) => (notText.has(key) ? [] : texts(member, depth + 1)));
}
