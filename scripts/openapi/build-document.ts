import type { Answer, Content, Operation, OperationGroup, Parameter } from "./operation.ts";
import { listReferences, text, type Schema, type Schemas } from "./schema.ts";

export type DocumentParts = {
  readonly title: string;
  /** What the document is, for people. */
  readonly description: string;
  readonly version: string;
  /** Where the API is served. Absent: anywhere. */
  readonly server?: Server;
  readonly groups: readonly OperationGroup[];
  /** All that may be referred to; only what is referred to gets into the document. */
  readonly schemas: Schemas;
};

export type Server = {
  /** Path below the host. */
  readonly basePath: string;
  /** An example of the host. */
  readonly host: string;
  /** Whose host it is. */
  readonly description: string;
};

type JsonValue = Readonly<Record<string, unknown>>;

/** Names the request when asking for support. */
const requestIdHeader = {
  "apim-request-id": { schema: text() },
};

/** Puts an OpenAPI document together. Key order follows the tables, so equal tables give equal text. */
export function buildDocument(parts: DocumentParts): JsonValue {
  const { title, description, version, server, groups, schemas } = parts;
  const paths = buildPaths(groups);
  return {
    openapi: "3.0.1",
    info: { title, description: `${description} Written by the apimgw project.`, version },
    ...(server === undefined ? {} : serverParts(server)),
    tags: groups.map(({ tag }) => ({ name: tag })),
    paths,
    ...(server === undefined ? {} : { components: buildComponents(schemas, paths) }),
  };
}

function serverParts({ basePath, host, description }: Server): JsonValue {
  const endpoint = { default: host, description };
  return {
    servers: [{ url: `https://{endpoint}${basePath}`, variables: { endpoint } }],
    security: [{ bearer: [] }, { apiKey: [] }],
  };
}

function buildComponents(schemas: Schemas, paths: JsonValue): JsonValue {
  return {
    securitySchemes: {
      bearer: { type: "http", scheme: "bearer", description: "A Microsoft Entra token." },
      apiKey: { type: "apiKey", name: "api-key", in: "header", description: "A key of the account." },
    },
    schemas: pickReferred(schemas, paths),
  };
}

function buildPaths(groups: readonly OperationGroup[]): JsonValue {
  const paths = new Map<string, Record<string, JsonValue>>();
  for (const { tag, operations } of groups) {
    for (const operation of operations) {
      const item = paths.get(operation.path) ?? {};
      if (operation.method in item) throw new Error(`${operation.method} ${operation.path} is listed twice`);
      item[operation.method] = buildOperation(tag, operation);
      paths.set(operation.path, item);
    }
  }
  return Object.fromEntries(paths);
}

function buildOperation(tag: string, operation: Operation): JsonValue {
  const { id, summary, path, parameters = [], body, answers } = operation;
  return {
    tags: [tag],
    summary,
    operationId: id,
    parameters: [...pathParameters(path), ...parameters.map(buildParameter)],
    ...(body === undefined ? {} : { requestBody: { required: true, content: buildContent(body) } }),
    responses: Object.fromEntries(
      Object.entries(answers).map(([status, answer]) => [status, buildAnswer(answer)]),
    ),
  };
}

function pathParameters(path: string): readonly JsonValue[] {
  return [...path.matchAll(/\{([^{}]+)\}/gu)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: text(),
  }));
}

function buildParameter({ name, in: place, required, description, schema }: Parameter): JsonValue {
  return {
    name,
    in: place,
    ...(description === undefined ? {} : { description }),
    ...(required === undefined ? {} : { required }),
    schema,
  };
}

function buildAnswer({ description, content, requestId }: Answer): JsonValue {
  return {
    description,
    ...(requestId === undefined ? {} : { headers: requestIdHeader }),
    ...(content === undefined ? {} : { content: buildContent(content) }),
  };
}

function buildContent(content: Content): JsonValue {
  return Object.fromEntries(Object.entries(content).map(([mediaType, schema]) => [mediaType, { schema }]));
}

/** Schemas that the paths refer to, directly or through other schemas, in the order of the table. */
function pickReferred(schemas: Schemas, paths: JsonValue): JsonValue {
  const referred = new Set<string>();
  const visit = (value: unknown): void => {
    for (const name of listReferences(value)) {
      if (referred.has(name)) continue;
      referred.add(name);
      visit(lookUp(schemas, name));
    }
  };
  visit(paths);
  return Object.fromEntries(Object.entries(schemas).filter(([name]) => referred.has(name)));
}

function lookUp(schemas: Schemas, name: string): Schema {
  const schema = schemas[name];
  if (schema === undefined) throw new Error(`there is no schema ${name}`);
  return schema;
}
