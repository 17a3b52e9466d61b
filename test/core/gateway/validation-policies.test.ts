/** Requests and answers against an OpenAPI document, by the validation policies. */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { readGrammarWasm } from "../../../src/adapters/grammar.ts";
import { loadCSharpGrammar } from "../../../src/core/policy/expression/csharp/grammar.ts";
import { callGateway, policyXml } from "./call-gateway.ts";
import type { BackendAnswer, GatewayCase, RequestCase } from "./call-gateway.ts";

beforeAll(async () => loadCSharpGrammar(await readGrammarWasm()));

const person = {
  type: "object",
  required: ["name", "age"],
  properties: {
    name: { type: "string", maxLength: 5 },
    age: { type: "integer", minimum: 0, exclusiveMinimum: true },
    nick: { type: "string", nullable: true },
    friend: { $ref: "#/components/schemas/Person" },
    tags: { type: "array", items: { type: "string" }, uniqueItems: true },
  },
};

const document = {
  openapi: "3.0.1",
  info: { title: "ai", version: "1" },
  paths: {
    "/chat": {
      parameters: [
        { name: "x-trace", in: "header", required: true, schema: { type: "string", format: "uuid" } },
      ],
      post: {
        operationId: "chat",
        parameters: [
          { name: "count", in: "query", schema: { type: "integer", maximum: 9 } },
          { name: "flag", in: "query", schema: { type: "boolean" } },
          {
            name: "ids",
            in: "query",
            explode: false,
            schema: { type: "array", items: { type: "integer" }, maxItems: 2 },
          },
        ],
        requestBody: {
          content: {
            "application/json": { schema: { $ref: "#/components/schemas/Person" } },
            "application/own+json": { schema: { type: "object", properties: { a: { type: "string" } } } },
            "text/*": {},
            "application/broken": { schema: { $ref: "#/components/schemas/Nobody" } },
          },
        },
        responses: {
          200: {
            headers: { "x-left": { schema: { type: "integer" } } },
            content: { "application/json": { schema: { type: "object", required: ["ok"] } } },
          },
          default: { description: "anything" },
        },
      },
    },
    "/items/{id}": {
      get: {
        operationId: "list",
        parameters: [
          { name: "id", in: "path", required: true, schema: { type: "string", pattern: "^[a-z]+$" } },
        ],
        responses: { 200: { description: "" } },
      },
    },
  },
  components: { schemas: { Person: person } },
};

const gateway = (sections: Parameters<typeof policyXml>[0], openApi: unknown = document): GatewayCase => ({
  policies: { "apis/ai": policyXml(sections) },
  api: openApi === null ? {} : { format: "openapi+json", value: JSON.stringify(openApi) },
});

const json = { "Content-Type": "application/json; charset=utf-8" };
const hidden = "The request could not be processed due to an internal error. Contact the API owner.";

const messageOf = (body: string): string => (JSON.parse(body) as { message: string }).message;

describe("validate-content", () => {
  const policy = (inside: string, more = "") =>
    `<validate-content unspecified-content-type-action="prevent" max-size="200" size-exceeded-action="prevent" errors-variable-name="errors"${more}>${inside}</validate-content>`;
  const content = (more = "", action = "prevent") =>
    `<content type="application/json" validate-as="json" action="${action}"${more} />`;

  const run = (body: unknown, inside = content(), headers: Record<string, string> = json) =>
    callGateway(gateway({ inbound: policy(inside) }), {
      body: typeof body === "string" ? body : JSON.stringify(body),
      headers,
    });

  const start =
    "Body of the request does not conform to the definition Person, which is associated with the content type application/json.";

  it.each([
    { body: { name: "ada", age: 3 }, message: undefined },
    { body: { name: "ada", age: 3, more: 1, nick: null }, message: undefined },
    {
      body: {},
      message: `${start} Required properties are missing from object: name, age. Line: 1, Position: 1`,
    },
    {
      body: { name: "ada", age: "3" },
      message: `${start} Invalid type. Expected Integer but got String. Line: 1, Position: 23`,
    },
    {
      body: '{\n  "name": "longer",\n  "age": 1\n}',
      message: `${start} String 'longer' exceeds maximum length of 5. Line: 2, Position: 18`,
    },
    {
      body: { name: "a", age: 0 },
      message: `${start} Integer 0 equals minimum value of 0 and exclusive minimum is true. Line: 1, Position: 19`,
    },
    {
      body: { name: "a", age: 1, friend: { name: "b" } },
      message: `${start} Required properties are missing from object: age. Line: 1, Position: 30`,
    },
    {
      body: { name: "a", age: 1, tags: ["x", "x"] },
      message: `${start} Non-unique array item. Line: 1, Position: 28`,
    },
    { body: [], message: `${start} Invalid type. Expected Object but got Array. Line: 1, Position: 1` },
  ])("$body: $message", ({ body, message }) => {
    const { answer, body: told, sent } = run(body);
    expect(answer.status).toBe(message === undefined ? 200 : 400);
    if (message === undefined) return expect(sent).toHaveLength(1);
    expect(messageOf(told)).toBe(message);
    expect(answer.error).toMatchObject({ source: "validate-content", reason: "Bad request", message });
  });

  it.each([
    { more: ' allow-additional-properties="false"', body: { name: "a", age: 1, more: 1 }, status: 400 },
    { more: ' allow-additional-properties="true"', body: { name: "a", age: 1, more: 1 }, status: 200 },
    { more: ' case-insensitive-property-names="true"', body: { NAME: "a", Age: 1 }, status: 200 },
    { more: "", body: { NAME: "a", Age: 1 }, status: 400 },
  ])("with$more gives $status for $body", ({ more, body, status }) => {
    expect(run(body, content(more)).answer.status).toBe(status);
  });

  it("says what was found of members that are not allowed", () => {
    const { body } = run({ name: "a", age: 1, more: 1 }, content(' allow-additional-properties="false"'));
    expect(messageOf(body)).toContain(
      "Property 'more' has not been defined and the schema does not allow additional properties.",
    );
  });

  it.each([
    {
      name: "too long",
      body: "x".repeat(201),
      headers: json,
      status: 400,
      message: "Request's body is 201 bytes long and it exceeds the limit of 200 bytes.",
    },
    {
      name: "another type",
      body: "x",
      headers: { "Content-Type": "image/png" },
      status: 400,
      message: "Unspecified content type image/png is not allowed.",
    },
    {
      name: "no type",
      body: "{}",
      headers: {},
      status: 400,
      message: "Unspecified content type  is not allowed.",
    },
    {
      name: "a range",
      body: "x",
      headers: { "Content-Type": "text/plain" },
      status: 200,
      message: undefined,
    },
    { name: "no JSON", body: "{", headers: json, status: 400, message: hidden },
  ])("$name: $status", ({ body, headers, status, message }) => {
    const result = run(body, content(), headers);
    expect(result.answer.status).toBe(status);
    if (message !== undefined) expect(messageOf(result.body)).toBe(message);
  });

  it("finds no definition that is not there", () => {
    const rule = '<content type="application/broken" validate-as="json" action="prevent" />';
    const { answer, body } = run("{}", rule, { "Content-Type": "application/broken" });
    expect([answer.status, messageOf(body)]).toEqual([400, hidden]);
    expect(answer.error?.message).toBe(
      "API's schema does not contain definition Nobody, which is associated with the content type application/broken.",
    );
  });

  const map = (more: string, types = "") =>
    `<content-type-map${more}>${types}</content-type-map>${content()}`;

  it.each([
    [map(' missing-content-type-value="application/json"'), {}, 400],
    [map(' any-content-type-value="application/json"'), { "Content-Type": "image/png" }, 400],
    [map("", '<type from="image/png" to="application/json" />'), { "Content-Type": "image/png" }, 400],
    [map("", '<type when="@(true)" to="application/own+json" />'), { "Content-Type": "image/png" }, 200],
    ['<content validate-as="json" action="prevent" />', { "Content-Type": "application/own+json" }, 200],
  ])("%s with %j: %d", (inside, headers, status) => {
    expect(run({ other: 1 }, inside, headers as Record<string, string>).answer.status).toBe(status);
  });

  it("goes on where it is only to detect, and puts what it found into the variable", () => {
    const inbound = `${policy(content("", "detect"))}<set-header name="x-errors" exists-action="override"><value>@(((JArray)context.Variables["errors"])[0]["ValidationRule"] + " " + ((JArray)context.Variables["errors"]).Count)</value></set-header>`;
    const { sent, answer } = callGateway(gateway({ inbound }), { body: '{"name":1}', headers: json });
    expect(sent[0]?.headers["x-errors"]).toBe("IncorrectMessage 2");
    expect(answer.trace.some(({ text }) => text.startsWith("detect: Body of the request"))).toBe(true);
  });

  it.each([
    { given: { body: '{"ok":1}' }, status: 200 },
    { given: { body: "{}" }, status: 502 },
    { given: { body: "{}", status: 500 }, status: 502 },
  ])("looks at answers: $given gives $status", ({ given, status }) => {
    const answerOf = (given: BackendAnswer) => ({
      ...given,
      headers: { "Content-Type": "application/json" },
    });
    const { answer, body } = callGateway(gateway({ outbound: policy(content()) }), {}, [answerOf(given)]);
    expect(answer.status).toBe(status);
    if (status === 502) {
      expect([messageOf(body), answer.error?.reason]).toEqual([hidden, "Response not allowed"]);
    }
  });

  it.each([
    [content(' schema-id="own"'), "own"],
    ['<content type="text/xml" validate-as="soap" action="prevent" />', "XML schemas"],
  ])("refuses %s", (inside, text) => {
    const { answer, body } = run({}, inside);
    expect([answer.status, body]).toEqual([501, expect.stringContaining(text)]);
  });

  it("says where the document of the API is not known", () => {
    const { answer, body } = callGateway(gateway({ inbound: policy(content()) }, null), {
      body: "{}",
      headers: json,
    });
    expect([answer.status, body]).toEqual([
      501,
      expect.stringContaining("OpenAPI document of the API `ai` is not known"),
    ]);
  });

  it("refuses to compare the items of long lists, and survives deep ones", () => {
    const long = run({ name: "a", age: 1, tags: Array.from({ length: 1_001 }, () => 1) }, content(), json);
    expect(long.answer.status).toBe(400); // too many bytes
    const loose =
      '<validate-content unspecified-content-type-action="ignore" max-size="4194304" size-exceeded-action="ignore"><content validate-as="json" action="prevent" /></validate-content>';
    const send = (body: string) => callGateway(gateway({ inbound: loose }), { body, headers: json });
    expect(send(JSON.stringify({ tags: Array.from({ length: 1_001 }, () => 1) })).answer.status).toBe(501);
    expect([400, 501]).toContain(send('{"friend":'.repeat(50_000) + "1" + "}".repeat(50_000)).answer.status);
  });

  it("tells no more than the first faults of a long list", () => {
    const loose =
      '<validate-content unspecified-content-type-action="ignore" max-size="4194304" size-exceeded-action="ignore" errors-variable-name="errors"><content validate-as="json" action="detect" /></validate-content><set-header name="x-count" exists-action="override"><value>@(((JArray)context.Variables["errors"]).Count.ToString())</value></set-header>';
    const body = JSON.stringify({
      name: "a",
      age: 1,
      tags: Array.from({ length: 900 }, (_, index) => index),
    });
    const { sent } = callGateway(gateway({ inbound: loose }), { body, headers: json });
    expect(sent[0]?.headers["x-count"]).toBe("50");
  });

  it("answers for any body and any query with one of its words", () => {
    const inbound = `${policy(content())}<validate-parameters specified-parameter-action="prevent" unspecified-parameter-action="prevent" />`;
    const bodies = fc.oneof(
      fc.json(),
      fc.string(),
      fc
        .record({ name: fc.jsonValue(), age: fc.jsonValue(), tags: fc.jsonValue(), friend: fc.jsonValue() })
        .map((given) => JSON.stringify(given)),
    );
    const queries = fc.webQueryParameters();
    fc.assert(
      fc.property(bodies, queries, (body, query) => {
        const path = `/ai/chat?${query}`;
        const { answer } = callGateway(gateway({ inbound }), { body, headers: json, path });
        expect([200, 400, 501]).toContain(answer.status);
        if (answer.status === 400) expect(answer.error?.reason).toBe("Bad request");
      }),
      { numRuns: 200 },
    );
  });

  it("reads Swagger 2.0 and OpenAPI 3.1", () => {
    const body = {
      type: "object",
      required: ["a"],
      properties: { a: { type: "string", "x-nullable": true } },
    };
    const swagger = {
      swagger: "2.0",
      info: { title: "t", version: "1" },
      consumes: ["application/json"],
      paths: {
        "/chat": {
          post: {
            operationId: "chat",
            parameters: [{ name: "b", in: "body", schema: { $ref: "#/definitions/B" } }],
            responses: {},
          },
        },
      },
      definitions: { B: body },
    };
    const modern = {
      openapi: "3.1.0",
      info: { title: "t", version: "1" },
      paths: {
        "/chat": {
          post: {
            operationId: "chat",
            requestBody: {
              content: {
                "application/json": {
                  schema: {
                    type: ["object", "null"],
                    dependentRequired: { a: ["b"] },
                    properties: { c: { $ref: "#/components/schemas/C", maxLength: 1 } },
                  },
                },
              },
            },
            responses: {},
          },
        },
      },
      components: { schemas: { C: { type: "string" } } },
    };
    const status = (openApi: unknown, sent: unknown) =>
      callGateway(gateway({ inbound: policy(content()) }, openApi), {
        body: JSON.stringify(sent),
        headers: json,
      }).answer.status;
    expect([{ a: null }, { a: 1 }, {}].map((sent) => status(swagger, sent))).toEqual([200, 400, 400]);
    expect([null, { a: 1 }, { a: 1, b: 1 }, { c: "xx" }].map((sent) => status(modern, sent))).toEqual([
      200, 400, 200, 400,
    ]);
  });
});

describe("validate-parameters", () => {
  const policy = (inside = "", actions = ["prevent", "prevent"]) =>
    `<validate-parameters specified-parameter-action="${actions[0]}" unspecified-parameter-action="${actions[1]}" errors-variable-name="errors">${inside}</validate-parameters>`;
  const id = "a3f0b1c2-0000-4000-8000-000000000000";
  const run = (request: RequestCase, inbound = policy()) =>
    callGateway(gateway({ inbound }), { headers: { "x-trace": id }, ...request });

  it.each([
    { path: "/ai/chat?count=3&flag=true&ids=1,2", message: undefined },
    {
      path: "/ai/chat?count=10",
      message:
        "The value of the query parameter count does not conform to the definition. Integer 10 exceeds maximum value of 9.",
    },
    {
      path: "/ai/chat?count=x",
      message:
        "Value of the query parameter count couldn't be parsed according to the definition. 'x' is no integer.",
    },
    {
      path: "/ai/chat?count=1&count=2",
      message: "Request cannot contain multiple values for the query parameter count.",
    },
    {
      path: "/ai/chat?flag=maybe",
      message:
        "Value of the query parameter flag couldn't be parsed according to the definition. 'maybe' is no boolean.",
    },
    {
      path: "/ai/chat?ids=1,2,3",
      message:
        "The value of the query parameter ids does not conform to the definition. Array item count 3 exceeds maximum count of 2.",
    },
    { path: "/ai/chat?other=1", message: "Unspecified query parameter other is not allowed." },
  ])("$path: $message", ({ path, message }) => {
    const { answer, body } = run({ path });
    expect(answer.status).toBe(message === undefined ? 200 : 400);
    if (message !== undefined) expect(messageOf(body)).toBe(message);
  });

  it.each([
    {
      headers: { "x-trace": "no uuid" },
      message:
        "The value of the header x-trace does not conform to the definition. String 'no uuid' does not validate against format 'uuid'.",
    },
    {
      headers: {},
      message:
        "The value of the header x-trace does not conform to the definition. It is required and missing.",
    },
    {
      headers: { "x-trace": id, "User-Agent": "x" },
      message: "Unspecified header User-Agent is not allowed.",
    },
  ])("headers $headers: $message", ({ headers, message }) => {
    const { answer, body } = run({ headers: headers });
    expect([answer.status, messageOf(body)]).toEqual([400, message]);
  });

  it("looks at the path", () => {
    const bad = run({ method: "GET", path: "/ai/items/A1", headers: {} });
    expect(messageOf(bad.body)).toBe(
      "The value of the path parameter id does not conform to the definition. String 'A1' does not match regex pattern '^[a-z]+$'.",
    );
    expect(run({ method: "GET", path: "/ai/items/a" }, policy("", ["prevent", "ignore"])).answer.status).toBe(
      200,
    );
  });

  it("lets single parameters, then places, say otherwise", () => {
    const inside =
      '<headers specified-parameter-action="detect" unspecified-parameter-action="ignore"><parameter name="Authorization" action="prevent" /></headers><query specified-parameter-action="ignore" unspecified-parameter-action="@("ignore")" />';
    const status = (headers: Record<string, string>) =>
      run({ headers, path: "/ai/chat?count=x&other=1" }, policy(inside)).answer.status;
    expect([status({}), status({ "User-Agent": "x" }), status({ authorization: "x" })]).toEqual([
      200, 200, 400,
    ]);
  });
});

describe("validate-headers and validate-status-code", () => {
  it.each([
    { headers: { "x-left": "3" }, status: 200 },
    { headers: { "x-left": "many" }, status: 502 },
    { headers: { "x-other": "1" }, status: 502 },
    { headers: { "x-free": "1" }, status: 200 },
  ])("headers $headers: $status", ({ headers, status }) => {
    const outbound =
      '<validate-headers specified-header-action="prevent" unspecified-header-action="prevent" errors-variable-name="e"><header name="X-Free" action="ignore" /></validate-headers>';
    const { answer, body } = callGateway(gateway({ outbound }), {}, [{ headers: headers }]);
    expect(answer.status).toBe(status);
    if (status === 502) expect(messageOf(body)).toBe(hidden);
  });

  it.each([
    { given: 200, status: 200 },
    { given: 404, status: 502 },
    { given: 429, status: 429 },
  ])("status $given: $status", ({ given, status }) => {
    const outbound =
      '<validate-status-code unspecified-status-code-action="prevent" errors-variable-name="e"><status-code code="429" action="detect" /></validate-status-code>';
    const { answer } = callGateway(gateway({ outbound }), {}, [{ status: given }]);
    expect(answer.status).toBe(status);
    if (status === 502) {
      expect(answer.error).toMatchObject({
        source: "validate-status-code",
        reason: "Response not allowed",
        message: "Response status code 404 is not allowed.",
      });
    }
  });
});
