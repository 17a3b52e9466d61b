import { describe, expect, it } from "vitest";
import { OperationFinder } from "../../../src/core/gateway/url-template.ts";

const operations = [
  ["chat", "POST", "/deployments/{deployment-id}/chat/completions"],
  ["models", "GET", "/models"],
  ["model", "GET", "/models/{model}"],
  ["default", "GET", "/models/default"],
  ["rest", "GET", "/files/*"],
  ["rest-of-one", "GET", "/files/{id}/parts/{*path}"],
  ["query", "GET", "/get?a={b}"],
  ["root", "GET", "/"],
].map(([id = "", method = "", urlTemplate = ""]) => ({ id, name: id, method, urlTemplate }));

const finder = new OperationFinder(operations);

describe("operation of a path", () => {
  it.each([
    ["POST", "/deployments/gpt-4o/chat/completions", "chat", ["gpt-4o"]],
    ["POST", "/Deployments/gpt%204o/Chat/completions/", "chat", ["gpt 4o"]],
    ["GET", "/models", "models", []],
    ["GET", "/models/default", "default", []],
    ["GET", "/models/other", "model", ["other"]],
    ["GET", "/files/a/b/c", "rest", ["a/b/c"]],
    ["GET", "/files/1/parts/x/y", "rest-of-one", ["1", "x/y"]],
    ["GET", "/get", "query", []],
    ["GET", "/", "root", []],
    ["get", "/models", "models", []],
  ])("%s %s is %s", (method, path, id, values) => {
    const found = finder.find(method, path);
    expect(found?.template.operation.id).toBe(id);
    expect(found?.values).toEqual(values);
  });

  it.each([
    ["GET", "/deployments/gpt-4o/chat/completions"],
    ["POST", "/deployments//chat/completions"],
    ["POST", "/deployments/gpt-4o/chat"],
    ["GET", "/models/a/b"],
  ])("%s %s is none", (method, path) => {
    expect(finder.find(method, path)).toBeUndefined();
  });

  it("reads the query of a template", () => {
    expect([...(finder.find("GET", "/get")?.template.queryParameters ?? [])]).toEqual([["a", "b"]]);
  });
});
