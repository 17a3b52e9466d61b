import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { renderDocuments } from "../../../scripts/openapi/documents.ts";
import { isJsonObject, type JsonObject } from "../../../src/core/json.ts";
import { documentFileName, isDocumentName, ownDocuments } from "../../../src/core/openapi/document-names.ts";
import { parseOpenApi } from "../../../src/core/openapi/parse.ts";
import { listOperations, listPaths, type WrittenOperation } from "../../../src/core/openapi/path-items.ts";

const folder = resolve(import.meta.dirname, "../../../templates/openapi");
const published = resolve(
  import.meta.dirname,
  "../../../../shared/openapi/azure-openai-2025-03-01-preview.json",
);
const names = [...renderDocuments().keys()];
const azureOpenai = names.filter((name) => name.startsWith("azure-openai-"));

describe("the committed OpenAPI documents", () => {
  it("are those of the generator (npx tsx scripts/openapi/generate.ts)", () => {
    expect(readdirSync(folder).sort()).toEqual([...names].sort());
    for (const [name, text] of renderDocuments()) expect(readText(join(folder, name))).toBe(text);
  });

  it("are generated the same every time", () => {
    expect([...renderDocuments()]).toEqual([...renderDocuments()]);
  });

  it.each(names)("%s is small", (name) => {
    expect(readText(join(folder, name)).length).toBeLessThan(150_000);
  });

  it("are those that a spec can name", () => {
    expect(ownDocuments.map((name) => `${documentFileName(name)}.json`).sort()).toEqual([...names].sort());
    expect(ownDocuments.every(isDocumentName)).toBe(true);
  });

  it.each(azureOpenai)("%s says what it is", (name) => {
    const root = readDocument(join(folder, name));
    const version = name.slice("azure-openai-".length, -".json".length);
    expect(root["info"]).toMatchObject({ title: "Azure OpenAI", version });
    expect(root["servers"]).toMatchObject([
      { url: `https://{endpoint}/openai${version === "v1" ? "/v1" : ""}` },
    ]);
  });

  it.each(names)("%s is read without a problem, its ids kept as written", (name) => {
    const parsed = parseOpenApi(readText(join(folder, name)), name);
    const written = operationsOf(readDocument(join(folder, name))).map(({ value }) => value["operationId"]);
    expect(parsed).toMatchObject({ ok: true, document: { version: "3.0" } });
    expect(parsed.ok && parsed.document.operations.map(({ id }) => id)).toEqual(written);
  });

  it.each(names)("%s declares every parameter of its paths, once", (name) => {
    for (const operation of operationsOf(readDocument(join(folder, name)))) {
      const parameters = parametersOf(operation);
      const inPath = [...operation.path.matchAll(/\{([^}]+)\}/gu)].map(
        ([, parameter]) => `path ${parameter} true`,
      );
      expect(parameters.filter((parameter) => parameter.startsWith("path "))).toEqual(inPath.sort());
      expect(new Set(parameters).size).toBe(parameters.length);
    }
  });

  it.each(names)("%s refers to what is there, and has nothing that is not referred to", (name) => {
    const root = readDocument(join(folder, name));
    const components = isJsonObject(root["components"]) ? root["components"]["schemas"] : undefined;
    const schemas = isJsonObject(components) ? Object.keys(components) : [];
    const referred = new Set(references(root).map((pointer) => pointer.replace("#/components/schemas/", "")));
    expect([...referred].sort()).toEqual(schemas.sort());
  });

  it.each(names)("%s has at least one answer for every operation", (name) => {
    for (const { value } of operationsOf(readDocument(join(folder, name)))) {
      expect(Object.keys(value["responses"] ?? {}).length).toBeGreaterThan(0);
    }
  });
});

describe("which operations an api-version has", () => {
  const deployments = [
    "Completions",
    "ChatCompletions",
    "Transcriptions",
    "Translations",
    "ImageGenerations",
  ].map((subject) => `${subject}_Create`);

  it.each(["2024-02-01", "2024-10-21"])("%s: those of deployments, without speech", (version) => {
    expect(idsOf(`azure-openai-${version}.json`)).toEqual([...deployments, "embeddings_create"].sort());
  });

  it("2025-03-01-preview: also assistants, vector stores and responses", () => {
    const ids = idsOf("azure-openai-2025-03-01-preview.json");
    expect(ids).toHaveLength(49);
    expect(ids).toEqual(
      expect.arrayContaining([
        ...deployments,
        "Embeddings_Create",
        "Speech_Create",
        "Create_Response",
        "List_Runs",
      ]),
    );
  });

  it("v1: no deployments, the model in the body, api-version optional", () => {
    const root = readDocument(join(folder, "azure-openai-v1.json"));
    const operations = operationsOf(root);
    expect(operations).toHaveLength(60);
    expect(operations.filter(({ path }) => path.includes("deployment"))).toEqual([]);
    expect(
      new Set(
        operations.map((operation) => parametersOf(operation).find((it) => it.includes("api-version"))),
      ),
    ).toEqual(new Set(["query api-version false"]));
    for (const name of ["ChatRequest", "EmbeddingsRequest", "ResponseRequest"]) {
      expect(root).toHaveProperty(
        ["components", "schemas", name, "required"],
        expect.arrayContaining(["model"]),
      );
    }
  });
});

if (!existsSync(published))
  console.warn(`not compared with the published document: there is no ${published}`);

describe.skipIf(!existsSync(published))("2025-03-01-preview against the published document", () => {
  const facts = (read: (operation: WrittenOperation) => unknown, file: string) =>
    Object.fromEntries(
      operationsOf(readDocument(file)).map((operation) => [
        `${operation.method} ${operation.path}`,
        read(operation),
      ]),
    );
  const own = join(folder, "azure-openai-2025-03-01-preview.json");

  it.each<[string, (operation: WrittenOperation) => unknown]>([
    ["ids, methods and paths", ({ value }) => value["operationId"]],
    ["parameters", parametersOf],
    ["types and enums of parameters", parameterTypesOf],
    ["media types of requests", ({ value }) => mediaTypesOf(value["requestBody"])],
    ["status codes, media types and headers of answers", answersOf],
  ])("%s are the same", (_, read) => {
    expect(facts(read, own)).toEqual(facts(read, published));
  });
});

function readText(file: string): string {
  return readFileSync(file, "utf8");
}

function readDocument(file: string): JsonObject {
  const root: unknown = JSON.parse(readText(file));
  if (!isJsonObject(root)) throw new Error(`${file} is not an object`);
  return root;
}

function operationsOf(root: JsonObject): readonly WrittenOperation[] {
  return listPaths(root).flatMap(([path, item]) => (isJsonObject(item) ? listOperations(path, item) : []));
}

function idsOf(name: string): readonly unknown[] {
  return operationsOf(readDocument(join(folder, name)))
    .map(({ value }) => value["operationId"])
    .sort();
}

/** `in name required`, sorted. */
function parametersOf({ value }: WrittenOperation): readonly string[] {
  return parameterObjects(value)
    .map((it) => `${textOf(it["in"])} ${textOf(it["name"])} ${it["required"] === true}`)
    .sort();
}

function textOf(value: unknown): string {
  if (typeof value !== "string") throw new Error(`expected text, found ${JSON.stringify(value)}`);
  return value;
}

function parameterTypesOf({ value }: WrittenOperation): unknown {
  return Object.fromEntries(
    parameterObjects(value).map(({ name, schema }) => {
      const { type, enum: values } = isJsonObject(schema) ? schema : {};
      return [name, { type, values }];
    }),
  );
}

function parameterObjects(operation: JsonObject): readonly JsonObject[] {
  const parameters = operation["parameters"];
  return Array.isArray(parameters) ? parameters.filter(isJsonObject) : [];
}

function answersOf({ value }: WrittenOperation): unknown {
  const answers = isJsonObject(value["responses"]) ? value["responses"] : {};
  return Object.fromEntries(
    Object.entries(answers).map(([status, answer]) => [
      status,
      {
        mediaTypes: mediaTypesOf(answer),
        headers: isJsonObject(answer) ? Object.keys(answer["headers"] ?? {}) : [],
      },
    ]),
  );
}

function mediaTypesOf(holder: unknown): readonly string[] {
  return isJsonObject(holder) && isJsonObject(holder["content"]) ? Object.keys(holder["content"]).sort() : [];
}

function references(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    key === "$ref" && typeof member === "string" ? [member] : references(member),
  );
}
