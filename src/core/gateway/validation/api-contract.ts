/** What the OpenAPI document of an API says about its requests and answers, read when somebody asks. */
import { isJsonObject } from "../../json.ts";
import type { Json, JsonObject } from "../../json.ts";
import { parseOpenApi } from "../../openapi/parse.ts";
import { resolvePathItem } from "../../openapi/path-items.ts";
import type { ApiConfig } from "../config.ts";
import { atPointer, schemaCheck } from "./json-schema.ts";
import type { SchemaCheck, SchemaOptions } from "./json-schema.ts";

export type ParameterContract = {
  readonly name: string;
  readonly place: "header" | "query" | "path";
  readonly isRequired: boolean;
  readonly schema: Json;
  /** How the items of a list are written: each as a parameter of its own, or with this between. */
  readonly separator: string | undefined;
};

/** Schemas by media type in lower case; undefined for one without. */
export type ContentContract = ReadonlyMap<string, Json | undefined>;

export type ResponseContract = {
  readonly content: ContentContract;
  readonly headers: readonly ParameterContract[];
};

export type OperationContract = {
  readonly parameters: readonly ParameterContract[];
  readonly request: ContentContract;
  /** By status; only those that are numbers are imported [documented]. */
  readonly responses: ReadonlyMap<number, ResponseContract>;
  /** Follows references of a schema; `true` where they lead nowhere. */
  readonly resolve: (schema: Json) => Json;
  /** Throws MissingDefinition. */
  readonly check: (schema: Json, more?: Omit<SchemaOptions, "version">) => SchemaCheck;
};

type Contract = ReadonlyMap<string, OperationContract>;

const contracts = new WeakMap<ApiConfig, Contract | null>();

/** Null when the API's document is not known, or has no such operation. */
export function operationContract(api: ApiConfig, operation: string): OperationContract | null {
  let contract = contracts.get(api);
  if (contract === undefined) {
    contract = api.openApi === undefined ? null : readContract(api.openApi);
    contracts.set(api, contract);
  }
  return contract?.get(operation.toLowerCase()) ?? null;
}

function readContract(text: string): Contract | null {
  const parsed = parseOpenApi(text, "openapi");
  if (!parsed.ok) return null;
  const { json, operations, version } = parsed.document;
  const root: unknown = JSON.parse(json);
  if (!isJsonObject(root)) return null;
  const reader = new Reader(root, version);
  return new Map(
    operations.map(({ id, method, path }) => [id.toLowerCase(), reader.operation(method, path)]),
  );
}

class Reader {
  readonly #root: JsonObject;
  readonly #version: SchemaOptions["version"];
  readonly #checks = new Map<Json, Map<string, SchemaCheck>>();

  constructor(root: JsonObject, version: SchemaOptions["version"]) {
    this.#root = root;
    this.#version = version;
  }

  operation(method: string, path: string): OperationContract {
    const item = resolvePathItem(this.#root, objectAt(this.#root, "paths")[path]) ?? {};
    const written = objectAt(item, method.toLowerCase());
    const parameters = [...this.#list(item["parameters"]), ...this.#list(written["parameters"])];
    const byName = new Map(parameters.map((each) => [JSON.stringify([each["in"], each["name"]]), each]));
    const all = [...byName.values()];
    return {
      parameters: all.flatMap((parameter) => this.#parameter(parameter)),
      request: this.#request(written, all),
      responses: this.#responses(written),
      resolve: (schema) => (isJsonObject(schema) ? (this.#resolve(schema) ?? true) : schema),
      check: (schema, more = {}) => this.#check(schema, more),
    };
  }

  /** Made once for each schema: some are large. */
  #check(schema: Json, more: Omit<SchemaOptions, "version">): SchemaCheck {
    const key = JSON.stringify([more.additionalProperties ?? null, more.ignoresCase ?? false]);
    const known = this.#checks.get(schema) ?? new Map<string, SchemaCheck>();
    this.#checks.set(schema, known);
    const made = known.get(key) ?? schemaCheck(schema, this.#root, { version: this.#version, ...more });
    known.set(key, made);
    return made;
  }

  #list(value: Json | undefined): JsonObject[] {
    const items: readonly Json[] = Array.isArray(value) ? value : [];
    return items.flatMap((item) => {
      const found = this.#resolve(item);
      return found === undefined ? [] : [found];
    });
  }

  /** Follows references to components; undefined when they lead nowhere. */
  #resolve(value: Json | undefined): JsonObject | undefined {
    let found = value;
    for (let count = 0; isJsonObject(found) && count < 20; count += 1) {
      const { $ref: reference } = found;
      if (typeof reference !== "string") return found;
      found = reference.startsWith("#") ? atPointer(this.#root, reference.slice(1)) : undefined;
    }
    return undefined;
  }

  #parameter(written: JsonObject): ParameterContract[] {
    const { name, in: place } = written;
    if (typeof name !== "string" || (place !== "header" && place !== "query" && place !== "path")) return [];
    return [
      {
        name,
        place,
        isRequired: written["required"] === true || place === "path",
        schema: this.#parameterSchema(written),
        separator: separatorOf(written, place),
      },
    ];
  }

  /** Swagger has the schema's keywords in the parameter itself. */
  #parameterSchema(written: JsonObject): Json {
    if (this.#version === "2.0") return written;
    if (written["schema"] !== undefined) return written["schema"];
    const [content] = Object.values(objectAt(written, "content"));
    return isJsonObject(content) ? (content["schema"] ?? true) : true;
  }

  #request(written: JsonObject, parameters: readonly JsonObject[]): ContentContract {
    if (this.#version !== "2.0") return this.#content(this.#resolve(written["requestBody"]) ?? {});
    const body = parameters.find((parameter) => parameter["in"] === "body");
    if (body === undefined) return new Map();
    return contentOf(this.#types(written, "consumes"), body["schema"]);
  }

  #types(written: JsonObject, name: "consumes" | "produces"): readonly string[] {
    const types = written[name] ?? this.#root[name] ?? ["application/json"];
    return Array.isArray(types) ? types.filter((type: Json): type is string => typeof type === "string") : [];
  }

  #content(holder: JsonObject): ContentContract {
    return new Map(
      Object.entries(objectAt(holder, "content")).map(([type, media]) => [
        type.split(";")[0]?.trim().toLowerCase() ?? "",
        isJsonObject(media) ? media["schema"] : undefined,
      ]),
    );
  }

  #responses(written: JsonObject): ReadonlyMap<number, ResponseContract> {
    const responses = Object.entries(objectAt(written, "responses")).filter(([status]) =>
      /^[1-5]\d\d$/.test(status),
    );
    return new Map(
      responses.map(([status, given]) => {
        const response = this.#resolve(given) ?? {};
        const content =
          this.#version === "2.0"
            ? contentOf(
                response["schema"] === undefined ? [] : this.#types(written, "produces"),
                response["schema"],
              )
            : this.#content(response);
        return [Number(status), { content, headers: this.#headers(response) }];
      }),
    );
  }

  #headers(response: JsonObject): ParameterContract[] {
    return Object.entries(objectAt(response, "headers")).flatMap(([name, given]) => {
      const header = this.#resolve(given);
      return header === undefined ? [] : this.#parameter({ ...header, name, in: "header" });
    });
  }
}

function contentOf(types: readonly string[], schema: Json | undefined): ContentContract {
  return new Map(types.map((type) => [type.split(";")[0]?.trim().toLowerCase() ?? "", schema]));
}

function separatorOf({ style, explode, collectionFormat }: JsonObject, place: string): string | undefined {
  if (collectionFormat !== undefined) {
    const separators: Readonly<Record<string, string>> = { csv: ",", ssv: " ", tsv: "\t", pipes: "|" };
    return typeof collectionFormat === "string" ? separators[collectionFormat] : undefined;
  }
  if (place !== "query") return ",";
  if (style === "pipeDelimited") return "|";
  if (style === "spaceDelimited") return " ";
  return explode === false ? "," : undefined;
}

function objectAt(holder: JsonObject, key: string): JsonObject {
  const value = holder[key];
  return isJsonObject(value) ? value : {};
}
