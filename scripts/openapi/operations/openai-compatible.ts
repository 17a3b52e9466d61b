import { bytes, json, type Content, type Operation, type OperationGroup } from "../operation.ts";
import { anyObject } from "../schema.ts";

type Row = readonly [
  method: Operation["method"],
  path: string,
  id: string,
  summary: string,
  request?: Content | undefined,
  answer?: Content,
];

const any = json("Json");
const anyForm: Content = { "multipart/form-data": anyObject() };

// prettier-ignore
const table: Readonly<Record<string, readonly Row[]>> = {
  Audio: [
    ["post", "/audio/speech", "createSpeech", "Speak a text", any, bytes],
    ["post", "/audio/transcriptions", "createTranscription", "Write down speech", anyForm],
    ["post", "/audio/translations", "createTranslation", "Write down speech in English", anyForm],
  ],
  Chat: [["post", "/chat/completions", "createChatCompletion", "Answer a conversation", any]],
  Completions: [["post", "/completions", "createCompletion", "Complete a text", any]],
  Embeddings: [["post", "/embeddings", "createEmbedding", "Turn text into vectors", any]],
  Images: [
    ["post", "/images/generations", "createImage", "Make an image", any],
    ["post", "/images/edits", "createImageEdit", "Change an image", anyForm],
    ["post", "/images/variations", "createImageVariation", "Vary an image", anyForm],
  ],
  Models: [
    ["get", "/models", "listModels", "List models"],
    ["get", "/models/{model}", "retrieveModel", "Get a model"],
  ],
  Responses: [
    ["post", "/responses", "createResponse", "Make a response", any],
    ["get", "/responses/{response_id}", "getResponse", "Get a response"],
    ["delete", "/responses/{response_id}", "deleteResponse", "Delete a response"],
    ["post", "/responses/{response_id}/cancel", "cancelResponse", "Cancel a response in the background"],
    ["get", "/responses/{response_id}/input_items", "listInputItems", "List the input items of a response"],
  ],
};

/** OpenAI's own paths and operation ids: the model is in the body, there is no api-version. */
export function openaiOperations(): readonly OperationGroup[] {
  return Object.entries(table).map(([tag, rows]) => ({ tag, operations: rows.map(toOperation) }));
}

function toOperation([method, path, id, summary, request, answer = any]: Row): Operation {
  return {
    method,
    path,
    id,
    summary,
    ...(request === undefined ? {} : { body: request }),
    answers: { "200": { description: "Done.", content: answer } },
  };
}
