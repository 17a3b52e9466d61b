/**
 * Azure OpenAI's inference API, api-version by api-version, and the APIs beside it: facts as tables, in this project's own
 * words.
 *
 * Facts (operation ids, methods, paths, parameters, media types, status codes) agree with what Microsoft publishes in
 * https://github.com/Azure/azure-rest-api-specs: specification/cognitiveservices/data-plane/AzureOpenAI/inference for the
 * versions with a date, specification/ai/data-plane/OpenAI.v1 for v1, specification/ai/data-plane/ModelInference for Foundry. Bodies are outlines: enough to see what a call is
 * about, not enough to validate it.
 */
import { buildDocument, type DocumentParts } from "./build-document.ts";
import type { OperationGroup, Parameter } from "./operation.ts";
import { assistantOperations } from "./operations/assistants.ts";
import { deploymentOperations } from "./operations/deployments.ts";
import { foundryOperations } from "./operations/foundry.ts";
import { openaiOperations } from "./operations/openai-compatible.ts";
import { passthroughOperations } from "./operations/passthrough.ts";
import { responseOperations } from "./operations/responses.ts";
import { v1Operations } from "./operations/v1.ts";
import { vectorStoreOperations } from "./operations/vector-stores.ts";
import { printJson } from "./print-json.ts";
import { anyObject, choice, text, type Schemas } from "./schema.ts";
import { assistantSchemas } from "./schemas/assistants.ts";
import { chatSchemas } from "./schemas/chat.ts";
import { foundrySchemas } from "./schemas/foundry.ts";
import { errorSchemas, inferenceSchemas, type InferenceFeatures } from "./schemas/inference.ts";
import { resourceSchemas } from "./schemas/resources.ts";
import { responseSchemas } from "./schemas/responses.ts";
import { vectorStoreSchemas } from "./schemas/vector-stores.ts";

/** Text of each document by file name, as it is committed to `templates/openapi`. */
export function renderDocuments(): ReadonlyMap<string, string> {
  const versions = [february2024(), october2024(), march2025Preview(), v1()];
  const documents: readonly (readonly [name: string, parts: DocumentParts])[] = [
    ...versions.map((parts) => [`azure-openai-${parts.version}`, parts] as const),
    ["foundry", foundry()],
    ["openai-compatible", openaiCompatible()],
    ["passthrough", passthrough()],
  ];
  return new Map(documents.map(([name, parts]) => [`${name}.json`, printJson(buildDocument(parts))]));
}

function february2024() {
  const version = "2024-02-01";
  const features = { modelInBody: false, since2024October: false, since2025March: false };
  const groups = deploymentOperations(datedVersion(version), {
    embeddingsId: "embeddings_create",
    streamedChat: false,
    speech: false,
  });
  return dated(version, groups, answering(features));
}

function october2024() {
  const version = "2024-10-21";
  const features = { modelInBody: false, since2024October: true, since2025March: false };
  const groups = deploymentOperations(datedVersion(version), {
    embeddingsId: "embeddings_create",
    streamedChat: true,
    speech: false,
  });
  return dated(version, groups, answering(features));
}

function march2025Preview() {
  const version = "2025-03-01-preview";
  const named = datedVersion(version);
  const apiVersion = { ...named, schema: { ...named.schema, default: version } };
  const groups = [
    ...deploymentOperations(apiVersion, {
      embeddingsId: "Embeddings_Create",
      streamedChat: true,
      speech: true,
    }),
    assistantOperations(apiVersion),
    vectorStoreOperations(apiVersion),
    responseOperations(apiVersion),
  ];
  return dated(version, groups, {
    ...answering({ modelInBody: false, since2024October: true, since2025March: true }),
    ...assistantSchemas,
    ...vectorStoreSchemas,
    ...responseSchemas({ v1: false }),
  });
}

function v1(): DocumentParts {
  const apiVersion: Parameter = {
    name: "api-version",
    in: "query",
    description: "May be left out.",
    schema: { ...choice(["v1", "preview"]), default: "v1" },
  };
  return {
    ...azureOpenai("v1", "/openai/v1"),
    groups: v1Operations(apiVersion),
    schemas: {
      ...answering({ modelInBody: true, since2024October: true, since2025March: true }),
      ...vectorStoreSchemas,
      ...responseSchemas({ v1: true }),
      ...resourceSchemas,
    },
  };
}

/** Azure AI model inference: one endpoint, `/models` of a Foundry resource, for models of several makers. */
function foundry(): DocumentParts {
  const version = "2024-05-01-preview";
  return {
    title: "Azure AI model inference",
    description:
      "Azure AI Foundry's inference API as a gateway needs to know it: operations, parameters and outlines of what is sent.",
    version,
    server: {
      basePath: "/models",
      host: "your-resource.services.ai.azure.com",
      description: "Host name of the Foundry resource.",
    },
    groups: [foundryOperations(datedVersion(version))],
    schemas: foundrySchemas,
  };
}

/** What endpoints have in common that speak OpenAI's own API. */
function openaiCompatible(): DocumentParts {
  return {
    title: "OpenAI-compatible",
    description:
      "What OpenAI-compatible endpoints serve, as a gateway needs to know it. Most serve a part of it. Bodies are any JSON.",
    version: "v1",
    server: { basePath: "/v1", host: "models.example.com", description: "Host name of the endpoint." },
    groups: openaiOperations(),
    schemas: { Json: anyObject() },
  };
}

/** Every path, method by method. */
function passthrough(): DocumentParts {
  return {
    title: "Pass-through",
    description: "Every path of a backend, one operation per method.",
    version: "1.0",
    groups: [passthroughOperations()],
    schemas: {},
  };
}

function azureOpenai(version: string, basePath: string) {
  return {
    title: "Azure OpenAI",
    description:
      "Azure OpenAI's inference API as a gateway needs to know it: operations, parameters, media types and outlines of what is sent.",
    version,
    server: {
      basePath,
      host: "your-resource.openai.azure.com",
      description: "Host name of the Azure OpenAI account.",
    },
  };
}

function dated(version: string, groups: readonly OperationGroup[], schemas: Schemas): DocumentParts {
  return { ...azureOpenai(version, "/openai"), groups, schemas };
}

function answering(features: InferenceFeatures): Schemas {
  return { ...errorSchemas, ...inferenceSchemas(features), ...chatSchemas(features) };
}

function datedVersion(version: string): Parameter {
  return { name: "api-version", in: "query", required: true, schema: { ...text(), example: version } };
}
