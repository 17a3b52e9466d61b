/** What the body of a call to Azure OpenAI asks for. */
import type { JsonObject } from "../json.ts";
import { isJsonObject } from "../json.ts";
import type { MessageBody } from "../gateway/message.ts";
import { estimatePrompt } from "../gateway/token-usage.ts";
import type { CallTokens } from "./mock-account.ts";

export type CallWishes = {
  readonly streams: boolean;
  /** `stream_options.include_usage`. */
  readonly includesUsage: boolean;
  readonly model: string | undefined;
  /** How many texts are to be embedded. */
  readonly inputs: number;
  readonly dimensions: number;
  /** `encoding_format: base64`. */
  readonly packsEmbeddings: boolean;
  readonly images: number;
};

/** Of a call whose body nobody reads. */
export const noWishes: CallWishes = {
  streams: false,
  includesUsage: false,
  model: undefined,
  inputs: 1,
  dimensions: 3,
  packsEmbeddings: false,
  images: 1,
};

const usualDimensions = 1536;
const mostDimensions = 4096;
const mostInputs = 2048;
const mostImages = 10;
/** No answer is longer, whatever it is asked for. */
const mostTokens = 100_000;

/**
 * Reads the body: tokens of the prompt by its length, what the answer may take, and how it is to look. `completion` is how many
 * tokens an answer has that nothing limits. A body that is no JSON object asks for nothing.
 */
export function readCallTokens(body: MessageBody | null, completion: number): CallTokens {
  const json = body === null ? {} : parse(body);
  const max = wholeNumber(json["max_completion_tokens"] ?? json["max_tokens"] ?? json["max_output_tokens"]);
  return {
    prompt: estimatePrompt(body),
    completion: Math.min(max ?? completion, completion, mostTokens),
    max,
    wishes: wishesOf(json),
  };
}

/** How the answer is to look; a body that is no JSON object asks for nothing. */
export function readWishes(body: MessageBody | null): CallWishes {
  return body === null ? noWishes : wishesOf(parse(body));
}

function wishesOf(json: JsonObject): CallWishes {
  const options = json["stream_options"];
  const { input, model } = json;
  const isBatch = Array.isArray(input) && input.some((item) => typeof item !== "number");
  return {
    streams: json["stream"] === true,
    includesUsage: isJsonObject(options) && options["include_usage"] === true,
    model: typeof model === "string" ? model : undefined,
    inputs: isBatch ? Math.min(input.length, mostInputs) : 1,
    dimensions: Math.min(wholeNumber(json["dimensions"]) ?? usualDimensions, mostDimensions),
    packsEmbeddings: json["encoding_format"] === "base64",
    images: Math.min(wholeNumber(json["n"]) ?? 1, mostImages),
  };
}

function wholeNumber(value: unknown): number | undefined {
  return typeof value === "number" && Number.isInteger(value) && value > 0 ? value : undefined;
}

function parse({ bytes }: MessageBody): JsonObject {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}
