import { anyObject, flag, integer, list, number, object, ref, text, type Schemas } from "../schema.ts";

const model = text("The deployment's name.");

/** Bodies of Azure AI model inference, in outline. */
export const foundrySchemas: Schemas = {
  ChatRequest: object({
    model,
    "messages!": list(anyObject(), "The conversation so far."),
    stream: flag("Send the answer in pieces, as server-sent events."),
    max_tokens: integer("Most tokens to generate."),
    temperature: number("Higher: more random."),
    tools: list(anyObject()),
  }),
  ChatCompletion: object({
    "id!": text(),
    "model!": text(),
    "choices!": list(anyObject()),
    "usage!": ref("Usage"),
  }),
  EmbeddingsRequest: object({ model, "input!": list(text()), dimensions: integer("Length of the vectors.") }),
  ImageEmbeddingsRequest: object({ model, "input!": list(anyObject()) }),
  Embeddings: object({ "id!": text(), "model!": text(), "data!": list(anyObject()), "usage!": ref("Usage") }),
  Usage: object({ prompt_tokens: integer(), completion_tokens: integer(), total_tokens: integer() }),
  ModelInfo: object({ "model_name!": text(), "model_type!": text(), "model_provider_name!": text() }),
};
