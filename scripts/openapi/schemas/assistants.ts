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

const resources = orNull(ref("ToolResources"));
const answerFormat = oneOf([text("`auto`"), anyObject()], "Form of the answer.");
const temperature = orNull(number(undefined, { minimum: 0, maximum: 2, default: 1 }));
const topP = orNull(number(undefined, { minimum: 0, maximum: 1, default: 1 }));
const createdAt = seconds();
const sometimes = orNull(seconds());

const assistantProperties: Properties = {
  name: orNull(text()),
  description: orNull(text()),
  instructions: orNull(text("What the assistant is told.")),
  tools: list(ref("AssistantTool")),
  tool_resources: resources,
  metadata,
  temperature,
  top_p: topP,
  response_format: answerFormat,
};

const runProperties: Properties = {
  model: orNull(text("Instead of the assistant's model.")),
  instructions: orNull(text("Instead of the assistant's instructions.")),
  tools: list(ref("AssistantTool")),
  metadata,
  temperature,
  top_p: topP,
  stream: orNull(flag("Send events as they happen.")),
  max_prompt_tokens: orNull(integer()),
  max_completion_tokens: orNull(integer()),
  truncation_strategy: anyObject("How a long thread is cut."),
  tool_choice: oneOf([text(), anyObject()]),
  parallel_tool_calls: flag(),
  response_format: answerFormat,
};

const startSchemas: Schemas = {
  AssistantTool: object({
    "type!": choice(["code_interpreter", "file_search", "function"]),
    file_search: anyObject(),
    function: anyObject("Name, description and parameters."),
  }),
  ToolResources: object({
    code_interpreter: object({ file_ids: list(text()) }),
    file_search: object({ vector_store_ids: list(text()), vector_stores: list(anyObject()) }),
  }),
  MetadataChange: object({ metadata }),
  AssistantRequest: object({ "model!": text("The deployment's name."), ...assistantProperties }),
  AssistantChange: object({ model: text("The deployment's name."), ...assistantProperties }),
  Assistant: object({
    "id!": text(),
    "object!": choice(["assistant"]),
    "created_at!": createdAt,
    "model!": text(),
    ...assistantProperties,
  }),
  AssistantPage: page("Assistant"),
  AssistantDeleted: deleted("assistant.deleted"),
};

const threadSchemas: Schemas = {
  ThreadRequest: object({ messages: list(ref("MessageRequest")), tool_resources: resources, metadata }),
  ThreadChange: object({ tool_resources: resources, metadata }),
  Thread: object({
    "id!": text(),
    "object!": choice(["thread"]),
    "created_at!": createdAt,
    "tool_resources!": resources,
    "metadata!": metadata,
  }),
  ThreadDeleted: deleted("thread.deleted"),
  MessageRequest: object({
    "role!": choice(["user", "assistant"]),
    "content!": text(),
    attachments: list(ref("MessageAttachment")),
    metadata,
  }),
  MessageAttachment: object({ file_id: text(), tools: list(anyObject()) }),
  Message: object({
    "id!": text(),
    "object!": choice(["thread.message"]),
    "created_at!": createdAt,
    "thread_id!": text(),
    "status!": choice(["in_progress", "incomplete", "completed"]),
    "incomplete_details!": orNull(object({ "reason!": text() })),
    "completed_at!": sometimes,
    "incomplete_at!": sometimes,
    "role!": choice(["user", "assistant"]),
    "content!": list(anyObject("Text or an image file.")),
    "assistant_id!": orNull(text()),
    "run_id!": orNull(text()),
    "attachments!": orNull(list(ref("MessageAttachment"))),
    "metadata!": metadata,
  }),
  MessagePage: page("Message"),
};

const runSchemas: Schemas = {
  RunRequest: object({
    "assistant_id!": text(),
    ...runProperties,
    additional_instructions: orNull(text("Added to the assistant's instructions.")),
    additional_messages: orNull(list(ref("MessageRequest"))),
  }),
  ThreadAndRunRequest: object({
    "assistant_id!": text(),
    thread: ref("ThreadRequest"),
    ...runProperties,
    tool_resources: resources,
  }),
  ToolOutputs: object({
    "tool_outputs!": list(object({ tool_call_id: text(), output: text() })),
    stream: orNull(flag()),
  }),
  Run: object({
    "id!": text(),
    "object!": choice(["thread.run"]),
    "created_at!": createdAt,
    "thread_id!": text(),
    "assistant_id!": text(),
    "status!": choice([
      "queued",
      "in_progress",
      "requires_action",
      "cancelling",
      "cancelled",
      "failed",
      "completed",
      "expired",
    ]),
    "required_action!": orNull(anyObject("Tool calls that the caller must answer.")),
    "last_error!": orNull(object({ "code!": text(), "message!": text() })),
    "expires_at!": sometimes,
    "started_at!": sometimes,
    "cancelled_at!": sometimes,
    "failed_at!": sometimes,
    "completed_at!": sometimes,
    "incomplete_details!": orNull(object({ reason: text() })),
    "model!": text(),
    "instructions!": text(),
    "tools!": list(ref("AssistantTool")),
    "metadata!": metadata,
    "usage!": orNull(ref("Usage")),
  }),
  RunPage: page("Run"),
  RunStep: object({
    "id!": text(),
    "object!": text(),
    "created_at!": createdAt,
    "assistant_id!": text(),
    "thread_id!": text(),
    "run_id!": text(),
    "type!": choice(["message_creation", "tool_calls"]),
    "status!": choice(["in_progress", "cancelled", "failed", "completed", "expired"]),
    "step_details!": anyObject("The message made, or the tools called."),
    "last_error!": orNull(object({ "code!": text(), "message!": text() })),
    "expired_at!": sometimes,
    "cancelled_at!": sometimes,
    "failed_at!": sometimes,
    "completed_at!": sometimes,
    "metadata!": metadata,
  }),
  RunStepPage: page("RunStep"),
};

/** Assistants, threads, messages, runs and run steps. */
export const assistantSchemas: Schemas = { ...startSchemas, ...threadSchemas, ...runSchemas };
