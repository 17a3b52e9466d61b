/** A workspace's document runs between the global one and the product's; what is in it is told by `context.Workspace`. */
import { describe, expect, it } from "vitest";
import { gatewayConfig } from "../../../src/core/gateway/config.ts";
import type { GatewayResource } from "../../../src/core/gateway/config.ts";
import { gatewayResources } from "../../../src/core/gateway/arm-resources.ts";
import type { ArmResource } from "../../../src/core/gateway/arm-resources.ts";
import { Gateway } from "../../../src/core/gateway/engine.ts";
import { HeaderMap, parseUrl } from "../../../src/core/gateway/message.ts";
import { readGrammarWasm } from "../../../src/adapters/grammar.ts";
import { loadCSharpGrammar } from "../../../src/core/policy/expression/csharp/grammar.ts";

await loadCSharpGrammar(await readGrammarWasm());

const step = (name: string) =>
  `<set-variable name="path" value="@(context.Variables.GetValueOrDefault(&quot;path&quot;, &quot;&quot;) + &quot;${name} &quot;)" />`;
const document = (inbound: string) => ({
  value: `<policies><inbound>${inbound}</inbound><backend><base /></backend><outbound><base /></outbound></policies>`,
});
const answer =
  '<return-response><set-body>@(context.Variables.GetValueOrDefault("path", "") + (context.Workspace == null ? "none" : context.Workspace.Id))</set-body></return-response>';

const resources: readonly ArmResource[] = [
  { path: "apis/a", properties: { path: "a", displayName: "A" } },
  { path: "apis/a/operations/chat", properties: { method: "POST", urlTemplate: "/chat" } },
  { path: "apis/a/policies/policy", properties: document(`<base />${step("api")}${answer}`) },
  { path: "policies/policy", properties: document(`<base />${step("broad")}`) },
  { path: "products/p", properties: { displayName: "P", state: "published" } },
  { path: "products/p/policies/policy", properties: document(`<base />${step("product")}`) },
  {
    path: "products/p/apiLinks/some-link",
    properties: {
      apiId:
        "/subscriptions/s/resourceGroups/r/providers/Microsoft.ApiManagement/service/x/workspaces/w/apis/a",
    },
  },
];

function bodyOf(given: readonly GatewayResource[], workspace: string | undefined): string {
  const keys = ["k", "l"] as const;
  const scope = { kind: "product", product: "p" } as const;
  const config = gatewayConfig(given, [{ id: "s", name: "s", keys, scope, isActive: true }], workspace);
  const gateway = new Gateway({ config, ports: { now: () => 0, random: () => 0, guid: () => "" } });
  const url = parseUrl("https://gateway.test/a/chat");
  if (url === undefined) throw new Error("no address");
  const headers = new HeaderMap([["Ocp-Apim-Subscription-Key", "k"]]);
  const call = gateway.call(
    { method: "POST", url, headers, body: null, ipAddress: "::1" },
    { traces: false, explains: false },
  );
  expect(call.steps.next().done).toBe(true);
  const { body } = call.answer();
  return new TextDecoder().decode(body?.bytes);
}

describe("a call in a workspace", () => {
  it("runs through its document before those of product and API, by a link with an id of its own", () => {
    expect(bodyOf(gatewayResources(resources), "w")).toBe("broad product api w");
  });

  it("inherits where the workspace has no document", () => {
    const without = resources.filter(({ path }) => path !== "policies/policy");
    expect(bodyOf(gatewayResources(without), "w")).toBe("product api w");
  });

  it("is in none on the service itself", () => {
    const onService = resources.filter(({ path }) => path !== "policies/policy");
    expect(bodyOf(gatewayResources(onService), undefined)).toBe("product api none");
  });
});
