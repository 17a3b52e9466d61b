import { describe, expect, it } from "vitest";
import { gatewayResources } from "../../../src/core/gateway/arm-resources.ts";
import { gatewayConfig } from "../../../src/core/gateway/config.ts";
import { routeTargets } from "../../../src/core/gateway/route-targets.ts";

const policy = `<policies><inbound><set-backend-service backend-id="pool" /></inbound></policies>`;

describe("what a service holds as a gateway", () => {
  it("has routes with their backends, products and named values", () => {
    const resources = gatewayResources([
      { path: "apis/AI", properties: { path: "ai/v1", displayName: "AI" } },
      {
        path: "apis/ai/operations/chat",
        properties: { method: "POST", urlTemplate: "/chat", displayName: "Chat" },
      },
      { path: "apis/ai/operations/chat/policies/policy", properties: { value: policy } },
      { path: "policies/policy", properties: { value: "<policies><inbound>{{text}}</inbound></policies>" } },
      { path: "backends/one", properties: { url: "https://one.example" } },
      { path: "backends/pool", properties: { type: "Pool", pool: { services: [{ id: "/backends/one" }] } } },
      { path: "namedValues/nv", properties: { displayName: "text", value: "a &amp; b" } },
      { path: "products/team", properties: { displayName: "Team", state: "published" } },
      { path: "products/team/apis/ai", properties: {} },
      { path: "loggers/log", properties: {} },
    ]);
    expect(resources.map(({ kind }) => kind)).not.toContain("logger");
    const config = gatewayConfig(resources, []);
    expect(routeTargets(config)).toEqual([
      {
        api: "AI",
        operation: "chat",
        method: "POST",
        path: "/ai/v1/chat",
        version: null,
        backends: ["pool"],
        hasPolicy: true,
      },
    ]);
    expect(config.backends.get("pool")).toMatchObject({ kind: "pool", members: [{ backend: "one" }] });
    expect(config.products[0]?.apis).toEqual(new Set(["ai"]));
    expect(config.notes).toEqual([]);
  });
});
