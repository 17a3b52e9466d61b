import {
  json,
  form,
  bytes,
  type Answer,
  type Operation,
  type OperationGroup,
  type Parameter,
} from "../operation.ts";
import { oneOf, ref, text } from "../schema.ts";

/** What differs between api-versions in the operations below `/deployments`. */
export type DeploymentFeatures = {
  /** 2024-02-01 and 2024-10-21 spell this id in lower case. */
  readonly embeddingsId: "embeddings_create" | "Embeddings_Create";
  /** The description of chat completions includes the streamed form. */
  readonly streamedChat: boolean;
  readonly speech: boolean;
};

const requestId = { requestId: true } as const;
const failed: Answer = { description: "The call failed.", content: json("ErrorAnswer"), ...requestId };

/** Completions, embeddings, chat, audio and images of a deployment. */
export function deploymentOperations(
  apiVersion: Parameter,
  features: DeploymentFeatures,
): readonly OperationGroup[] {
  return [
    { tag: "Completions", operations: [completions(apiVersion)] },
    { tag: "Embeddings", operations: [embeddings(apiVersion, features)] },
    { tag: "Chat", operations: [chat(apiVersion, features)] },
    { tag: "Audio", operations: audio(apiVersion, features) },
    { tag: "Images", operations: [images(apiVersion)] },
  ];
}

function completions(apiVersion: Parameter): Operation {
  return {
    method: "post",
    path: "/deployments/{deployment-id}/completions",
    id: "Completions_Create",
    summary: "Complete a prompt",
    parameters: [apiVersion],
    body: json("CompletionRequest"),
    answers: {
      "200": { description: "The completion.", content: json("Completion"), ...requestId },
      default: failed,
    },
  };
}

function embeddings(apiVersion: Parameter, { embeddingsId }: DeploymentFeatures): Operation {
  return {
    method: "post",
    path: "/deployments/{deployment-id}/embeddings",
    id: embeddingsId,
    summary: "Turn text into vectors",
    parameters: [apiVersion],
    body: json("EmbeddingsRequest"),
    answers: { "200": { description: "One vector per input.", content: json("Embeddings") } },
  };
}

function chat(apiVersion: Parameter, { streamedChat }: DeploymentFeatures): Operation {
  const content = streamedChat
    ? { "application/json": oneOf([ref("ChatCompletion"), ref("ChatCompletionChunk")]) }
    : json("ChatCompletion");
  return {
    method: "post",
    path: "/deployments/{deployment-id}/chat/completions",
    id: "ChatCompletions_Create",
    summary: "Answer a conversation",
    parameters: [apiVersion],
    body: json("ChatRequest"),
    answers: { "200": { description: "The answer.", content, ...requestId }, default: failed },
  };
}

function audio(apiVersion: Parameter, { speech }: DeploymentFeatures): readonly Operation[] {
  const written = {
    "application/json": oneOf([ref("AudioText"), ref("AudioTextWithTimes")]),
    "text/plain": text("Plain text or subtitles, as response_format asks."),
  };
  const parameters = [apiVersion];
  return [
    {
      method: "post",
      path: "/deployments/{deployment-id}/audio/transcriptions",
      id: "Transcriptions_Create",
      summary: "Write down speech",
      parameters,
      body: form("TranscriptionRequest"),
      answers: { "200": { description: "What was said.", content: written } },
    },
    {
      method: "post",
      path: "/deployments/{deployment-id}/audio/translations",
      id: "Translations_Create",
      summary: "Write down speech in English",
      parameters,
      body: form("TranslationRequest"),
      answers: { "200": { description: "What was said, in English.", content: written } },
    },
    ...(speech ? [speak(parameters)] : []),
  ];
}

function speak(parameters: readonly Parameter[]): Operation {
  return {
    method: "post",
    path: "/deployments/{deployment-id}/audio/speech",
    id: "Speech_Create",
    summary: "Read text aloud",
    parameters,
    // The service's own description says form data here, although its clients send JSON.
    body: form("SpeechRequest"),
    answers: { "200": { description: "The audio.", content: bytes } },
  };
}

function images(apiVersion: Parameter): Operation {
  return {
    method: "post",
    path: "/deployments/{deployment-id}/images/generations",
    id: "ImageGenerations_Create",
    summary: "Make images from a caption",
    parameters: [apiVersion],
    body: json("ImageRequest"),
    answers: {
      "200": { description: "The images.", content: json("Images") },
      default: { description: "No image was made.", content: json("ImageErrorAnswer") },
    },
  };
}
