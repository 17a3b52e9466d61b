import { afterEach, describe, expect, it } from "vitest";
import {
  armError,
  connect as connectTo,
  type Connected,
  failureOf,
  type Reply,
  servicePath,
} from "./fake-arm.ts";

const open: Connected[] = [];

async function connect(...given: Parameters<typeof connectTo>): Promise<Connected> {
  const connected = await connectTo(...given);
  open.push(connected);
  return connected;
}

afterEach(async () => {
  for (const { arm } of open.splice(0)) await arm.close();
});

const backend = {
  id: `${servicePath}/backends/aoai`,
  name: "aoai",
  properties: { url: "https://x", unknown: { kept: 1 } },
};

describe("get", () => {
  it("returns the body as received and the ETag's header with its quotes", async () => {
    const { service, arm } = await connect([{ json: backend, headers: { ETag: '"AAA="' } }]);
    expect(await service.get("backends/aoai")).toEqual({
      path: "backends/aoai",
      body: backend,
      etag: '"AAA="',
    });
    expect(arm.calls()).toEqual(["GET /backends/aoai"]);
  });

  it("signs, names the program and asks for JSON", async () => {
    const { service, arm } = await connect([{ json: backend }]);
    await service.get("backends/aoai");
    expect(arm.received[0]!.headers).toMatchObject({
      authorization: "Bearer secret-token",
      accept: "application/json",
      "user-agent": expect.stringMatching(/^apimgw\/0\.0\.0 azsdk-js-arm-apimanagement\//) as unknown,
    });
  });

  it("encodes each segment of the path and the query", async () => {
    const { service, arm } = await connect([{ json: backend }, { json: { value: [] } }]);
    await service.get("apis/a b;rev=2/operations/ü?#%2F/policies/policy", { format: "rawxml" });
    await service.list("apis/a b/operations", { $filter: "name eq 'x'" });
    expect(arm.calls()).toEqual([
      "GET /apis/a%20b%3Brev%3D2/operations/%C3%BC%3F%23%252F/policies/policy?format=rawxml",
      "GET /apis/a%20b/operations?%24filter=name%20eq%20%27x%27",
    ]);
  });

  it.each([".", ".."])("refuses the segment %s, which would address another resource", async (segment) => {
    const { service, arm } = await connect([{ json: backend }]);
    expect((await failureOf(service.get(`backends/${segment}/x`))).code).toBe("SERVICE.REJECTED");
    expect(arm.calls()).toEqual([]);
  });

  it.each<[string, Reply]>([
    ["ARM's error", { status: 404, json: armError("ResourceNotFound", "Backend not found.") }],
    ["no body", { status: 404 }],
  ])("is undefined for a 404 with %s", async (_, reply) => {
    const { service } = await connect([reply]);
    expect(await service.get("backends/aoai")).toBeUndefined();
  });

  it.each<[string, Reply, string]>([
    [
      "the service",
      {
        status: 404,
        json: armError(
          "ResourceNotFound",
          "The Resource 'Microsoft.ApiManagement/service/contoso-apim' under resource group 'rg-ai' was not found.",
        ),
      },
      "there is no API Management service `contoso-apim` in resource group `rg-ai`",
    ],
    [
      "the parent service",
      {
        status: 404,
        json: armError(
          "ParentResourceNotFound",
          `Failed to perform 'write', because the parent resource '${servicePath}' could not be found.`,
        ),
      },
      "there is no API Management service `contoso-apim` in resource group `rg-ai`",
    ],
    [
      "the resource group",
      { status: 404, json: armError("ResourceGroupNotFound", "Resource group 'rg-ai' could not be found.") },
      "there is no resource group `rg-ai`",
    ],
    [
      "the subscription",
      { status: 404, json: armError("SubscriptionNotFound", "The subscription could not be found.") },
      "there is no Azure subscription `00000000-0000-0000-0000-000000000001` for this sign-in",
    ],
    [
      "the management API",
      {
        status: 404,
        text: "<html><title>404 Not Found</title></html>",
        headers: { "Content-Type": "text/html" },
      },
      "what answers at the endpoint is not this management API (HTTP 404)",
    ],
    [
      "the resource type",
      { status: 404, json: armError("InvalidResourceType", "The resource type could not be found.") },
      "what answers at the endpoint is not this management API (HTTP 404)",
    ],
  ])("fails for a 404 because %s is missing", async (_, reply, message) => {
    const { service } = await connect([reply]);
    for (const call of [
      service.get("backends/aoai"),
      service.list("backends"),
      service.remove("backends/aoai", "*"),
    ]) {
      expect(await failureOf(call)).toMatchObject({ code: "SERVICE.NOT_FOUND", status: 404, message });
    }
  });

  it("takes a 404 of another service of a longer name for what it is", async () => {
    const message = "The Resource 'Microsoft.ApiManagement/service/contoso-apim/backends/x' was not found.";
    const { service } = await connect([{ status: 404, json: armError("ResourceNotFound", message) }]);
    expect(await service.get("backends/x")).toBeUndefined();
  });

  it.each<[string, string, Reply]>([
    [
      "a policy with the vendor's type",
      "apis/a/policies/policy",
      { headers: { "Content-Type": "application/vnd.ms-azure-apim.policy.raw+xml" }, text: "<policies />" },
    ],
    ["a policy as text", "policies/policy", { text: "\uFEFF<policies />" }],
    [
      "a fragment",
      "policyFragments/f",
      { headers: { "Content-Type": "application/xml" }, text: "<fragment />" },
    ],
  ])("wraps bare XML: %s", async (_, path, reply) => {
    const { service } = await connect([reply]);
    const text = reply !== "drop" && reply !== "hang" ? reply.text?.replace("\uFEFF", "") : undefined;
    expect((await service.get(path))?.body).toEqual({ properties: { value: text } });
  });

  it.each<[string, string, Reply]>([
    [
      "an HTML page",
      "policies/policy",
      { text: "<html><body>sign in</body></html>", headers: { "Content-Type": "text/html" } },
    ],
    [
      "XML that is no policy",
      "backends/aoai",
      { text: "<backend />", headers: { "Content-Type": "application/xml" } },
    ],
    ["nothing", "backends/aoai", { text: "" }],
    ["a JSON list", "backends/aoai", { text: "[]" }],
  ])("fails for a good answer that is %s", async (_, path, reply) => {
    const { service } = await connect([reply]);
    expect(await failureOf(service.get(path))).toMatchObject({ code: "SERVICE.FAILED", status: 200 });
  });
});

describe("list", () => {
  it("reads all pages and takes ETags from items that carry one", async () => {
    const { service, arm } = await connect([
      {
        json: {
          value: [{ name: "a", properties: {} }],
          nextLink: "{service}/backends?$skip=1&api-version=2024-05-01",
        },
      },
      { json: { value: [{ id: `${servicePath}/backends/b`, etag: '"1"' }], nextLink: "/page3" } },
      { json: { value: [{ name: "c", eTag: '"2"' }], nextLink: "" } },
    ]);
    expect(await service.list("backends", { $top: "1" })).toEqual([
      { path: "backends/a", body: { name: "a", properties: {} } },
      { path: "backends/b", body: { id: `${servicePath}/backends/b`, etag: '"1"' }, etag: '"1"' },
      { path: "backends/c", body: { name: "c", eTag: '"2"' }, etag: '"2"' },
    ]);
    expect(arm.calls()).toEqual(["GET /backends?%24top=1", "GET /backends?$skip=1", "GET /page3"]);
  });

  it("is empty when the parent does not exist", async () => {
    const { service } = await connect([
      { status: 404, json: armError("ResourceNotFound", "Api not found.") },
    ]);
    expect(await service.list("apis/x/operations")).toEqual([]);
  });

  it.each<[string, Reply[], RegExp]>([
    ["a page that is no JSON", [{ text: "<html></html>" }], /not a JSON object/],
    ["a page without a list", [{ json: { items: [] } }], /no list under `value`/],
    ["items that are no objects", [{ json: { value: ["a"] } }], /items that are not JSON objects/],
    ["items without a name", [{ json: { value: [{ properties: {} }] } }], /an item without a name/],
    [
      "a second page that is missing",
      [{ json: { value: [], nextLink: "/2" } }, { status: 404, json: armError("NotFound", "gone") }],
      /cannot read `backends`/,
    ],
    ["a second page that is empty", [{ json: { value: [], nextLink: "/2" } }, { text: "" }], /is empty/],
    [
      "a link to another host",
      [{ json: { value: [], nextLink: "https://evil.example/x" } }],
      /leads to https:\/\/evil\.example/,
    ],
    ["a link that is no URL", [{ json: { value: [], nextLink: "http://[" } }], /not a URL/],
    ["a link to itself", [{ json: { value: [], nextLink: "/2" } }], /have no end/],
  ])("fails for %s", async (_, replies, message) => {
    const { service } = await connect(replies);
    const failure = await failureOf(service.list("backends"));
    expect(failure.code).toMatch(/^SERVICE\.(FAILED|NOT_FOUND)$/);
    expect(failure.message).toMatch(message);
  });

  it("does not send the token to another host", async () => {
    const other = await connect([{ json: { value: [] } }]);
    const { service } = await connect([{ json: { value: [], nextLink: `${other.arm.url}/2` } }]);
    await failureOf(service.list("backends"));
    expect(other.arm.calls()).toEqual([]);
  });
});

describe("put", () => {
  it.each([
    ["none", undefined, {}],
    ["an ETag", { ifMatch: '"1"' }, { "if-match": '"1"' }],
    ["must not exist", { ifNoneMatch: "*" } as const, { "if-none-match": "*" }],
  ])("sends the body as it is, with the condition: %s", async (_, condition, headers) => {
    const { service, arm } = await connect([{ status: 201, json: backend, headers: { ETag: '"2"' } }]);
    const body = {
      properties: { credentials: { managedIdentity: { resource: "x" } }, pool: { sessionAffinity: {} } },
    };
    expect(await service.put("backends/aoai", body, condition)).toEqual({
      path: "backends/aoai",
      body: backend,
      etag: '"2"',
    });
    expect(JSON.parse(arm.received[0]!.body)).toEqual(body);
    const { "if-match": ifMatch, "if-none-match": ifNoneMatch } = arm.received[0]!.headers;
    expect({
      ...(ifMatch !== undefined && { "if-match": ifMatch }),
      ...(ifNoneMatch !== undefined && { "if-none-match": ifNoneMatch }),
    }).toEqual(headers);
  });

  it.each<[string, Reply[], boolean]>([
    ["made it", [{ status: 201, json: backend }], false],
    ["replaced something", [{ json: backend }], true],
    ["may have replaced what an earlier try made", ["drop", { json: backend }], false],
    ["has ended an operation", [{ status: 202, headers: { Location: "/op" } }, { json: backend }], false],
  ])("says whether the service %s", async (_, replies, isReplacement) => {
    const { service } = await connect(replies);
    expect("isReplacement" in (await service.put("backends/aoai", {}))).toBe(isReplacement);
  });

  it("reads the resource back when the answer has none, also if it appears late", async () => {
    const { service, arm } = await connect([
      { status: 201 },
      { status: 404, json: armError("ResourceNotFound", "NamedValue not found.") },
      { json: backend, headers: { ETag: '"3"' } },
    ]);
    expect((await service.put("namedValues/n", { properties: { displayName: "n" } })).etag).toBe('"3"');
    expect(arm.calls()).toEqual(["PUT /namedValues/n", "GET /namedValues/n", "GET /namedValues/n"]);
  });

  it("gives up when what was written never appears", async () => {
    const { service } = await connect([
      { status: 201 },
      { status: 404, json: armError("ResourceNotFound", "no") },
    ]);
    expect((await failureOf(service.put("namedValues/n", {}))).message).toMatch(
      /was written but does not appear/,
    );
  });

  it.each<[string, Reply]>([
    [
      "is there already",
      { status: 409, json: armError("Conflict", "Link already exists between specified Product and Api.") },
    ],
    ["is answered without a body", { status: 201 }],
  ])("takes a link for done that %s: it has no GET", async (_, reply) => {
    const { service, arm } = await connect([reply]);
    expect(await service.put("products/p/apis/a", {})).toEqual({ path: "products/p/apis/a", body: {} });
    expect(arm.calls()).toEqual(["PUT /products/p/apis/a"]);
  });

  it("wraps bare XML", async () => {
    const { service } = await connect([
      { status: 201, text: "<policies />", headers: { "Content-Type": "application/xml" } },
    ]);
    expect((await service.put("policies/policy", {})).body).toEqual({
      properties: { value: "<policies />" },
    });
  });
});

describe("remove", () => {
  it.each<[string, Reply]>([
    ["200", { status: 200 }],
    ["204", { status: 204 }],
    ["404", { status: 404, json: armError("ResourceNotFound", "Backend not found.") }],
  ])("is done with %s", async (_, reply) => {
    const { service, arm } = await connect([reply]);
    await service.remove("apis/a", '"1"', { deleteRevisions: "true" });
    expect(arm.calls()).toEqual(["DELETE /apis/a?deleteRevisions=true"]);
    expect(arm.received[0]!.headers["if-match"]).toBe('"1"');
  });
});

describe("long-running operations", () => {
  const api = { id: `${servicePath}/apis/a`, name: "a", properties: { path: "openai" } };
  const started: Reply = {
    status: 202,
    headers: { Location: "{service}/apis/a?asyncId=1&asyncCode=201", "Retry-After": "7" },
  };

  it("polls Location until the resource comes, as often as the service asks", async () => {
    const { service, arm, clock } = await connect([
      started,
      { status: 202 },
      { status: 201, json: api, headers: { ETag: '"1"' } },
    ]);
    expect(await service.put("apis/a", {})).toEqual({ path: "apis/a", body: api, etag: '"1"' });
    expect(arm.calls()).toEqual([
      "PUT /apis/a",
      "GET /apis/a?asyncId=1&asyncCode=201",
      "GET /apis/a?asyncId=1&asyncCode=201",
    ]);
    expect(clock.slept).toEqual([7000, 750]);
  });

  it("polls Azure-AsyncOperation, then reads the resource", async () => {
    const { service, arm } = await connect([
      { status: 201, json: api, headers: { "Azure-AsyncOperation": "{origin}/op/1" } },
      { json: { id: "/op/1", name: "1", status: "InProgress" } },
      { json: { id: "/op/1", name: "1", status: "Succeeded", properties: {} } },
      { json: api },
    ]);
    expect((await service.put("apis/a", {})).body).toEqual(api);
    expect(arm.calls()).toEqual(["PUT /apis/a", "GET /op/1", "GET /op/1", "GET /apis/a"]);
  });

  it("polls the resource itself while it says that it is being made", async () => {
    const { service, arm } = await connect([
      { status: 201, json: { ...api, properties: { provisioningState: "Creating" } } },
      { json: { ...api, properties: { provisioningState: "Succeeded" } } },
    ]);
    expect((await service.put("apis/a", {})).body.properties).toEqual({ provisioningState: "Succeeded" });
    expect(arm.calls()).toEqual(["PUT /apis/a", "GET /apis/a"]);
  });

  it.each<[string, Reply, string]>([
    ["an error answer", { status: 400, json: armError("ValidationError", "bad spec") }, "SERVICE.REJECTED"],
    [
      "a failed status",
      { json: { status: "Failed", error: { code: "ValidationError", message: "bad spec" } } },
      "SERVICE.REJECTED",
    ],
    [
      "a failed status of unknown kind",
      { json: { status: "Canceled", error: { code: "Boom", message: "bad spec" } } },
      "SERVICE.FAILED",
    ],
    ["a conflict that stays", { status: 409, json: armError("Conflict", "bad spec") }, "SERVICE.CONFLICT"],
  ])("fails with the operation's error: %s", async (_, reply, code) => {
    const { service, arm } = await connect([started, reply]);
    const failure = await failureOf(service.put("apis/a", {}));
    expect(failure).toMatchObject({ code });
    expect(failure.message).toMatch(/cannot write `apis\/a`: \w+: bad spec/);
    expect(arm.received).toHaveLength(2);
  });

  it("begins anew when the operation has ended for a passing reason", async () => {
    const conflict = armError("PessimisticConcurrencyConflict", "Operation on the API is in progress");
    const { service, arm } = await connect([started, { status: 409, json: conflict }, { json: api }]);
    expect((await service.put("apis/a", {})).body).toEqual(api);
    expect(arm.received.map(({ method }) => method)).toEqual(["PUT", "GET", "PUT"]);
  });

  it("polls again when a poll's connection is dropped or the service stumbles", async () => {
    const { service, arm } = await connect([started, "drop", { status: 503 }, { json: api }]);
    await service.put("apis/a", {});
    expect(arm.received.map(({ method }) => method)).toEqual(["PUT", "GET", "GET", "GET"]);
  });

  it("fails when the operation does not end", async () => {
    const { service, clock } = await connect([started, { status: 202 }]);
    const failure = await failureOf(service.put("apis/a", {}));
    expect(failure).toMatchObject({
      code: "SERVICE.FAILED",
      message: "writing `apis/a` has not ended after 10 minutes",
    });
    expect(clock.slept.reduce((sum, wait) => sum + wait, 0)).toBeLessThanOrEqual(600_000);
  });

  it("does not follow an operation to another host", async () => {
    const { service, arm } = await connect([
      { status: 202, headers: { Location: "https://evil.example/op" } },
    ]);
    expect((await failureOf(service.put("apis/a", {}))).message).toMatch(/leads to https:\/\/evil\.example/);
    expect(arm.received).toHaveLength(1);
  });

  it.each<[string, Reply[]]>([
    ["204 at Location", [started, { status: 202 }, { status: 204 }]],
    ["404 at Location", [started, { status: 404, json: armError("ResourceNotFound", "gone") }]],
    [
      "a resource that is gone, without a link",
      [{ status: 202 }, { json: api }, { status: 404, json: armError("ResourceNotFound", "gone") }],
    ],
  ])("a delete ends with %s", async (_, replies) => {
    const { service, arm } = await connect(replies);
    await service.remove("apis/a", "*");
    expect(arm.received).toHaveLength(replies.length);
  });
});
