import { describe, expect, it } from "vitest";
import { parseScenario } from "../../../src/core/simulate/scenario.ts";

/** `line:column rule message` of every problem. */
function problemsOf(text: string): string[] {
  return parseScenario(text, "s.yaml").problems.map(
    ({ at, rule, message }) => `${at.line}:${at.column} ${rule} ${message}`,
  );
}

describe("scenario", () => {
  it("takes the format as it is documented", () => {
    const { parsed, problems } = parseScenario(
      `
call: { api: azure-openai, operation: ChatCompletions_Create, deployment: gpt-4o, promptTokens: 30, completionTokens: 40 }
clients:
  - { count: 2, from: 0s, until: 180s, pause: 1s }
  - { count: 6, from: 180s, until: 360s, pause: 1s }
requests: 2000
accounts:
  aoai-swedencentral:
    region: Sweden Central
    latency: { min: 200ms, max: 900ms }
    tokensPerMinute: 8000
    tokensPerCall: 660
    requestLimit: { count: 80, window: 60s }
    retryAfter: auto
    rejectLatency: 50ms
latencies: [300ms, 650ms, 420ms]
pool: { selection: block, instances: 1 }
seed: 1
`,
      "s.yaml",
    );
    expect(problems).toEqual([]);
    expect(parsed?.scenario.accounts?.["aoai-swedencentral"]?.region).toBe("Sweden Central");
  });

  it.each([
    ["an unknown key, with the nearest", "requests: 1\nclient: []", ["2:1 unknown-key"]],
    ["a bad choice", "pool: { selection: blocks }", ["1:20 invalid-value"]],
    ["a wrong type", "requests: many", ["1:11 wrong-type"]],
    ["a bad duration", "duration: soon", ["1:11 "]],
    [
      "a failure of two kinds",
      "accounts: { a: { failures: [{ status: 500, error: timeout }] } }",
      ["1:29 invalid-value"],
    ],
    ["usage of what is no stream", "call: { includeUsage: true }", ["1:1 invalid-value"]],
    ["a stream and a body", "call: { stream: true, body: hi }", ["1:1 invalid-value"]],
    ["no speed", "accounts: { a: { tokensPerSecond: 0 } }", ["1:35 invalid-value"]],
    [
      "a status after tokens",
      "accounts: { a: { failures: [{ status: 500, afterTokens: 1 }] } }",
      ["1:29 invalid-value"],
    ],
    ["several at once", "requests: 0\nseed: -1", ["1:11 invalid-value", "2:7 invalid-value"]],
    ["nothing", "", ["1:1 empty-spec the scenario is empty"]],
    ["no YAML", "a: [", ["1:4 yaml-"]],
  ])("says where %s is", (_, text, expected) => {
    const found = problemsOf(text);
    expect(found).toHaveLength(expected.length);
    expected.forEach((start, index) => {
      expect(found[index]).toContain(start);
    });
  });
});
