/** What the gateway does with a call, whatever the call and the answers are, is in the picture. */
import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { readGrammarWasm } from "../../../src/adapters/grammar.ts";
import { loadCSharpGrammar } from "../../../src/core/policy/expression/csharp/grammar.ts";
import { createGateway, policyXml } from "../gateway/call-gateway.ts";
import type { GatewayCase } from "../gateway/call-gateway.ts";
import "../../support/seed.ts";
import { drawCase } from "./graph-lines.ts";

beforeAll(async () => loadCSharpGrammar(await readGrammarWasm()));

const ids = ["a", "b", "c"];
const statuses = [200, 404, 429, 500, 503];

const condition = fc.oneof(
  fc
    .constantFrom("x", "y")
    .map((value) => `context.Request.Headers.GetValueOrDefault("h", "") == "${value}"`),
  fc
    .constantFrom("x", "y")
    .map((value) => `context.Variables.GetValueOrDefault<string>("m", "") == "${value}"`),
  fc.constantFrom("chat", "list").map((id) => `context.Operation.Id == "${id}"`),
  fc.constantFrom(...statuses).map((status) => `context.Response.StatusCode == ${status}`),
  fc.constantFrom(400, 429, 500).map((status) => `context.Response.StatusCode >= ${status}`),
  fc.constantFrom(0, 1, 2).map((value) => `context.Variables.GetValueOrDefault<int>("n", 0) == ${value}`),
);

const simple = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...ids).map((id) => `<set-backend-service backend-id="${id}" />`) },
  {
    weight: 2,
    arbitrary: fc.constant(
      '<set-variable name="n" value="@(context.Variables.GetValueOrDefault<int>("n", 0) + 1)" />',
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '<set-variable name="m" value="@(context.Request.Headers.GetValueOrDefault("h", ""))" />',
      '<set-header name="h" exists-action="override"><value>y</value></set-header>',
    ),
  },
  { weight: 1, arbitrary: fc.constant('<return-response><set-status code="403" /></return-response>') },
);

const policies = fc.letrec<{ list: string; one: string; choose: string }>((tie) => ({
  list: fc.array(tie("one"), { maxLength: 3 }).map((parts) => parts.join("")),
  one: fc.oneof({ depthSize: "small", withCrossShrink: true }, simple, tie("choose")),
  choose: fc
    .tuple(fc.array(fc.tuple(condition, tie("list")), { minLength: 1, maxLength: 2 }), fc.option(tie("list")))
    .map(([whens, otherwise]) => {
      const branches = whens.map(([test, inside]) => `<when condition="@(${test})">${inside}</when>`);
      return `<choose>${branches.join("")}${otherwise === null ? "" : `<otherwise>${otherwise}</otherwise>`}</choose>`;
    }),
}));

const send = '<forward-request buffer-request-body="true" />';
const sending = fc
  .tuple(policies.list, fc.boolean())
  .map(([before, twice]) => before + send + (twice ? send : ""));
const retry = fc
  .tuple(condition, fc.integer({ min: 1, max: 3 }), sending)
  .map(
    ([test, count, inside]) =>
      `<retry condition="@(${test})" count="${count}" interval="0">${inside}</retry>`,
  );

const gateways = fc
  .tuple(policies.list, policies.list, fc.oneof(retry, sending, fc.constant("<base />")))
  .map(([api, operation, backend]): GatewayCase => ({
    backends: Object.fromEntries(ids.map((id) => [id, { url: `https://${id}.test` }])),
    operations: { chat: "POST /chat" },
    policies: {
      "apis/ai": policyXml({ inbound: api }),
      "apis/ai/operations/chat": policyXml({ inbound: `<base />${operation}`, backend }),
    },
  }));

it("draws every call that the gateway makes, in its order", () => {
  fc.assert(
    fc.property(
      gateways,
      fc.constantFrom("", "x", "y"),
      fc.array(fc.constantFrom(...statuses), { maxLength: 8 }),
      (gateway, header, answers) => {
        const graph = drawCase(gateway);
        const { sent, answer } = createGateway(gateway)(
          { headers: { h: header } },
          answers.map((status) => ({ status })),
        );
        expect(answer.refusal).toBeUndefined();
        const hosts = sent.map(({ url }) => new URL(url).hostname);
        const drawn = new Map(
          graph.nodes.flatMap(({ id, url }) => (url === undefined ? [] : [[id, new URL(url).hostname]])),
        );
        const targets = (order: number) =>
          graph.edges
            .filter(({ steps = [] }) => steps.some((step) => step.order === order))
            .map(({ to }) => drawn.get(to));
        // Calls to one backend one after the other are one step.
        const runs = hosts.filter((host, index) => host !== hosts[index - 1]);
        for (const [index, host] of runs.entries()) expect(targets(index + 1)).toContain(host);
        if (hosts.length === 0) {
          const [operation] = graph.nodes.filter(({ kind }) => kind === "operation" || kind === "denied");
          expect(operation?.lines.join()).toContain(String(answer.status));
        } else {
          expect(graph.nodes.map(({ kind }) => kind)).not.toContain("denied");
        }
      },
    ),
    { numRuns: 300 },
  );
});
