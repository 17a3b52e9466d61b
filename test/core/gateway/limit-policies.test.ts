/** Policies that count: calls, tokens, who is inside. */
import { describe, expect, it } from "vitest";
import { callGateway, createGateway, policyXml } from "./call-gateway.ts";
import type { BackendAnswer, GatewayCase, RequestCase } from "./call-gateway.ts";

/** A gateway whose API has these sections. */
const api = (sections: Parameters<typeof policyXml>[0], more: GatewayCase = {}): GatewayCase => ({
  ...more,
  policies: { "apis/ai": policyXml(sections) },
});

describe("limits", () => {
  const statuses = (
    gateway: GatewayCase,
    requests: readonly RequestCase[],
    answers: readonly BackendAnswer[] = [],
  ) => {
    const call = createGateway(gateway);
    return requests.map((request) => {
      const { answer } = call(request, answers);
      const retryAfter = answer.headers.get("Retry-After")?.[0];
      return `${answer.status}${retryAfter === undefined ? "" : ` ${retryAfter}`}`;
    });
  };

  it("rate-limit-by-key: a sliding window, byte for byte", () => {
    const gateway = api({
      inbound:
        '<rate-limit-by-key calls="2" renewal-period="10" counter-key="k" remaining-calls-header-name="x-left" />',
    });
    expect(statuses(gateway, [{}, { after: 4000 }, { after: 900 }, { after: 5000 }, {}])).toEqual([
      "200",
      "200",
      "429 5",
      "200",
      "429 4",
    ]);
    const call = createGateway(gateway);
    expect(call().answer.headers.get("x-left")).toEqual(["1"]);
    call();
    expect(call().body).toBe(
      '{ "statusCode": 429, "message": "Rate limit is exceeded. Try again in 10 seconds." }',
    );
  });

  it("rate-limit: by subscription, and not without one", () => {
    const gateway = api(
      { inbound: '<rate-limit calls="1" renewal-period="60" />' },
      { subscriptions: [{ id: "s", name: "s", keys: ["k", ""], scope: { kind: "all" }, isActive: true }] },
    );
    const keyed = { headers: { "Ocp-Apim-Subscription-Key": "k" } };
    expect(statuses(gateway, [{}, {}, keyed, keyed])).toEqual(["200", "200", "200", "429 60"]);
  });

  it("rate-limit: for single APIs and operations beside the one for all", () => {
    const inbound = `<rate-limit calls="3" renewal-period="60">
      <api name="ai"><operation id="chat" calls="1" renewal-period="60" /><operation id="list" calls="2" renewal-period="60" /></api>
      <api id="other" calls="1" renewal-period="60" />
    </rate-limit>`;
    const gateway = api(
      { inbound },
      { subscriptions: [{ id: "s", name: "s", keys: ["k", ""], scope: { kind: "all" }, isActive: true }] },
    );
    const keyed = { headers: { "Ocp-Apim-Subscription-Key": "k" } };
    const list = { ...keyed, method: "GET", path: "/ai/items/1" };
    expect(statuses(gateway, [keyed, keyed, list, list])).toEqual(["200", "429 60", "200", "429 60"]);
  });

  it("quota-by-key: calls in a period", () => {
    const gateway = api({ inbound: '<quota-by-key calls="1" renewal-period="3600" counter-key="k" />' });
    expect(statuses(gateway, [{}, {}, { after: 3_600_000 }])).toEqual(["200", "403 3600", "200"]);
    const call = createGateway(gateway);
    call();
    expect(call().body).toMatch(
      /^\{ "statusCode": 403, "message": "Out of call volume quota. Quota will be replenished in 00:59:5\d\." \}$|01:00:00/,
    );
  });

  it("limit-concurrency: at most so many inside at once", () => {
    const gateway = api({
      inbound:
        '<limit-concurrency key="k" max-count="1"><send-request response-variable-name="r"><set-url>https://one.test/</set-url></send-request></limit-concurrency>',
    });
    expect(statuses(gateway, [{}, {}])).toEqual(["200", "200"]);
    const nested = api({
      inbound:
        '<limit-concurrency key="k" max-count="1"><limit-concurrency key="k" max-count="1"><forward-request /></limit-concurrency></limit-concurrency>',
    });
    expect(statuses(nested, [{}, {}])).toEqual(["429", "429"]);
  });

  const usage = (total: number): BackendAnswer => ({
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      usage: { prompt_tokens: 10, completion_tokens: total - 10, total_tokens: total },
    }),
  });

  it("token limit: counts what answers used, and refuses the next (E10)", () => {
    const call = createGateway(
      api({
        inbound:
          '<azure-openai-token-limit counter-key="k" tokens-per-minute="500" estimate-prompt-tokens="false" remaining-tokens-header-name="x-left" tokens-consumed-header-name="x-used" />',
      }),
    );
    const runs = [71, 68, 66, 73, 63, 72, 69, 54].map(
      (tokens) => call({ after: 900 }, [usage(tokens)]).answer,
    );
    expect(runs.map(({ status }) => status)).toEqual(Array<number>(8).fill(200));
    expect(runs.map(({ headers }) => headers.get("x-used")?.[0])).toEqual([
      "71",
      "68",
      "66",
      "73",
      "63",
      "72",
      "69",
      "54",
    ]);
    expect(runs.map(({ headers }) => headers.get("x-left")?.[0])).toEqual([
      "429",
      "361",
      "295",
      "222",
      "159",
      "87",
      "18",
      "0",
    ]);
    const refused = [call({ after: 900 }), call({ after: 1000 })];
    expect(refused.map(({ body }) => body)).toEqual([
      '{ "statusCode": 429, "message": "Token limit is exceeded. Try again in 53 seconds." }',
      '{ "statusCode": 429, "message": "Token limit is exceeded. Try again in 52 seconds." }',
    ]);
    expect(refused[0]?.answer.headers.get("Retry-After")).toEqual(["53"]);
  });

  it("token limit: an estimate is refused up front", () => {
    const gateway = api({
      inbound: '<llm-token-limit counter-key="k" tokens-per-minute="100" estimate-prompt-tokens="true" />',
    });
    const body = JSON.stringify({ messages: [{ role: "user", content: "x".repeat(404) }] });
    expect(callGateway(gateway, { body }).answer.status).toBe(429);
  });

  it("token quota: 403 until the period ends", () => {
    const gateway = api({
      inbound:
        '<llm-token-limit counter-key="k" token-quota="50" token-quota-period="Hourly" estimate-prompt-tokens="false" />',
    });
    expect(statuses(gateway, [{}, {}, { after: 3_600_000 }], [usage(60)])).toEqual([
      "200",
      "403 3600",
      "200",
    ]);
  });
});
