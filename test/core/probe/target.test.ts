import { describe, expect, it } from "vitest";
import { buildCall } from "../../../src/core/probe/target.ts";

const build = (url: string, more: object = {}) =>
  buildCall({ url, headers: [], keyHeader: "api-key", ...more });

describe("buildCall", () => {
  it.each([
    ["https://g.test", {}, "https://g.test/"],
    ["https://g.test/a?b=1#c", {}, "https://g.test/a?b=1"],
    ["https://g.test/a?b=1", { apiVersion: "v" }, "https://g.test/a?b=1&api-version=v"],
    ["https://g.test/a?api-version=w", { apiVersion: "v" }, "https://g.test/a?api-version=v"],
    [
      "https://g.test",
      { deployment: "d" },
      "https://g.test/openai/deployments/d/chat/completions?api-version=2024-10-21",
    ],
    [
      "https://g.test/ai/",
      { deployment: "d e", apiVersion: "v" },
      "https://g.test/ai/deployments/d%20e/chat/completions?api-version=v",
    ],
    [
      "https://g.test/openai/deployments/x/embeddings",
      { deployment: "d" },
      "https://g.test/openai/deployments/x/embeddings",
    ],
  ])("%s with %j is %s", (url, more, expected) => {
    expect(build(url, more).url).toBe(expected);
  });

  it.each([
    [{}, "GET"],
    [{ body: "x" }, "POST"],
    [{ deployment: "d" }, "POST"],
    [{ method: "delete" }, "DELETE"],
  ])("%j is sent as %s", (more, method) => {
    expect(build("https://g.test", more).method).toBe(method);
  });

  it("lets a header of the user's come last", () => {
    const { headers } = build("https://g.test", {
      key: "k",
      body: "x",
      keyHeader: "Ocp-Apim-Subscription-Key",
      headers: ["Content-Type: text/plain"],
    });
    expect(headers).toEqual([
      ["Content-Type", "application/json"],
      ["Ocp-Apim-Subscription-Key", "k"],
      ["Content-Type", "text/plain"],
    ]);
  });

  it.each(["http://127.0.0.1:1", "http://localhost", "http://[::1]:2"])("sends a key to %s", (url) => {
    expect(build(url, { key: "k" }).headers).toEqual([["api-key", "k"]]);
  });
});
