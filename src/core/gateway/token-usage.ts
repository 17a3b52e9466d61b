/** Tokens of a call: from the answer's `usage`, else estimated as four characters each. */
import { isJsonObject } from "../json.ts";
import type { JsonObject } from "../json.ts";
import type { Exchange } from "./exchange.ts";
import type { MessageBody } from "./message.ts";

export type TokenUsage = { readonly prompt: number; readonly completion: number; readonly total: number };

const charactersPerToken = 4;

/** What the answer says it used. Streams are estimated from what they carry [documented; how is inferred]. */
export function usageOf({ context }: Exchange): TokenUsage | undefined {
  const { response } = context;
  if (response?.body == null || response.statusCode >= 300) return undefined;
  const type = response.headers.get("Content-Type")?.[0] ?? "";
  return type.startsWith("text/event-stream")
    ? streamUsage(decodeBody(response.body), estimatePrompt(context.request.body))
    : jsonUsage(readJson(response.body));
}

/** Tokens of the prompt by its length. */
export function estimatePrompt(body: MessageBody | null): number {
  const json = body === null ? undefined : readJson(body);
  return json === undefined ? 0 : Math.ceil(promptLength(json) / charactersPerToken);
}

/** Whether the call wants its answer as a stream of events. */
export function asksForStream(body: MessageBody | null): boolean {
  return body !== null && readJson(body)?.["stream"] === true;
}

function promptLength({ messages, prompt, input }: JsonObject): number {
  return [messages, prompt, input].reduce<number>((sum, part) => sum + textLength(part), 0);
}

/** Length of all texts below, but for roles. */
function textLength(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + textLength(item), 0);
  if (!isJsonObject(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [key, member]) => (key === "role" || key === "type" ? sum : sum + textLength(member)),
    0,
  );
}

function jsonUsage(json: JsonObject | undefined): TokenUsage | undefined {
  const usage = json?.["usage"];
  if (!isJsonObject(usage)) return undefined;
  const prompt = number(usage["prompt_tokens"]) ?? number(usage["input_tokens"]) ?? 0;
  const completion = number(usage["completion_tokens"]) ?? number(usage["output_tokens"]) ?? 0;
  return { prompt, completion, total: number(usage["total_tokens"]) ?? prompt + completion };
}

function streamUsage(text: string, prompt: number): TokenUsage {
  const chunks = text.split("\n").flatMap((line) => {
    const data = line.startsWith("data: ") ? parse(line.slice(6)) : undefined;
    return data === undefined ? [] : [data];
  });
  const stated = chunks.map(jsonUsage).find((usage) => usage !== undefined);
  if (stated !== undefined) return stated;
  const length = chunks.reduce((sum, chunk) => sum + textLength(chunk["choices"]), 0);
  const completion = Math.ceil(length / charactersPerToken);
  return { prompt, completion, total: prompt + completion };
}

function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function readJson(body: MessageBody): JsonObject | undefined {
  return parse(decodeBody(body));
}

function parse(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function decodeBody(body: MessageBody): string {
  return new TextDecoder().decode(body.bytes);
}
