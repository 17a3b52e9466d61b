import {
  anyObject,
  choice,
  deleted,
  flag,
  integer,
  list,
  metadata,
  number,
  object,
  oneOf,
  orNull,
  page,
  ref,
  seconds,
  text,
  type Properties,
  type Schemas,
} from "../schema.ts";

export type ResponseFeatures = {
  /** v1 has background responses, stored prompts and more to include. */
  readonly v1: boolean;
};

const settings: Properties = {
  previous_response_id: orNull(text("The response that this one continues.")),
  instructions: orNull(text("What the model is told.")),
  max_output_tokens: orNull(integer("Most tokens to generate, reasoning included.")),
  temperature: orNull(number(undefined, { minimum: 0, maximum: 2, default: 1 })),
  top_p: orNull(number(undefined, { minimum: 0, maximum: 1, default: 1 })),
  reasoning: orNull(object({ effort: orNull(text()), summary: orNull(text()) })),
  text: object({ format: anyObject() }, "Form of the answer."),
  tools: list(object({ "type!": text("Such as `function` or `file_search`.") })),
  tool_choice: oneOf([text("`none`, `auto` or `required`."), anyObject("One tool.")]),
  truncation: orNull(choice(["auto", "disabled"])),
  metadata,
  user: text("The end user, for monitoring abuse."),
};

const laterSettings: Properties = {
  background: orNull(flag("Go on without the caller.")),
  max_tool_calls: orNull(integer()),
  top_logprobs: orNull(integer("Number of most likely tokens to report.")),
  prompt: orNull(anyObject("A stored prompt and its variables.")),
};

const includes = [
  "file_search_call.results",
  "message.input_image.image_url",
  "computer_call_output.output.image_url",
];
const laterIncludes = [
  "code_interpreter_call.outputs",
  "message.output_text.logprobs",
  "reasoning.encrypted_content",
];

const states = ["completed", "failed", "in_progress", "incomplete"];
const laterStates = ["cancelled", "queued"];

/** The Responses API. */
export function responseSchemas({ v1 }: ResponseFeatures): Schemas {
  const shared = { ...settings, ...(v1 ? laterSettings : {}) };
  const input = oneOf([text(), list(anyObject("A message, or what a tool gave."))]);
  return {
    ResponseRequest: object({
      "model!": text("The deployment's name."),
      [v1 ? "input" : "input!"]: input,
      ...shared,
      include: orNull(list(ref("ResponseInclude"))),
      parallel_tool_calls: orNull(flag()),
      store: orNull(flag("Keep the response, so that it can be fetched and continued.")),
      stream: orNull(flag("Send events as they happen.")),
    }),
    ResponseInclude: choice([...includes, ...(v1 ? laterIncludes : [])]),
    Response: object({
      "id!": text(),
      "object!": choice(["response"]),
      "created_at!": seconds(),
      status: choice([...states, ...(v1 ? laterStates : [])]),
      "model!": text(),
      "error!": orNull(object({ "code!": text(), "message!": text() })),
      "incomplete_details!": orNull(object({ reason: choice(["max_output_tokens", "content_filter"]) })),
      "output!": list(anyObject("A message, a tool call or reasoning.")),
      output_text: orNull(text("All text of the output.")),
      "parallel_tool_calls!": flag(),
      usage: ref("ResponseUsage"),
      ...shared,
    }),
    ResponseUsage: object({
      "input_tokens!": integer(),
      "output_tokens!": integer(),
      "output_tokens_details!": object({ "reasoning_tokens!": integer() }),
      "total_tokens!": integer(),
    }),
    ResponseEvent: object(
      { "type!": text("Such as `response.output_text.delta`.") },
      "One event of a streamed response.",
    ),
    ResponseDeleted: deleted("response.deleted"),
    ResponseItem: object({ id: text(), "type!": text("Such as `message`.") }),
    ResponseItemPage: page("ResponseItem"),
  };
}
