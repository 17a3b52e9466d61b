import { describe, expect, it } from "vitest";
import { inPieces } from "../../../src/adapters/gateway-front/in-pieces.ts";
import { runSteps } from "../../../src/adapters/gateway-front/run-steps.ts";
import { StreamedBody } from "../../../src/adapters/gateway-front/streamed-body.ts";
import { gatewayResources } from "../../../src/core/gateway/arm-resources.ts";
import { gatewayConfig } from "../../../src/core/gateway/config.ts";
import { Gateway } from "../../../src/core/gateway/engine.ts";
import type { AnswerUse } from "../../../src/core/gateway/exchange.ts";
import { createBody, HeaderMap, parseUrl } from "../../../src/core/gateway/message.ts";

const usage = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 };

async function* events(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('data: {"choices":[]}\n\n');
  await Promise.resolve();
  yield Buffer.from(`data: ${JSON.stringify({ choices: [], usage })}\n\ndata: [DONE]\n\n`);
}

/** An answer that streams through a gateway with these inbound policies. */
async function streamThrough(inbound: string) {
  const resources = gatewayResources([
    {
      path: "apis/ai",
      properties: { path: "ai", subscriptionRequired: false, serviceUrl: "https://a.example" },
    },
    { path: "apis/ai/operations/chat", properties: { method: "POST", urlTemplate: "/chat" } },
    {
      path: "apis/ai/policies/policy",
      properties: { value: `<policies><inbound>${inbound}</inbound></policies>` },
    },
  ]);
  const gateway = new Gateway({
    config: gatewayConfig(resources, []),
    ports: { now: () => 0, random: () => 0, guid: () => "guid" },
  });
  const url = parseUrl("http://localhost/ai/chat");
  if (url === undefined) throw new Error("no address");
  const call = gateway.call(
    { method: "POST", url, headers: new HeaderMap(), body: createBody("{}"), ipAddress: "127.0.0.1" },
    { traces: false, explains: false },
  );
  let asked: AnswerUse | undefined;
  const headers = new HeaderMap([["Content-Type", "text/event-stream"]]);
  await runSteps(
    call.steps,
    (outgoing) => {
      asked = outgoing.answerUse;
      const body = new StreamedBody(events(), () => undefined);
      return Promise.resolve({ kind: "answered", status: 200, reason: "OK", headers, body });
    },
    new AbortController().signal,
  );
  const { body, recorded } = call.answer();
  const before = recorded.length;
  let passed = 0;
  if (body instanceof StreamedBody) for await (const part of body.parts()) passed += Math.sign(part.length);
  return { asked, before, recorded, passed };
}

describe("an answer that streams through the gateway", () => {
  it("is left alone by policies that do not look at it", async () => {
    expect(await streamThrough("")).toEqual({ asked: "none", before: 0, recorded: [], passed: 2 });
  });

  it("is counted once it has passed", async () => {
    const { asked, before, recorded, passed } = await streamThrough(
      '<llm-emit-token-metric namespace="n"><dimension name="API ID" /></llm-emit-token-metric>',
    );
    expect({ asked, before, passed }).toEqual({ asked: "usage", before: 0, passed: 2 });
    expect(recorded).toEqual([
      {
        policy: "llm-emit-token-metric",
        values: {
          namespace: "n",
          "Total Tokens": 7,
          "Prompt Tokens": 3,
          "Completion Tokens": 4,
          "API ID": "ai",
        },
      },
    ]);
  });
});

describe("an answer that is passed on in pieces of 8 KB", () => {
  async function* parts(sizes: readonly number[]): AsyncGenerator<Uint8Array> {
    for (const size of sizes) {
      await Promise.resolve();
      yield new Uint8Array(size);
    }
  }

  it.each([
    [[100, 200], [300]],
    [[8192], [8192]],
    [
      [5000, 5000, 1],
      [10_000, 1],
    ],
    [
      [20_000, 10, 8190],
      [20_000, 8200],
    ],
    [[], []],
  ])("%j becomes %j", async (sizes, expected) => {
    const pieces: number[] = [];
    for await (const { length } of inPieces(parts(sizes))) pieces.push(length);
    expect(pieces).toEqual(expected);
  });
});
