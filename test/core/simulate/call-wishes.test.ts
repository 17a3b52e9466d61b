import { describe, expect, it } from "vitest";
import { createBody, HeaderMap, parseUrl } from "../../../src/core/gateway/message.ts";
import { readCallTokens } from "../../../src/core/simulate/call-wishes.ts";
import { MockAccount } from "../../../src/core/simulate/mock-account.ts";

/** What an account answers to a body at a path: status line aside, type and text. */
function ask(path: string, body: object): { readonly type: string; readonly text: string } {
  const url = parseUrl(`https://a.example/openai${path}?api-version=2024-10-21`);
  if (url === undefined) throw new Error("no address");
  const sent = createBody(JSON.stringify(body));
  const { result } = new MockAccount("a", {}, 0, () => 0).answer(
    {
      backend: undefined,
      method: "POST",
      url,
      headers: new HeaderMap(),
      body: sent,
      timeoutMilliseconds: 1000,
      followsRedirects: false,
      answerUse: "none",
      buffersResponse: true,
    },
    readCallTokens(sent, 3),
    0,
  );
  if (result.kind === "failed" || result.body === null) throw new Error("no answer");
  return {
    type: result.headers.get("Content-Type")?.[0] ?? "",
    text: new TextDecoder().decode(result.body.bytes),
  };
}

function events(text: string): unknown[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("data: {"))
    .map((line): unknown => JSON.parse(line.slice(6)));
}

describe("what a call asks a mock account for", () => {
  it.each([
    [{ max_tokens: 2 }, { max: 2, completion: 2 }],
    [{ max_completion_tokens: 50 }, { max: 50, completion: 3 }],
    [{ max_output_tokens: "many" }, { max: undefined, completion: 3 }],
    [{ messages: [{ role: "user", content: "eight chars and more" }] }, { prompt: 5, completion: 3 }],
  ])("takes tokens from %j", (body, tokens) => {
    expect(readCallTokens(createBody(JSON.stringify(body)), 3)).toMatchObject(tokens);
  });

  it.each(["", "no json", "[1]"])("takes %j for a body that asks for nothing", (text) => {
    expect(readCallTokens(createBody(text), 3)).toMatchObject({ prompt: 0, completion: 3, max: undefined });
  });

  it("streams a chat word by word, with usage at the end where it is wanted", () => {
    const path = "/deployments/gpt-4o/chat/completions";
    const { type, text } = ask(path, { stream: true, stream_options: { include_usage: true }, messages: [] });
    expect(type).toContain("text/event-stream");
    expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
    const chunks = events(text);
    expect(chunks).toHaveLength(6);
    expect(chunks[1]).toMatchObject({
      object: "chat.completion.chunk",
      choices: [{ delta: { content: "word" }, finish_reason: null }],
      usage: null,
    });
    expect(chunks[4]).toMatchObject({ choices: [{ delta: {}, finish_reason: "stop" }] });
    expect(chunks[5]).toMatchObject({ choices: [], usage: { completion_tokens: 3 } });
    expect(ask(path, { stream: true, messages: [] }).text).not.toContain('"usage"');
  });

  it("streams completions and responses in their own shapes", () => {
    const completion = events(ask("/deployments/d/completions", { stream: true, prompt: "a" }).text);
    expect(completion.at(-1)).toMatchObject({
      object: "text_completion",
      choices: [{ finish_reason: "stop" }],
    });
    const response = events(ask("/v1/responses", { stream: true, model: "m", input: "a" }).text);
    expect(response[0]).toMatchObject({ type: "response.created", sequence_number: 0 });
    expect(response.at(-1)).toMatchObject({
      type: "response.completed",
      response: { model: "m", status: "completed", usage: { output_tokens: 3 } },
    });
  });

  it("gives one embedding for each text, packed where that is asked for", () => {
    const path = "/deployments/d/embeddings";
    const plain: unknown = JSON.parse(ask(path, { input: ["a", "b"], dimensions: 4 }).text);
    expect(plain).toMatchObject({ data: [{ index: 0 }, { index: 1 }] });
    const packed: unknown = JSON.parse(
      ask(path, { input: [1, 2, 3], dimensions: 4, encoding_format: "base64" }).text,
    );
    const value = Buffer.alloc(16);
    for (const at of [0, 1, 2, 3]) value.writeFloatLE(Math.fround(Math.sin(at + 1) / 10), at * 4);
    expect(packed).toMatchObject({ data: [{ index: 0, embedding: value.toString("base64") }] });
  });
});
