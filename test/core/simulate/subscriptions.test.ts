import { beforeAll, describe, expect, it } from "vitest";
import { readGrammarWasm } from "../../../src/adapters/grammar.ts";
import { loadCSharpGrammar } from "../../../src/core/policy/expression/csharp/grammar.ts";
import { runScenario } from "./run-scenario.ts";

beforeAll(async () => loadCSharpGrammar(await readGrammarWasm()));

const head = `
apimgw: 1
name: shared
service: { subscriptionId: 00000000-0000-0000-0000-000000000001, resourceGroup: rg, name: apim }
backends: { a: { url: https://a.openai.azure.com/openai } }
apis:
  azure-openai:
    path: openai
    openapi: small.json
    operations: { ChatCompletions_Create: { backend: a } }
`;
const accounts = "accounts: { a: { region: A, latency: 100ms } }";

describe("clients with subscriptions of their own", () => {
  const gateway = `${head}
products:
  team-a:
    apis: [azure-openai]
    subscriptions: [a-app, a-batch]
    rateLimit: { calls: 2, period: 1m }
  team-b: { apis: [azure-openai], subscriptions: { b-app: {}, b-off: { state: suspended } } }
`;

  it("are counted apart, and get the policies of their product", () => {
    const run = runScenario(
      gateway,
      `
clients:
  - { subscription: a-app, pause: 1s, until: 4s }
  - { subscription: a-batch, pause: 1s, until: 2s }
  - { subscription: b-app, pause: 1s, until: 4s }
  - { subscription: b-off, pause: 1s, until: 1ms }
${accounts}`,
    );
    const byClient = (client: number) =>
      run.timeline.filter((entry) => entry.client === client).map(({ status }) => status);
    expect(byClient(1)).toEqual([200, 200, 429, 429]);
    expect(byClient(2)).toEqual([200, 200]);
    expect(byClient(3)).toEqual([200, 200, 200, 200]);
    expect(byClient(4)).toEqual([401]);
  });

  it("may name a product, and else call as the call says", () => {
    const run = runScenario(
      gateway,
      `
call: { subscription: b-app }
clients: [{ pause: 1s, until: 3s }, { product: team-a, pause: 1s, until: 3s }]
${accounts}`,
    );
    expect(run.timeline.filter(({ status }) => status === 429).map(({ client }) => client)).toEqual([2]);
  });

  it.each([
    ["call: { subscription: a-ap }\nrequests: 1", "/call/subscription", "a-app"],
    ["clients: [{}, { subscription: b }]\nrequests: 1", "/clients/1/subscription", "b-app"],
    ["clients: [{ product: team }]\nrequests: 1", "/clients/0/product", "team-a"],
  ])("must be in the spec: %s", (scenario, pointer, nearest) => {
    let thrown: unknown;
    try {
      runScenario(gateway, scenario);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: "SCENARIO.CALL", pointer });
    expect(JSON.stringify(thrown)).toContain(nearest);
  });
});

describe("E10 through a product: 500 tokens a minute, counted from the answers", () => {
  it("lets eight calls of 67 tokens through, then asks for 52 and 51 seconds", () => {
    const run = runScenario(
      `${head}
products:
  team-a:
    apis: [azure-openai]
    subscriptions: [app]
    tokenLimit: { tokensPerMinute: 500, estimate: false, headers: true }
`,
      `
requests: 10
call: { promptTokens: 30, completionTokens: 37, subscription: app }
clients: [{ pause: 1s }]
${accounts}`,
    );
    expect(run.timeline.map(({ status }) => status)).toEqual([...Array<number>(8).fill(200), 429, 429]);
    expect(run.timeline.slice(8).map(({ retryAfter }) => retryAfter)).toEqual(["52", "51"]);
    expect(run.timeline.at(-1)?.error).toBe("Token limit is exceeded. Try again in 51 seconds.");
  });
});
