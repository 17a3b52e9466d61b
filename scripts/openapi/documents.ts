/**
 * Azure OpenAI's inference API, api-version by api-version: facts as tables, in this project's own words.
 *
 * Facts (operation ids, methods, paths, parameters, media types, status codes) agree with what Microsoft publishes in
 * https://github.com/Azure/azure-rest-api-specs: specification/cognitiveservices/data-plane/AzureOpenAI/inference for the
 * versions with a date, specification/ai/data-plane/OpenAI.v1 for v1. Bodies are outlines: enough to see what a call is
 * about, not enough to validate it.
 */
import { buildDocument } from "./build-document.ts";
import type { OperationGroup, Parameter } from "./operation.ts";
import { assistantOperations } from "./operations/assistants.ts";
import { deploymentOperations } from "./operations/deployments.ts";
import { responseOperations } from "./operations/responses.ts";
import { v1Operations } from "./operations/v1.ts";
import { vectorStoreOperations } from "./operations/vector-stores.ts";
import { printJson } from "./print-json.ts";
import { choice, text, type Schemas } from "./schema.ts";
import { assistantSchemas } from "./schemas/assistants.ts";
import { chatSchemas } from "./schemas/chat.ts";
import { errorSchemas, inferenceSchemas, type InferenceFeatures } from "./schemas/inference.ts";
import { resourceSchemas } from "./schemas/resources.ts";
import { responseSchemas } from "./schemas/responses.ts";
import { vectorStoreSchemas } from "./schemas/vector-stores.ts";

/** Text of each document by file name, as it is committed to `templates/openapi`. */
export function renderDocuments(): ReadonlyMap<string, string> {
  const documents = [february2024(), october2024(), march2025Preview(), v1()];
  return new Map(
    documents.map(({ version, ...parts }) => [
      `azure-openai-${version}.json`,
      printJson(buildDocument({ version, ...parts })),
    ]),
  );
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

function v1() {
  const apiVersion: Parameter = {
    name: "api-version",
    in: "query",
    description: "May be left out.",
    schema: { ...choice(["v1", "preview"]), default: "v1" },
  };
  return {
    version: "v1",
    basePath: "/openai/v1",
    groups: v1Operations(apiVersion),
    schemas: {
      ...answering({ modelInBody: true, since2024October: true, since2025March: true }),
      ...vectorStoreSchemas,
      ...responseSchemas({ v1: true }),
      ...resourceSchemas,
    },
  };
}

function dated(version: string, groups: readonly OperationGroup[], schemas: Schemas) {
  return { version, basePath: "/openai", groups, schemas };
}

function answering(features: InferenceFeatures): Schemas {
  return { ...errorSchemas, ...inferenceSchemas(features), ...chatSchemas(features) };
}

function datedVersion(version: string): Parameter {
  return { name: "api-version", in: "query", required: true, schema: { ...text(), example: version } };
}
