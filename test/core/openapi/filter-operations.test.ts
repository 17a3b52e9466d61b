import { describe, expect, it } from "vitest";
import type { OpenApiDocument } from "../../../src/core/openapi/document.ts";
import { filterOperations } from "../../../src/core/openapi/filter-operations.ts";
import { parseOpenApi } from "../../../src/core/openapi/parse.ts";

const parameters = [{ name: "id", in: "path", required: true }];
const source = {
  openapi: "3.1.0",
  info: { title: "Pets", version: "1" },
  paths: {
    "/pets": { get: { operationId: "List" }, post: { operationId: "Create" } },
    "/pets/{id}": { parameters, get: { operationId: "Get" }, delete: { operationId: "Delete" } },
    "x-note": { get: { operationId: "None" } },
    "/shared": { $ref: "#/components/pathItems/shared" },
  },
  components: {
    pathItems: { shared: { summary: "s", get: { operationId: "Shared" }, put: { operationId: "Put" } } },
  },
};

describe("filterOperations", () => {
  it("keeps what is asked for, in the document's order, and all that is no operation", () => {
    const filtered = filterOperations(parse(source), new Set(["Delete", "List"]));
    expect(filtered.operations.map(({ id }) => id)).toEqual(["List", "Delete"]);
    expect(JSON.parse(filtered.json)).toEqual({
      ...source,
      paths: {
        "/pets": { get: { operationId: "List" } },
        "/pets/{id}": { parameters, delete: { operationId: "Delete" } },
        "x-note": { get: { operationId: "None" } },
      },
    });
    expect(Object.keys(JSON.parse(filtered.json) as object)).toEqual(Object.keys(source));
  });

  it("takes ids in upper and lower case", () => {
    expect(filterOperations(parse(source), new Set(["LIST", "get"])).operations.map(({ id }) => id)).toEqual([
      "List",
      "Get",
    ]);
  });

  it("puts a path that is referred to in place", () => {
    const filtered = filterOperations(parse(source), new Set(["Shared"]));
    expect(JSON.parse(filtered.json)).toHaveProperty(["paths", "/shared"], {
      summary: "s",
      get: { operationId: "Shared" },
    });
  });

  it("gives the same document when everything is kept", () => {
    const { "/pets": pets, "/pets/{id}": pet } = source.paths;
    const document = parse({ ...source, paths: { "/pets": pets, "/pets/{id}": pet } });
    expect(filterOperations(document, new Set(document.operations.map(({ id }) => id)))).toEqual(document);
  });

  it("leaves no path when nothing is kept", () => {
    const filtered = filterOperations(parse(source), new Set(["nobody"]));
    expect(filtered.operations).toEqual([]);
    expect(JSON.parse(filtered.json)).toHaveProperty("paths", { "x-note": source.paths["x-note"] });
  });

  it("writes down an id that was made up, so that it stays", () => {
    const document = parse({
      openapi: "3.0.1",
      paths: { "/a/b": { get: {} }, "/a-b": { get: { tags: ["t"] } } },
    });
    const filtered = filterOperations(document, new Set(["get-a-b-1"]));
    expect(JSON.parse(filtered.json)).toEqual({
      openapi: "3.0.1",
      paths: { "/a-b": { get: { tags: ["t"], operationId: "get-a-b-1" } } },
    });
    expect(parse(JSON.parse(filtered.json)).operations).toEqual(filtered.operations);
  });

  it("leaves the document it was given alone", () => {
    const document = parse(source);
    filterOperations(document, new Set());
    expect(document).toEqual(parse(source));
  });
});

function parse(value: unknown): OpenApiDocument {
  const parsed = parseOpenApi(JSON.stringify(value), "api.json");
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join("\n"));
  return parsed.document;
}
