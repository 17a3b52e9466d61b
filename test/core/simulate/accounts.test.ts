import { describe, expect, it } from "vitest";
import { HeaderMap, createBody, parseUrl } from "../../../src/core/gateway/message.ts";
import type { OutgoingCall } from "../../../src/core/gateway/exchange.ts";
import { MockAccount } from "../../../src/core/simulate/mock-account.ts";
import { createRandom } from "../../../src/core/simulate/random.ts";
import type { AccountSpec } from "../../../src/core/simulate/scenario.ts";

function outgoing(path = "/openai/deployments/gpt-4o/chat/completions", body?: string): OutgoingCall {
  const url = parseUrl(`https://one.openai.azure.com${path}?api-version=2024-10-21`);
  if (url === undefined) throw new Error("no address");
  return {
    backend: undefined,
    method: "POST",
    url,
    headers: new HeaderMap(),
    body: body === undefined ? null : createBody(body),
    timeoutMilliseconds: 300_000,
    followsRedirects: false,
    answerUse: "none",
    buffersResponse: true,
  };
}

const tokens = { prompt: 30, completion: 40, max: undefined };

/** Statuses of calls at these seconds, with their Retry-After. */
function statuses(spec: AccountSpec, times: readonly number[], call = outgoing()): string[] {
  const account = new MockAccount("one", spec, 0, createRandom(1));
  return times.map((time) => {
    const { result } = account.answer(call, tokens, time * 1000);
    if (result.kind === "failed") return result.reason;
    const retryAfter = result.headers.get("Retry-After")?.[0];
    return `${result.status}${retryAfter === undefined ? "" : ` ${retryAfter}`}`;
  });
}

describe("a mock account", () => {
  it("lets calls in as they leave the window, and says when", () => {
    const spec: AccountSpec = { requestLimit: { count: 2, window: "10s" } };
    expect(statuses(spec, [0, 1, 2.5, 9, 10, 10.5, 11])).toEqual([
      "200",
      "200",
      "429 8",
      "429 1",
      "200",
      "429 1",
      "200",
    ]);
  });

  it("counts tokens on arrival: those given for a call", () => {
    const spec: AccountSpec = { tokensPerMinute: 8000, tokensPerCall: 660 };
    const times = Array.from({ length: 14 }, (_, index) => index);
    expect(statuses(spec, times)).toEqual([...Array<string>(12).fill("200"), "429 48", "429 47"]);
  });

  it("counts prompt and answer when nothing is given", () => {
    expect(statuses({ tokensPerMinute: 140 }, [0, 1, 2])).toEqual(["200", "200", "429 58"]);
  });

  it("can count anew once the time has passed", () => {
    const spec: AccountSpec = { windows: "tumbling", requestLimit: { count: 2, window: "10s" } };
    expect(statuses(spec, [0, 9, 9.5, 10, 10.5, 11])).toEqual(["200", "200", "429 1", "200", "200", "429 9"]);
  });

  it("counts deployments by themselves", () => {
    const spec: AccountSpec = {
      requestLimit: { count: 5, window: "10s" },
      deployments: { "gpt-4o": { requestLimit: { count: 1, window: "10s" } } },
    };
    expect(statuses(spec, [0, 1])).toEqual(["200", "429 9"]);
    expect(statuses(spec, [0, 1], outgoing("/openai/deployments/other/chat/completions"))).toEqual([
      "200",
      "200",
    ]);
  });

  it("answers 404 for what a list of its deployments does not have", () => {
    const spec: AccountSpec = { deployments: ["gpt-4o"], requestLimit: { count: 1, window: "10s" } };
    expect(statuses(spec, [0, 1], outgoing("/openai/deployments/other/chat/completions"))).toEqual([
      "404",
      "404",
    ]);
    expect(statuses(spec, [0, 1], outgoing("/openai/deployments/GPT-4o/chat/completions"))).toEqual([
      "200",
      "429 9",
    ]);
    expect(statuses(spec, [0], outgoing("/openai/v1/responses", '{"model":"other"}'))).toEqual(["404"]);
    expect(statuses(spec, [0], outgoing("/openai/v1/responses", '{"model":"gpt-4o"}'))).toEqual(["200"]);
    expect(statuses(spec, [0], outgoing("/openai/v1/models"))).toEqual(["200"]);
  });

  it.each([
    { retryAfter: "7s", expected: "429 7" },
    { retryAfter: "none", expected: "429" },
    { retryAfter: 1.2, expected: "429 2" },
  ] as const)("asks for $retryAfter", ({ retryAfter, expected }) => {
    expect(statuses({ retryAfter, requestLimit: { count: 1, window: "60s" } }, [0, 1])[1]).toBe(expected);
  });

  it("fails when it is to", () => {
    const spec: AccountSpec = {
      failures: [
        { from: "1s", until: "2s", status: 503, retryAfter: 3 },
        { from: "2s", until: "3s", error: "connection" },
      ],
    };
    expect(statuses(spec, [0, 1, 2, 3])).toEqual(["200", "503 3", "BackendConnectionFailure", "200"]);
  });

  it("answers as Azure OpenAI does", () => {
    const account = new MockAccount(
      "one",
      { region: "UK South", requestLimit: { count: 1, window: "60s" }, tokensPerMinute: 1000 },
      0,
      createRandom(1),
    );
    const bodyOf = (at: number): { readonly headers: Record<string, unknown>; readonly body: unknown } => {
      const { result } = account.answer(outgoing(), tokens, at);
      if (result.kind === "failed" || result.body === null) throw new Error("no answer");
      const headers = Object.fromEntries(
        result.headers.entries().map(({ name, values }) => [name, values[0]]),
      );
      return { headers, body: JSON.parse(new TextDecoder().decode(result.body.bytes)) as unknown };
    };
    const first = bodyOf(0);
    expect(first.headers).toMatchObject({
      "x-ms-region": "UK South",
      "x-ratelimit-remaining-requests": "0",
      "x-ratelimit-remaining-tokens": "930",
    });
    expect(first.body).toMatchObject({
      object: "chat.completion",
      usage: { prompt_tokens: 30, completion_tokens: 40, total_tokens: 70 },
    });
    const second = bodyOf(1000);
    expect(second.headers).toMatchObject({
      "Retry-After": "59",
      "retry-after-ms": "59000",
      "x-ratelimit-reset-requests": "59",
      "x-ms-region": "UK South",
    });
    expect(second.body).toEqual({
      error: {
        code: "429",
        message:
          "Requests to the ChatCompletions_Create Operation under Azure OpenAI API version 2024-10-21 have exceeded call rate limit of your current OpenAI S0 pricing tier. Please retry after 59 seconds. Please go here: https://aka.ms/oai/quotaincrease if you would like to further increase the default rate limit.",
      },
    });
  });
});
