import { describe, expect, it } from "vitest";
import { gatewayResources } from "../../../src/core/gateway/arm-resources.ts";
import type { ArmResource } from "../../../src/core/gateway/arm-resources.ts";
import { gatewayConfig } from "../../../src/core/gateway/config.ts";
import { Gateway } from "../../../src/core/gateway/engine.ts";
import { HeaderMap, parseUrl } from "../../../src/core/gateway/message.ts";
import { routeTargets } from "../../../src/core/gateway/route-targets.ts";
import { scenarioCall } from "../../../src/core/simulate/scenario-call.ts";

/** Answers with its id and version, whatever is called. */
function api(id: string, properties: ArmResource["properties"]): ArmResource[] {
  const answer = `<return-response><set-body>${id}</set-body></return-response>`;
  return [
    { path: `apis/${id}`, properties: { path: "ai", subscriptionRequired: false, ...properties } },
    { path: `apis/${id}/operations/chat`, properties: { method: "POST", urlTemplate: "/chat" } },
    {
      path: `apis/${id}/policies/policy`,
      properties: { value: `<policies><inbound>${answer}</inbound></policies>` },
    },
  ];
}

/** A set with this scheme, an API without a version and two with one. */
function configOf(set: ArmResource["properties"], ...more: readonly ArmResource[]) {
  const id =
    "/subscriptions/s/resourceGroups/r/providers/Microsoft.ApiManagement/service/a/apiVersionSets/Chat";
  return gatewayConfig(
    gatewayResources([
      ...api("original", { apiVersionSetId: id }),
      ...api("one", { apiVersionSetId: "/apiVersionSets/chat", apiVersion: "v1" }),
      ...api("two", { apiVersionSetId: id, apiVersion: "v2" }),
      { path: "apiVersionSets/chat", properties: set },
      ...more,
    ]),
    [],
  );
}

/** Which API answers, or the status. */
function answerOf(
  config: ReturnType<typeof gatewayConfig>,
  address: string,
  headers: [string, string][] = [],
) {
  const url = parseUrl(`https://gateway.test${address}`);
  if (url === undefined) throw new Error("no address");
  const gateway = new Gateway({ config, ports: { now: () => 0, random: () => 0, guid: () => "" } });
  const request = { method: "POST", url, headers: new HeaderMap(headers), body: null, ipAddress: "::1" };
  const call = gateway.call(request, { traces: false, explains: false });
  expect(call.steps.next().done).toBe(true);
  const { status, body } = call.answer();
  return status === 200 ? new TextDecoder().decode(body?.bytes) : status;
}

const inPath = { versioningScheme: "Segment" };
const inHeader = { versioningScheme: "Header", versionHeaderName: "x-version" };
const inQuery = { versioningScheme: "Query", versionQueryName: "v" };

describe("versions of an API that name their set by its id", () => {
  it.each<[string, ArmResource["properties"], string, [string, string][], string | number]>([
    ["in the path", inPath, "/ai/v1/chat", [], "one"],
    ["in the path, another one", inPath, "/ai/V2/chat", [], "two"],
    ["none in the path", inPath, "/ai/chat", [], "original"],
    ["one that is not there, in the path", inPath, "/ai/v3/chat", [], 404],
    ["in a header", inHeader, "/ai/chat", [["X-Version", "v2"]], "two"],
    ["none in a header", inHeader, "/ai/chat", [], "original"],
    ["one that is not there, in a header", inHeader, "/ai/chat", [["x-version", "v3"]], 404],
    ["in a header, and not in the path", inHeader, "/ai/v1/chat", [], 404],
    ["in the query", inQuery, "/ai/chat?a=b&v=v1", [], "one"],
    ["none in the query", inQuery, "/ai/chat?a=b", [], "original"],
    ["one that is not there, in the query", inQuery, "/ai/chat?v=v3", [], 404],
  ])("%s", (_, set, address, headers, expected) => {
    expect(answerOf(configOf(set), address, headers)).toBe(expected);
  });

  it("are called by scenarios as their set says", () => {
    const urlOf = (set: ArmResource["properties"], id: string) => {
      const { url, headers } = scenarioCall(configOf(set), { api: id });
      return `${url.path}${url.queryString} ${headers("key").get("x-version")?.join() ?? ""}`.trim();
    };
    const usual = "?api-version=2024-10-21";
    expect(urlOf(inPath, "two")).toBe(`/ai/v2/chat${usual}`);
    expect(urlOf(inHeader, "two")).toBe(`/ai/chat${usual} v2`);
    expect(urlOf(inQuery, "two")).toBe(`/ai/chat${usual}&v=v2`);
    expect(urlOf(inQuery, "original")).toBe(`/ai/chat${usual}`);
    // The name that Azure OpenAI uses itself is the set's then.
    const taken = { versioningScheme: "Query", versionQueryName: "api-version" };
    expect(urlOf(taken, "two")).toBe("/ai/chat?api-version=v2");
    expect(urlOf(taken, "original")).toBe("/ai/chat");
  });

  it("are told apart among the routes", () => {
    const routes = routeTargets(configOf(inHeader)).map(({ api: id, path, version }) => [id, path, version]);
    expect(routes).toEqual([
      ["original", "/ai/chat", "without header x-version"],
      ["one", "/ai/chat", "header x-version: v1"],
      ["two", "/ai/chat", "header x-version: v2"],
    ]);
  });

  it("are looked for in the path where the set is not known, and it is said", () => {
    const config = configOf(
      inPath,
      ...api("lost", { apiVersionSetId: "/apiVersionSets/gone", apiVersion: "v9" }),
    );
    expect(answerOf(config, "/ai/v9/chat")).toBe("lost");
    expect(config.notes).toEqual([
      "The version set gone is not known here: its versions are looked for in the path.",
    ]);
  });
});
