import { isJsonObject, type JsonObject } from "../json.ts";
import type { Location } from "../location.ts";
import type { Problem } from "../problem.ts";
import type { OpenApiDocument } from "./document.ts";
import { takesForm } from "./form-body.ts";
import { createLocator } from "./locate.ts";
import { longestOperationId, nameOperations, writtenOperationId } from "./operation-id.ts";
import { isMethod, listOperations, listPaths, resolvePathItem, type WrittenOperation } from "./path-items.ts";
import { readValue } from "./read-value.ts";

export type ParsedOpenApi =
  | { readonly ok: true; readonly document: OpenApiDocument }
  /** At least one; all that were found. */
  | { readonly ok: false; readonly problems: readonly Problem[] };

type Locate = (keys: readonly string[]) => Location;

/**
 * Reads an OpenAPI document (2.0, 3.0, 3.1; JSON or YAML, with or without a byte order mark). Checked is what importing it
 * needs and what apimgw relies on, not all of the OpenAPI specification. `file` is for positions only.
 */
export function parseOpenApi(text: string, file: string): ParsedOpenApi {
  const source = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const read = readValue(source, file);
  if (!read.ok) return { ok: false, problems: [read.problem] };
  const locate = createLocator(source, file);
  const root = read.value;
  const key = isJsonObject(root)
    ? (["openapi", "swagger"] as const).find((name) => root[name] !== undefined)
    : undefined;
  if (!isJsonObject(root) || key === undefined) {
    const message = "this is not an OpenAPI document: it has neither `openapi` nor `swagger`";
    const help = 'an OpenAPI document starts with its version, such as `openapi: "3.0.1"`';
    return { ok: false, problems: [problem("openapi-no-version", message, locate([]), help)] };
  }
  const version = readVersion(root[key], key, locate);
  return typeof version === "string"
    ? parseRoot(root, version, file, locate)
    : { ok: false, problems: [version] };
}

function parseRoot(
  root: JsonObject,
  version: OpenApiDocument["version"],
  file: string,
  locate: Locate,
): ParsedOpenApi {
  const { written, problems } = collectOperations(root, locate);
  const json = writeJson(root, locate);
  const found = [
    ...problems,
    ...checkOperationIds(written, locate),
    ...(typeof json === "string" ? [] : [json]),
  ];
  if (found.length > 0 || typeof json !== "string") return { ok: false, problems: found };
  const title = isJsonObject(root["info"]) ? root["info"]["title"] : undefined;
  return {
    ok: true,
    document: {
      file,
      version,
      title: typeof title === "string" ? title : "",
      operations: nameOperations(written).map((operation, index) => {
        const from = written[index];
        return from !== undefined && takesForm(root, from) ? { ...operation, takesForm: true } : operation;
      }),
      json,
    },
  };
}

function readVersion(
  written: unknown,
  key: "openapi" | "swagger",
  locate: Locate,
): OpenApiDocument["version"] | Problem {
  const supported = key === "swagger" ? /^2\.0$/u : /^3\.[01](\.\d+)?(-[\w.]+)?$/u;
  if (typeof written === "string" && supported.test(written)) {
    if (key === "swagger") return "2.0";
    return written.startsWith("3.0") ? "3.0" : "3.1";
  }
  return problem(
    "openapi-unsupported-version",
    `OpenAPI version ${JSON.stringify(written)} is not supported: expected "2.0" in \`swagger\`, or "3.0.x" or "3.1.x" in \`openapi\``,
    locate([key]),
    typeof written === "number"
      ? "the version is text: put it in quotes"
      : "API Management imports OpenAPI 2.0, 3.0 and 3.1",
  );
}

function collectOperations(
  root: JsonObject,
  locate: Locate,
): { written: readonly WrittenOperation[]; problems: readonly Problem[] } {
  const paths = listPaths(root);
  if (paths.length === 0) {
    const message = isJsonObject(root["paths"])
      ? "`paths` is empty: the API has no operations"
      : "the document has no `paths`: the API has no operations";
    return { written: [], problems: [problem("openapi-no-paths", message, locate(["paths"]))] };
  }
  const written: WrittenOperation[] = [];
  const problems: Problem[] = [];
  for (const [path, item] of paths) {
    const resolved = resolvePathItem(root, item);
    if (resolved === undefined) {
      problems.push(explainPathItem(path, item, locate));
      continue;
    }
    problems.push(...checkPathItem(path, resolved, locate));
    written.push(...listOperations(path, resolved));
  }
  return { written, problems };
}

function explainPathItem(path: string, item: unknown, locate: Locate): Problem {
  const reference = isJsonObject(item) ? item["$ref"] : undefined;
  if (typeof reference !== "string") {
    return problem("openapi-malformed", `path ${path} is not an object`, locate(["paths", path]));
  }
  const at = locate(["paths", path, "$ref"]);
  if (reference.startsWith("#")) {
    return problem(
      "openapi-malformed",
      `path ${path} refers to ${reference}, which leads to no path in this document`,
      at,
    );
  }
  return problem(
    "openapi-external-reference",
    `path ${path} refers to another file, ${reference}: API Management imports one file`,
    at,
    "bundle the document into one file first",
  );
}

function checkPathItem(path: string, item: JsonObject, locate: Locate): readonly Problem[] {
  const problems: Problem[] = [];
  if (!path.startsWith("/")) {
    const message = `path ${JSON.stringify(path)} does not start with a slash`;
    problems.push(problem("openapi-malformed", message, locate(["paths", path])));
  }
  for (const [method, value] of Object.entries(item)) {
    if (!isMethod(method)) continue;
    const name = `${method.toUpperCase()} ${path}`;
    if (!isJsonObject(value)) {
      problems.push(
        problem("openapi-malformed", `operation ${name} is not an object`, locate(["paths", path, method])),
      );
    } else if (!["string", "undefined"].includes(typeof (value["operationId"] ?? undefined))) {
      const at = locate(["paths", path, method, "operationId"]);
      problems.push(problem("openapi-malformed", `the operationId of ${name} is not text`, at));
    }
  }
  return problems;
}

/** Ids are compared without regard to case because ARM's names are. */
function checkOperationIds(written: readonly WrittenOperation[], locate: Locate): readonly Problem[] {
  const problems: Problem[] = [];
  const first = new Map<string, WrittenOperation>();
  for (const operation of written) {
    const id = writtenOperationId(operation);
    if (id === undefined) continue;
    const { method, path } = operation;
    const at = () => locate(["paths", path, method, "operationId"]);
    if (id.length > longestOperationId) {
      const message = `operationId ${id} has ${id.length} characters: the name of an operation has at most ${longestOperationId}`;
      problems.push(problem("openapi-operation-id-length", message, at()));
    }
    const earlier = first.get(id.toLowerCase());
    if (earlier === undefined) {
      first.set(id.toLowerCase(), operation);
      continue;
    }
    const message = `operationId ${id} is taken: ${earlier.method.toUpperCase()} ${earlier.path} has it too`;
    const help = "give each operation an id of its own; upper and lower case make no difference";
    problems.push(problem("openapi-duplicate-operation", message, at(), help));
  }
  return problems;
}

/** White space and formatting are left behind, so that they make no change in a plan. */
function writeJson(root: JsonObject, locate: Locate): string | Problem {
  try {
    return JSON.stringify(root);
  } catch {
    // A YAML alias inside of what it stands for: no JSON text can hold that.
    return problem("openapi-unreadable", "an alias (`*name`) in the document contains itself", locate([]));
  }
}

function problem(rule: string, message: string, at: Location, help?: string): Problem {
  return { rule, severity: "error", message, at, ...(help === undefined ? {} : { help }) };
}
