import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { OpenApiDocument } from "../../../src/core/openapi/document.ts";
import { parseOpenApi } from "../../../src/core/openapi/parse.ts";
import type { Problem } from "../../../src/core/problem.ts";

const shared = resolve(import.meta.dirname, "../../../../shared/openapi");

describe("parseOpenApi reads", () => {
  const operation = { id: "getPet", method: "GET", path: "/pets/{id}" };
  const json = (version: object) =>
    JSON.stringify({
      ...version,
      info: { title: "Pets" },
      paths: { "/pets/{id}": { get: { operationId: "getPet" } } },
    });

  it.each([
    ["2.0", json({ swagger: "2.0" })],
    ["3.0", json({ openapi: "3.0.0" })],
    ["3.0", json({ openapi: "3.0.3" })],
    ["3.1", json({ openapi: "3.1.0" })],
    ["3.0", `\uFEFF${json({ openapi: "3.0.1" })}`],
    [
      "2.0",
      'swagger: "2.0"\ninfo: { title: Pets }\npaths:\n  /pets/{id}:\n    get: { operationId: getPet }\n',
    ],
    [
      "3.1",
      "\uFEFFopenapi: 3.1.1\ninfo:\n  title: Pets\npaths:\n  /pets/{id}:\n    get:\n      operationId: getPet\n",
    ],
    [
      "3.0",
      "# comment\r\nopenapi: 3.0.1\r\ninfo: {title: Pets}\r\npaths: {/pets/{id}: {get: {operationId: getPet}}}\r\n".replace(
        "/pets/{id}:",
        '"/pets/{id}":',
      ),
    ],
  ])("version %s: %j", (version, text) => {
    expect(read(text)).toMatchObject({ file: "api.json", version, title: "Pets", operations: [operation] });
  });

  it("all methods, in the document's order, and nothing else of a path", () => {
    const path = {
      summary: "s",
      parameters: [],
      trace: {},
      post: {},
      "x-y": {},
      get: {},
      servers: [],
      patch: {},
    };
    const text = JSON.stringify({
      openapi: "3.0.1",
      paths: { "/b": path, "x-paths": { get: {} }, "/a": { put: {} } },
    });
    expect(read(text).operations.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "TRACE /b",
      "POST /b",
      "GET /b",
      "PATCH /b",
      "PUT /a",
    ]);
  });

  it("a path that refers to another one in the document", () => {
    const text = JSON.stringify({
      openapi: "3.1.0",
      paths: { "/a": { $ref: "#/components/pathItems/a~1b" } },
      components: { pathItems: { "a/b": { get: { operationId: "shared" } } } },
    });
    expect(read(text).operations).toEqual([{ id: "shared", method: "GET", path: "/a" }]);
  });

  it("a document without a title", () => {
    expect(read('{"openapi":"3.0.1","paths":{"/":{"get":{}}}}').title).toBe("");
  });
});

describe("the JSON that is imported", () => {
  const value = {
    openapi: "3.0.1",
    paths: { "/": { get: { responses: { "200": { description: "Größe" } } } } },
    a: [1, null],
  };

  it("is the same for every form of the text", () => {
    const yaml =
      "openapi: 3.0.1\npaths:\n  /:\n    get:\n      responses:\n        200:\n          description: Größe\na: [1, ~]\n";
    const texts = [
      JSON.stringify(value),
      JSON.stringify(value, undefined, 4),
      `\uFEFF${JSON.stringify(value)}`,
      yaml,
    ];
    for (const text of texts) expect(read(text).json).toBe(JSON.stringify(value));
  });

  it("keeps the order of keys", () => {
    const text = '{"paths":{"/z":{"get":{}},"/a":{"get":{}}},"openapi":"3.0.1"}';
    expect(read(text).json).toBe(text);
  });

  it("keeps dates as text", () => {
    expect(read('openapi: "3.0.1"\ninfo: {version: 2024-10-21}\npaths: {/: {get: {}}}').json).toContain(
      '"2024-10-21"',
    );
  });
});

describe("the name of an operation on the service", () => {
  const nameOf = (
    ...operations: readonly (readonly [method: string, path: string, id?: string | null])[]
  ) => {
    const paths: Record<string, Record<string, object>> = {};
    for (const [method, path, id] of operations) {
      paths[path] = { ...paths[path], [method]: id === undefined ? {} : { operationId: id } };
    }
    return read(JSON.stringify({ openapi: "3.0.1", paths })).operations.map((operation) => operation.id);
  };

  it.each([
    "ChatCompletions_Create",
    "68710975baba4a299d36deb0",
    "get.pets-2~",
    "List_Vector_Stores",
    "a".repeat(80),
  ])("is the operationId: %s", (id) => expect(nameOf(["get", "/", id])).toEqual([id]));

  it.each([
    ["Get pets/all", "get-pets-all"],
    ["<<Get>>", "get"],
    ["Users: find (by name)", "users-find-by-name"],
    ["///", "get-x"],
    ["..", "get-x"],
  ])("is normalized when a name cannot hold it: %s", (id, name) =>
    expect(nameOf(["get", "/x", id])).toEqual([name]),
  );

  it.each([
    ["get", "/foo/{bar}?buzz={quix}", "get-foo-bar-buzz-quix"],
    [
      "post",
      "/deployments/{deployment-id}/chat/completions",
      "post-deployments-deployment-id-chat-completions",
    ],
    ["get", "/", "get"],
    ["delete", "/*", "delete"],
    ["get", `/${"ab/".repeat(40)}`, `get-${"ab-".repeat(24)}`],
  ])("is made from %s %s when there is none", (method, path, name) => {
    expect(nameOf([method, path])).toEqual([name]);
    expect(nameOf([method, path, ""])).toEqual([name]);
    expect(nameOf([method, path, null])).toEqual([name]);
    expect(name.length).toBeLessThanOrEqual(76);
  });

  it("gets a suffix where it is taken", () => {
    expect(nameOf(["get", "/a/b"], ["get", "/a-b"], ["get", "/a{b}"])).toEqual([
      "get-a-b",
      "get-a-b-1",
      "get-a-b-2",
    ]);
    expect(nameOf(["get", "/a"], ["get", "/x", "GET-A"])).toEqual(["get-a-1", "GET-A"]);
  });

  it("has at most 80 characters, suffix included, and is unique", () => {
    const path = fc.string({ minLength: 1 }).map((rest) => `/${rest}`);
    fc.assert(
      fc.property(fc.uniqueArray(path, { minLength: 1, maxLength: 30 }), (paths) => {
        const names = nameOf(...paths.map((it) => ["get", it] as const));
        expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(paths.length);
        expect(names.filter((name) => name.length > 80 || !/^[a-z0-9][a-z0-9-]*$/u.test(name))).toEqual([]);
      }),
    );
  });
});

describe("parseOpenApi refuses", () => {
  it.each([
    ["nothing", "", "openapi-unreadable", "1:1"],
    ["broken JSON", '{\n  "openapi": "3.0.1",\n  "paths" {}\n}', "openapi-unreadable", "3:"],
    ["JSON cut short", '{"openapi": "3.0.1", "paths": {', "openapi-unreadable", "1:"],
    ["broken YAML", "openapi: 3.0.1\npaths:\n\t/: {}\n", "openapi-unreadable", "3:1"],
    ["an equal key in YAML", "openapi: 3.0.1\npaths: {}\npaths: {}\n", "openapi-unreadable", "3:1"],
    ["two documents", "openapi: 3.0.1\n---\nopenapi: 3.0.1\n", "openapi-unreadable", "1:1"],
    [
      "an alias inside of itself",
      "openapi: 3.0.1\nx-a: &a [*a]\npaths: {/: {get: {}}}\n",
      "openapi-unreadable",
      "1:1",
    ],
    ["plain text", "hello", "openapi-no-version", "1:1"],
    ["a list", "[1, 2]", "openapi-no-version", "1:1"],
    ["another kind of document", '{"apimgw": 1}', "openapi-no-version", "1:1"],
    ["Swagger 1.2", '{\n  "swagger": "1.2"\n}', "openapi-unsupported-version", "2:3"],
    ["OpenAPI 3.2", "openapi: 3.2.0\n", "openapi-unsupported-version", "1:1"],
    ["OpenAPI 4", 'info: {}\nopenapi: "4.0.0"\n', "openapi-unsupported-version", "2:1"],
    ["a version that is a number", "swagger: 2.0\npaths: {}\n", "openapi-unsupported-version", "1:1"],
    ["no paths", '{"openapi": "3.1.0", "webhooks": {}}', "openapi-no-paths", "1:1"],
    ["empty paths", '{"openapi": "3.1.0",\n "paths": {}}', "openapi-no-paths", "2:2"],
    ["paths that are a list", "openapi: 3.0.1\npaths: []\n", "openapi-no-paths", "2:1"],
    ["a path without a slash", "openapi: 3.0.1\npaths:\n  pets: {get: {}}\n", "openapi-malformed", "3:3"],
    ["a path that is nothing", "openapi: 3.0.1\npaths:\n  /pets:\n", "openapi-malformed", "3:3"],
    [
      "an operation that is nothing",
      "openapi: 3.0.1\npaths:\n  /pets:\n    get:\n",
      "openapi-malformed",
      "4:5",
    ],
    [
      "an id that is a number",
      "openapi: 3.0.1\npaths:\n  /:\n    get: {operationId: 7}\n",
      "openapi-malformed",
      "4:11",
    ],
    [
      "a reference to another file",
      'openapi: 3.0.1\npaths:\n  /pets:\n    "$ref": pets.yaml\n',
      "openapi-external-reference",
      "4:5",
    ],
    [
      "a reference to a page",
      '{"openapi": "3.0.1", "paths": {"/": {"$ref": "https://x/y.json"}}}',
      "openapi-external-reference",
      "1:38",
    ],
    [
      "a reference to nothing",
      '{"openapi": "3.0.1", "paths": {"/": {"$ref": "#/x"}}}',
      "openapi-malformed",
      "1:38",
    ],
    [
      "a reference in a circle",
      '{"openapi": "3.0.1", "paths": {"/": {"$ref": "#/paths/~1"}}}',
      "openapi-malformed",
      "1:38",
    ],
    [
      "an id of 81 characters",
      `openapi: 3.0.1\npaths:\n  /:\n    get:\n      operationId: ${"x".repeat(81)}\n`,
      "openapi-operation-id-length",
      "5:7",
    ],
    [
      "an id twice, whatever its case",
      '{"openapi": "3.0.1",\n"paths": {\n"/a": {"get": {"operationId": "Pets"}},\n"/b": {"put": {"operationId": "pets"}}}}',
      "openapi-duplicate-operation",
      "4:16",
    ],
  ])("%s", (_, text, rule, place) => {
    const [problem, ...others] = refuse(text);
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ rule, severity: "error", at: { file: "api.json" } });
    expect(`${problem?.at.line}:${problem?.at.column}`).toMatch(
      new RegExp(`^${place}${place.endsWith(":") ? "" : "$"}`, "u"),
    );
  });

  it("and says who has a duplicate id first", () => {
    const text = JSON.stringify({
      openapi: "3.0.1",
      paths: { "/a": { get: { operationId: "Pets" } }, "/b": { put: { operationId: "pets" } } },
    });
    expect(refuse(text)[0]?.message).toBe("operationId pets is taken: GET /a has it too");
  });

  it("and tells of everything that is wrong, not only of the first", () => {
    const long = "x".repeat(81);
    const text = JSON.stringify({
      openapi: "3.0.1",
      paths: {
        "/a": { $ref: "a.json" },
        "/b": { get: { operationId: "b" }, put: { operationId: "B" } },
        "/c": { get: { operationId: long } },
      },
    });
    expect(refuse(text).map(({ rule }) => rule)).toEqual([
      "openapi-external-reference",
      "openapi-duplicate-operation",
      "openapi-operation-id-length",
    ]);
  });

  it("without ever throwing", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseOpenApi(text, "x").ok).toBe(false);
      }),
    );
    fc.assert(
      fc.property(fc.json(), (paths) => {
        const parsed = parseOpenApi(`{"openapi": "3.0.1", "paths": ${paths}}`, "x");
        expect(parsed.ok || parsed.problems.length > 0).toBe(true);
      }),
    );
  });
});

if (!existsSync(shared)) console.warn(`real documents are not tried: there is no ${shared}`);

describe.skipIf(!existsSync(shared))("real documents", () => {
  const readShared = (name: string) => read(readFileSync(resolve(shared, name), "utf8"));

  it("Azure OpenAI 2025-03-01-preview", () => {
    const document = readShared("azure-openai-2025-03-01-preview.json");
    expect(document.version).toBe("3.1");
    expect(document.title).toBe("Azure OpenAI Service API");
    expect(document.operations).toHaveLength(49);
    expect(document.operations[2]).toEqual({
      id: "ChatCompletions_Create",
      method: "POST",
      path: "/deployments/{deployment-id}/chat/completions",
    });
  });

  it("which operations take forms only", () => {
    const form = { "multipart/form-data": {} };
    const operations = {
      both: { requestBody: { content: { ...form, "application/json": {} } } },
      form: { requestBody: { content: form } },
      json: { requestBody: { content: { "application/json": {} } } },
      none: {},
      referred: { requestBody: { $ref: "#/components/requestBodies/Upload" } },
    };
    const paths = Object.fromEntries(
      Object.entries(operations).map(([id, value]) => [`/${id}`, { post: { operationId: id, ...value } }]),
    );
    const components = { requestBodies: { Upload: { content: form } } };
    const formsOf = (document: object) =>
      read(JSON.stringify(document)).operations.flatMap(({ id, takesForm }) => (takesForm ? [id] : []));
    expect(formsOf({ openapi: "3.0.1", paths, components })).toEqual(["form", "referred"]);
    const swagger = { own: { consumes: ["application/json"] }, inherited: {} };
    const old = Object.fromEntries(
      Object.entries(swagger).map(([id, value]) => [`/${id}`, { post: { operationId: id, ...value } }]),
    );
    expect(formsOf({ swagger: "2.0", consumes: ["multipart/form-data"], paths: old })).toEqual(["inherited"]);
  });

  it("the pass-through API", () => {
    const { operations } = readShared("passthrough.json");
    expect(operations.map(({ method, path }) => `${method} ${path}`)).toEqual(
      ["HEAD", "PATCH", "PUT", "DELETE", "GET", "OPTIONS", "POST", "TRACE"].map((method) => `${method} /*`),
    );
    expect(operations[0]?.id).toBe("68710975baba4a299d36deb0");
  });
});

function read(text: string): OpenApiDocument {
  const parsed = parseOpenApi(text, "api.json");
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join("\n"));
  return parsed.document;
}

function refuse(text: string): readonly Problem[] {
  const parsed = parseOpenApi(text, "api.json");
  if (parsed.ok) throw new Error("no problem was found");
  return parsed.problems;
}
