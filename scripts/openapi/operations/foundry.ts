import { json, type Operation, type OperationGroup, type Parameter } from "../operation.ts";
import { choice } from "../schema.ts";

/** What the endpoint does with parameters that it does not know. */
const extraParameters: Parameter = {
  name: "extra-parameters",
  in: "header",
  description: "What becomes of parameters that the API does not know.",
  schema: choice(["error", "drop", "pass-through"]),
};

/** Azure AI model inference: the model is in the body. */
export function foundryOperations(apiVersion: Parameter): OperationGroup {
  const post = (path: string, id: string, summary: string, request: string, answer: string): Operation => ({
    method: "post",
    path,
    id,
    summary,
    parameters: [apiVersion, extraParameters],
    body: json(request),
    answers: { "200": { description: "Done.", content: json(answer) } },
  });
  return {
    tag: "Models",
    operations: [
      post(
        "/chat/completions",
        "GetChatCompletions",
        "Answer a conversation",
        "ChatRequest",
        "ChatCompletion",
      ),
      post("/embeddings", "GetEmbeddings", "Turn text into vectors", "EmbeddingsRequest", "Embeddings"),
      post(
        "/images/embeddings",
        "GetImageEmbeddings",
        "Turn images into vectors",
        "ImageEmbeddingsRequest",
        "Embeddings",
      ),
      {
        method: "get",
        path: "/info",
        id: "GetModelInfo",
        summary: "Say which model this is",
        parameters: [apiVersion],
        answers: { "200": { description: "Done.", content: json("ModelInfo") } },
      },
    ],
  };
}
