/** What a mock Azure OpenAI account answers: headers and bodies as they have been seen through API Management. */
import type { CallAnswer, OutgoingCall } from "../gateway/exchange.ts";
import type { JsonObject } from "../json.ts";
import { HeaderMap } from "../gateway/message.ts";
import type { MessageBody } from "../gateway/message.ts";
import { reasonPhrase } from "../gateway/policy-error.ts";
import { queryValue } from "../gateway/query.ts";
import { noWishes } from "./call-wishes.ts";
import type { CallWishes } from "./call-wishes.ts";
import { contentSafetyBody } from "./content-safety.ts";
import type { ContentSafetySpec } from "./content-safety.ts";
import { streamEvents } from "./event-stream.ts";
import { EventStreamBody } from "./streamed-answer.ts";

/** Which operation of the data plane an address is. */
export type CallKind = "chat" | "completions" | "embeddings" | "images" | "responses" | "other";

const kinds: readonly (readonly [ending: string, kind: CallKind, operation: string])[] = [
  ["/chat/completions", "chat", "ChatCompletions_Create"],
  ["/completions", "completions", "Completions_Create"],
  ["/embeddings", "embeddings", "embeddings_create"],
  ["/images/generations", "images", "ImageGenerations_Create"],
  ["/responses", "responses", "createResponse"],
];

/** The kind of a call by the end of its path. */
export function callKind(path: string): CallKind {
  return kinds.find(([ending]) => path.endsWith(ending))?.[1] ?? "other";
}

export type Tokens = { readonly prompt: number; readonly completion: number };

export type AnswerFacts = {
  readonly region: string;
  /** Ordinal of the call at this account: makes ids. */
  readonly ordinal: number;
  readonly now: number;
  readonly wishes?: CallWishes | undefined;
  /** What the account finds as content safety. */
  readonly contentSafety?: ContentSafetySpec | undefined;
};

/** A body that is only written when somebody reads it. */
class LateBody implements MessageBody {
  readonly kind = "IMessageBody";
  isConsumed = false;
  readonly #write: () => string;
  #bytes: Uint8Array | undefined;

  constructor(write: () => string) {
    this.#write = write;
  }

  get bytes(): Uint8Array {
    return (this.#bytes ??= new TextEncoder().encode(this.#write()));
  }
}

/** The answer to a call that is let in; its body is an EventStreamBody where the call asks for a stream. */
export function successAnswer(
  call: OutgoingCall,
  tokens: Tokens,
  facts: AnswerFacts,
  remaining: { readonly tokens: number | undefined; readonly requests: number | undefined },
): CallAnswer {
  const headers = answerHeaders(facts);
  if (remaining.requests !== undefined) {
    headers.set("x-ratelimit-remaining-requests", [String(remaining.requests)]);
  }
  if (remaining.tokens !== undefined) headers.set("x-ratelimit-remaining-tokens", [String(remaining.tokens)]);
  const { wishes = noWishes } = facts;
  const kind = callKind(call.url.path);
  const asStream = wishes.streams && kind !== "embeddings" && kind !== "images";
  if (asStream) headers.set("Content-Type", ["text/event-stream; charset=utf-8"]);
  const whole = (): JsonObject =>
    contentSafetyBody(call, facts.contentSafety) ?? successBody(call, tokens, facts);
  const body = asStream
    ? new EventStreamBody(() => streamEvents(kind, whole(), wishes))
    : new LateBody(() => JSON.stringify(whole()));
  return { kind: "answered", status: 200, reason: "OK", headers, body };
}

/** 429. `seconds` is the time it asks for, if any. */
export function throttledAnswer(
  { url }: OutgoingCall,
  limit: "token" | "call",
  seconds: number | undefined,
  facts: AnswerFacts,
): CallAnswer {
  const headers = answerHeaders(facts);
  if (seconds !== undefined) {
    headers.set("Retry-After", [String(seconds)]);
    headers.set("retry-after-ms", [String(seconds * 1000)]);
    headers.set(limit === "call" ? "x-ratelimit-reset-requests" : "x-ratelimit-reset-tokens", [
      String(seconds),
    ]);
  }
  const body = new LateBody(() => {
    const operation = kinds.find(([ending]) => url.path.endsWith(ending))?.[2] ?? "requested";
    const version = queryValue(url.queryString, "api-version") ?? "";
    const message =
      `Requests to the ${operation} Operation under Azure OpenAI API version ${version} have exceeded ${limit} rate limit of ` +
      `your current OpenAI S0 pricing tier. Please retry after ${seconds ?? 1} seconds. Please go here: ` +
      "https://aka.ms/oai/quotaincrease if you would like to further increase the default rate limit.";
    return JSON.stringify({ error: { code: "429", message } });
  });
  return { kind: "answered", status: 429, reason: "Too Many Requests", headers, body };
}

/** 404, as an account says it of a deployment that it does not have. */
export function notFoundAnswer(facts: AnswerFacts): CallAnswer {
  const message =
    "The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait " +
    "a moment and try again.";
  const body = new LateBody(() => JSON.stringify({ error: { code: "DeploymentNotFound", message } }));
  return { kind: "answered", status: 404, reason: "Not Found", headers: answerHeaders(facts), body };
}

/** A failure of the account's own. */
export function failureAnswer(status: number, seconds: number | undefined, facts: AnswerFacts): CallAnswer {
  const headers = answerHeaders(facts);
  if (seconds !== undefined) headers.set("Retry-After", [String(seconds)]);
  const message =
    status === 503
      ? "The service is temporarily unable to process your request. Please try again later."
      : reasonPhrase(status);
  const body = new LateBody(() => JSON.stringify({ error: { code: String(status), message } }));
  return { kind: "answered", status, reason: reasonPhrase(status), headers, body };
}

function answerHeaders({ region, ordinal }: AnswerFacts): HeaderMap {
  const headers = new HeaderMap();
  headers.set("Content-Type", ["application/json"]);
  headers.set("x-ms-region", [region]);
  headers.set("apim-request-id", [`local-${ordinal}`]);
  return headers;
}

function successBody(
  { url }: OutgoingCall,
  tokens: Tokens,
  { ordinal, now, wishes = noWishes }: AnswerFacts,
): JsonObject {
  const created = Math.floor(now / 1000);
  const model = /\/deployments\/([^/]+)/.exec(url.path)?.[1] ?? wishes.model ?? "gpt-4o";
  const usage = {
    prompt_tokens: tokens.prompt,
    completion_tokens: tokens.completion,
    total_tokens: tokens.prompt + tokens.completion,
  };
  const content = "word ".repeat(tokens.completion).trimEnd();
  switch (callKind(url.path)) {
    case "completions":
      return {
        id: `cmpl-${ordinal}`,
        object: "text_completion",
        created,
        model,
        choices: [{ text: content, index: 0, finish_reason: "stop", logprobs: null }],
        usage,
      };
    case "embeddings":
      return {
        object: "list",
        data: Array.from({ length: wishes.inputs }, (_, index) => ({
          object: "embedding",
          index,
          embedding: embedding(wishes, index),
        })),
        model,
        usage: { prompt_tokens: tokens.prompt, total_tokens: tokens.prompt },
      };
    case "images":
      return {
        created,
        data: Array.from({ length: wishes.images }, (_, index) => ({
          url: `https://images.invalid/${index + 1}.png`,
        })),
      };
    case "responses":
      return {
        id: `resp_${ordinal}`,
        object: "response",
        created_at: created,
        model,
        status: "completed",
        output: [
          {
            type: "message",
            id: `msg_${ordinal}`,
            status: "completed",
            role: "assistant",
            content: [{ type: "output_text", text: content, annotations: [] }],
          },
        ],
        usage: {
          input_tokens: tokens.prompt,
          output_tokens: tokens.completion,
          total_tokens: usage.total_tokens,
        },
      };
    case "chat":
    case "other":
      return {
        id: `chatcmpl-${ordinal}`,
        object: "chat.completion",
        created,
        model,
        choices: [
          { index: 0, message: { role: "assistant", content }, finish_reason: "stop", logprobs: null },
        ],
        usage,
      };
  }
}

/** As a list, or packed as 32-bit floats in base64, which is what OpenAI's own clients ask for. */
function embedding({ dimensions, packsEmbeddings }: CallWishes, index: number): readonly number[] | string {
  const values = Array.from({ length: dimensions }, (_, at) => Math.fround(Math.sin(at + index + 1) / 10));
  if (!packsEmbeddings) return values;
  const view = new DataView(new ArrayBuffer(4 * dimensions));
  for (const [at, value] of values.entries()) view.setFloat32(4 * at, value, true);
  return Buffer.from(view.buffer).toString("base64");
}
