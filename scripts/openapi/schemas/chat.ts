import {
  anyObject,
  choice,
  flag,
  integer,
  list,
  metadata,
  object,
  oneOf,
  orNull,
  ref,
  seconds,
  text,
  type Properties,
  type Schemas,
} from "../schema.ts";
import { modelProperty, sampling, type InferenceFeatures } from "./inference.ts";

const finishReason = choice(["stop", "length", "tool_calls", "content_filter", "function_call"]);

/** Chat completions. */
export function chatSchemas(features: InferenceFeatures): Schemas {
  return { ChatRequest: object(requestProperties(features)), ...messageSchemas, ...answerSchemas };
}

function requestProperties(features: InferenceFeatures): Properties {
  return {
    ...modelProperty(features),
    "messages!": list(ref("ChatMessage"), "The conversation so far."),
    ...sampling,
    max_tokens: integer("Most tokens to generate."),
    data_sources: list(ref("ChatDataSource"), "The caller's own data to answer from."),
    seed: orNull(integer("Same seed, same answer, as far as possible.")),
    response_format: object({
      type: choice(
        features.since2024October ? ["text", "json_object", "json_schema"] : ["text", "json_object"],
      ),
      ...(features.since2024October ? { json_schema: anyObject() } : {}),
    }),
    tools: list(ref("ChatTool")),
    tool_choice: oneOf([text("`none`, `auto` or `required`."), anyObject("One tool.")]),
    functions: list(ref("ChatFunction"), "Superseded by tools."),
    function_call: oneOf([text(), object({ "name!": text() })], "Superseded by tool_choice."),
    ...(features.since2024October ? october : {}),
    ...(features.since2025March ? march : {}),
  };
}

const october: Properties = {
  max_completion_tokens: orNull(integer("Most tokens to generate, reasoning included.")),
  logprobs: orNull(flag("Report probabilities of tokens.")),
  top_logprobs: orNull(integer("Number of most likely tokens to report.", { minimum: 0, maximum: 20 })),
  parallel_tool_calls: flag("Allow several tool calls at once."),
};

const march: Properties = {
  stream_options: orNull(object({ include_usage: flag("Send the usage as the last piece.") })),
  store: orNull(flag("Keep the answer.")),
  metadata,
  reasoning_effort: choice(["low", "medium", "high"]),
  modalities: orNull(list(choice(["text", "audio"]))),
  audio: object({ "voice!": text(), "format!": text() }),
  prediction: orNull(anyObject("Text that the answer will mostly repeat.")),
};

const messageSchemas: Schemas = {
  ChatMessage: object({
    "role!": text("`system`, `developer`, `user`, `assistant`, `tool` or `function`."),
    content: orNull(oneOf([text(), list(anyObject("A part: text, image or audio."))])),
    name: text(),
    tool_calls: list(ref("ChatToolCall")),
    tool_call_id: text("The call that this message answers."),
  }),
  ChatTool: object({ "type!": choice(["function"]), "function!": ref("ChatFunction") }),
  ChatFunction: object({
    "name!": text(),
    description: text(),
    parameters: anyObject("JSON Schema of the arguments."),
  }),
  ChatToolCall: object({
    "id!": text(),
    "type!": choice(["function"]),
    "function!": object({ "name!": text(), "arguments!": text("JSON, as the model wrote it.") }),
  }),
  ChatDataSource: object({ "type!": text("Such as `azure_search`."), parameters: anyObject() }),
};

const answerSchemas: Schemas = {
  ChatCompletion: object({
    "id!": text(),
    "object!": choice(["chat.completion"]),
    "created!": seconds(),
    "model!": text(),
    "choices!": list(ref("ChatChoice")),
    prompt_filter_results: list(ref("PromptFilterResult")),
    system_fingerprint: text(),
    usage: ref("Usage"),
  }),
  ChatChoice: object({
    "index!": integer(),
    "finish_reason!": finishReason,
    "message!": object({
      "role!": choice(["assistant"]),
      "content!": orNull(text()),
      refusal: orNull(text()),
      tool_calls: list(ref("ChatToolCall")),
      context: anyObject("What was found in the caller's data."),
    }),
    logprobs: orNull(anyObject()),
    content_filter_results: ref("FilterResults"),
  }),
  ChatCompletionChunk: object(
    {
      "id!": text(),
      "object!": choice(["chat.completion.chunk"]),
      "created!": seconds(),
      "model!": text(),
      "choices!": list(
        object({
          "index!": integer(),
          "delta!": object({ role: text(), content: orNull(text()), tool_calls: list(anyObject()) }),
          "finish_reason!": orNull(finishReason),
          logprobs: orNull(anyObject()),
        }),
      ),
      system_fingerprint: text(),
    },
    "One piece of a streamed answer.",
  ),
};
