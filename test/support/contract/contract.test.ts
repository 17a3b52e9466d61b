import { request } from "node:http";
import { describe, expect, it } from "vitest";
import { requestFaults } from "./request-faults.ts";
import { loadContract } from "./swagger.ts";
import { takeViolations } from "./violations.ts";

const service =
  "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/g/providers/Microsoft.ApiManagement/service/apim";
const version = "api-version=2024-05-01";
const json = { "content-type": "application/json" };
const backend = '{"properties":{"url":"https://a.example","protocol":"http"}}';
const apiLink = (workspace: string): string =>
  JSON.stringify({ properties: { apiId: `${service}/workspaces/${workspace}/apis/a` } });

describe.skipIf(loadContract() === undefined)("what is sent to ARM", () => {
  it.each([
    ["GET", `/backends?${version}`, {}, ""],
    ["GET", `/apis/a/policies/policy?${version}&format=rawxml`, {}, ""],
    ["PUT", `/backends/a?${version}`, json, backend],
    ["PUT", `/backends/a?${version}`, { ...json, "if-none-match": "*" }, backend],
    ["DELETE", `/backends/a?${version}`, { "if-match": '"1"' }, ""],
    ["PUT", `/workspaces/w/backends/a?${version}`, json, backend],
    ["GET", `/workspaces/w?${version}`, {}, ""],
    ["PUT", `/workspaces/w?${version}`, json, '{"properties":{"displayName":"W"}}'],
    ["GET", `/workspaces/w/products/p/apiLinks?${version}`, {}, ""],
    ["PUT", `/workspaces/w/products/p/apiLinks/l?${version}`, json, apiLink("w")],
    ["DELETE", `/workspaces/w/products/p/apiLinks/l?${version}`, {}, ""],
  ])("may be %s %s with %j", (method, path, headers, body) => {
    expect(requestFaults({ method, path: service + path, headers, body })).toEqual([]);
  });

  it.each([
    ["GET", "/backends", {}, "", "query parameter api-version is missing"],
    ["GET", "/backends?api-version=2023-01-01", {}, "", "query parameter api-version"],
    ["GET", `/backend?${version}`, {}, "", "the swagger has no such path"],
    ["POST", `/backends/a?${version}`, {}, "", "the swagger has no such method"],
    ["GET", `/backends?${version}&top=1`, {}, "", "there is no query parameter top"],
    ["GET", `/apis/a/policies/policy?${version}&format=text`, {}, "", "query parameter format"],
    ["GET", `/backends/${"a".repeat(81)}?${version}`, {}, "", "path parameter backendId"],
    ["PUT", `/backends/a?${version}`, json, "", "the body is missing"],
    ["PUT", `/backends/a?${version}`, { "content-type": "text/plain" }, backend, "the body is of type"],
    ["PUT", `/backends/a?${version}`, json, '{"properties":{"url":1}}', "body /properties"],
    ["PUT", `/backends/a?${version}`, { ...json, "if-none-match": '"1"' }, backend, "If-None-Match is"],
    ["DELETE", `/backends/a?${version}`, {}, "", "header parameter If-Match is missing"],
    ["DELETE", `/backends/a?${version}`, { "if-match": "*" }, backend, "has a body where none"],
    ["PUT", `/workspaces/w/backends/a?${version}`, json, '{"properties":{"url":1}}', "body /properties"],
    ["GET", `/workspaces/w/products/p/apis?${version}`, {}, "", "a workspace has no such path"],
    ["GET", `/workspaces/w/products/p/subscriptions?${version}`, {}, "", "a workspace has no such path"],
    ["DELETE", `/workspaces/w?${version}`, {}, "", "If-Match is missing"],
    ["PUT", `/workspaces/w/products/p/apiLinks/l?${version}`, json, apiLink("x"), "no whole id of an API"],
    ["PUT", `/workspaces/w/products/p/apiLinks/l?${version}`, json, "", "the body is not"],
    [
      "PUT",
      `/workspaces/w/products/p/apiLinks/l?${version}`,
      { ...json, "if-none-match": "*" },
      apiLink("w"),
      "has if-none-match",
    ],
  ])("must not be %s %s with %j", (method, path, headers, body, fault) => {
    expect(requestFaults({ method, path: service + path, headers, body }).join()).toContain(fault);
  });

  it("is seen, whoever sends it", async () => {
    const sending = request({ host: "127.0.0.1", port: 1, path: `${service}/nothing?${version}` });
    sending.on("error", () => undefined).end();
    expect(await takeViolations()).toEqual([`GET ${service}/nothing: the swagger has no such path`]);
  });
});
