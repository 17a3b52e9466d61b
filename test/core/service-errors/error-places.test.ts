import { beforeAll, describe, expect, it } from "vitest";
import { ServiceFailure } from "../../../src/core/failure.ts";
import type { ServiceErrorDetail } from "../../../src/core/failure.ts";
import type { Location } from "../../../src/core/location.ts";
import { printPolicyDocument } from "../../../src/core/policy/print.ts";
import { errorPlaces, missingNameRemedy } from "../../../src/core/service-errors/error-places.ts";
import { loadSoundGateway, type SoundGateway } from "../../../src/usecases/load-gateway.ts";
import { memoryFiles } from "../../usecases/local-project.ts";

const spec = `apimgw: 1
name: team-a
service: { subscriptionId: 00000000-0000-0000-0000-000000000001, resourceGroup: rg-ai, name: contoso-apim }
backends:
  main: { url: https://a.example/openai, circuitBreaker: { count: 1, interval: 1m, statusCodes: [429], tripDuration: 1m } }
  spare: { url: https://b.example/openai }
  third: { url: https://c.example/openai }
pools:
  both:
    members: [{ backend: main }, { backend: spare }]
namedValues:
  limit: { value: "10" }
fragments:
  audit: { file: policies/audit.xml }
loggers:
  insights: { applicationInsights: { instrumentationKey: "{{limit}}" } }
apis:
  small:
    path: small
    openapi: openapi.yaml
    managedIdentity: https://cognitiveservices.azure.com/
    deny: { status: 404, reason: "Not {{limit}}" }
    subscriptionKey: false
    diagnostics: { applicationInsights: { logger: insights } }
    operations:
      Chat:
        backend: main
        retry: { count: 2 }
        fallback: [spare, third]
        policies:
          inbound: |
            <rate-limit calls="{{limit}}" renewal-period="60" />
            <choose>
              <when condition="@(context.Request.Method == &quot;GET&quot;)">
                <include-fragment fragment-id="audit" />
              </when>
            </choose>
      Images:
        backend: both
        timeout: 30s
        policies:
          outbound: { file: policies/out.xml }
`;
const audit = `<fragment>
  <set-header name="x" exists-action="override">
    <value>@(context.User.Id +
      Rsa.Key)</value>
  </set-header>
</fragment>
`;
const outbound = `<set-variable name="a" value="@{
  var a = 1 < 2 && true;
  return a
}" />
<log-to-eventhub logger-id="insights">x</log-to-eventhub>
`;
const openApi = `openapi: 3.0.1
info: { title: Small, version: "1" }
paths:
  /chat:
    post: { operationId: Chat, responses: { 200: { description: OK } } }
  /images:
    post:
      operationId: Images
      parameters: [{ name: n, in: query }]
      responses: { 200: { description: OK } }
`;
const files: Readonly<Record<string, string>> = {
  "gateway.yaml": spec,
  "policies/audit.xml": audit,
  "policies/out.xml": outbound,
  "openapi.yaml": openApi,
};

let gateway: SoundGateway;
beforeAll(async () => {
  gateway = await loadSoundGateway(memoryFiles(files), { file: "gateway.yaml", variables: {} });
});

const chat = "apis/small/operations/Chat/policies/policy";
const images = "apis/small/operations/Images/policies/policy";

function resourceAt(path: string) {
  const resource = gateway.model.resources.find((other) => other.path === path);
  if (resource === undefined) throw new Error(`no ${path}`);
  return resource;
}

/** Line and column, one past `<`, of the nth element of that name in the text that is sent. */
function sentPlace(path: string, name: string, nth = 0) {
  const { document } = resourceAt(path);
  if (document === undefined) throw new Error(`${path} has no document`);
  const text = printPolicyDocument(document, { dialect: "xml" });
  const starts = [...text.matchAll(new RegExp(`<(?=${name}[ >/])`, "g"))];
  const before = text.slice(0, (starts[nth]?.index ?? NaN) + 1).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function inElement(path: string, name: string, said: string, nth = 0): ServiceErrorDetail {
  const { line, column } = sentPlace(path, name, nth);
  return {
    code: "ValidationError",
    target: name,
    message: `Error in element '${name}' on line ${line}, column ${column}: ${said}`,
  };
}

/** `file: what stands there`; the file's name is left out for the spec. */
function shown({ file, line, column, endLine = line, endColumn = column }: Location): string {
  const lines = (files[file] ?? "").split("\n").slice(line - 1, endLine);
  const last = lines.length - 1;
  lines[last] = lines[last]?.slice(0, endColumn - 1) ?? "";
  lines[0] = lines[0]?.slice(column - 1) ?? "";
  return `${file === "gateway.yaml" ? "" : `${file}: `}${line}: ${lines.join("\n")}`;
}

function refused(path: string, details: readonly ServiceErrorDetail[], message = "refused") {
  const failure = new ServiceFailure("SERVICE.REJECTED", message, { status: 400, details });
  return errorPlaces(resourceAt(path), failure, { ...gateway, source: gateway.parsed.source });
}

describe("the place of a refusal", () => {
  it.each<[string, () => [string, ServiceErrorDetail], string]>([
    [
      "the operation's backend",
      () => [chat, inElement(chat, "set-backend-service", "Backend with id 'main' could not be found.")],
      "27: main",
    ],
    [
      "the second fallback",
      () => [chat, inElement(chat, "set-backend-service", "Backend with id 'third' could not be found.", 2)],
      "29: third",
    ],
    ["the retry", () => [chat, inElement(chat, "retry", "Count is wrong.", 1)], "28: retry"],
    ["the timeout", () => [images, inElement(images, "forward-request", "Too long.")], "40: 30s"],
    [
      "the API's identity",
      () => [chat, inElement(chat, "authentication-managed-identity", "No identity.")],
      "21: https://cognitiveservices.azure.com/",
    ],
    [
      "the API's denial",
      () => [
        "apis/small/policies/policy",
        { target: "set-status", message: "Cannot find a property 'limit'" },
      ],
      "22: deny",
    ],
    [
      "an attribute in the spec's own XML, by its value",
      () => [
        chat,
        inElement(chat, "include-fragment", "Policy fragment with id 'audit' could not be found."),
      ],
      "35: audit",
    ],
    [
      "an attribute by its name",
      () => [chat, inElement(chat, "rate-limit", "The 'renewal-period' attribute is invalid - no.")],
      "32: 60",
    ],
    [
      "a named value without a place",
      () => [chat, { target: "rate-limit", message: "Cannot find a property 'limit'" }],
      "32: {{limit}}",
    ],
    [
      "an expression of a child, whose parent is named",
      () => [chat, inElement(chat, "choose", "Too many characters in character literal")],
      "34: @(context.Request.Method == &quot;GET&quot;)",
    ],
    [
      "an element in a policy file",
      () => [images, inElement(images, "log-to-eventhub", "Logger not found")],
      "policies/out.xml: 5: log-to-eventhub",
    ],
    [
      "a place inside an expression",
      () => [images, inElement(images, "set-variable", "(3,3): error CS1002: ; expected")],
      "policies/out.xml: 3: r",
    ],
    [
      "a type, by the expression that has it",
      () => ["policyFragments/audit", { message: "Usage of type 'Rsa' is not supported within expressions" }],
      "policies/audit.xml: 3: @(context.User.Id +\n      Rsa.Key)",
    ],
    [
      "the spec's pool",
      () => ["backends/both", { target: "pool", message: "Backend not found." }],
      "10: members",
    ],
    ["a backend's property", () => ["backends/main", { target: "url", message: "Not a URL." }], "5: url"],
    [
      "a pool's member",
      () => ["backends/both", { target: "pool.services[1].id", message: "Backend not found." }],
      "10: { backend: spare }",
    ],
    [
      "a breaker's property",
      () => [
        "backends/main",
        {
          target: "properties.circuitBreaker.rules[0].failureCondition.statusCodeRanges[0].min",
          message: "No.",
        },
      ],
      "5: 429",
    ],
    [
      "a property that the spec does not give",
      () => ["backends/main", { target: "protocol", message: "Protocol is not supported" }],
      "5: main",
    ],
    [
      "an OpenAPI document, by JSON pointer",
      () => [
        "apis/small",
        {
          target: "representation",
          message: "Parsing error(s): No type. [#/paths/~1images/post/parameters/0]",
        },
      ],
      "openapi.yaml: 9: ",
    ],
    [
      "an OpenAPI document, by the reader's path",
      () => [
        "apis/small",
        {
          target: "representation",
          message: "Parsing error(s): x. Path 'paths['/chat'].post', line 1, position 9.",
        },
      ],
      "openapi.yaml: 5: ",
    ],
    [
      "an OpenAPI document without a place",
      () => ["apis/small", { target: "representation", message: "Parsing error(s): unreadable." }],
      "20: openapi.yaml",
    ],
  ])("is %s", (_, given, expected) => {
    const [path, detail] = given();
    expect(refused(path, [detail]).map(({ at }) => shown(at))).toEqual([expected]);
  });

  it("is found for every detail, and says what is wrong without the place in what was sent", () => {
    const places = refused(chat, [
      inElement(chat, "rate-limit", "Wrong."),
      inElement(chat, "retry", "Wrong too.", 0),
    ]);
    expect(places.map(({ message, at }) => `${message} ${shown(at)}`)).toEqual([
      "Wrong. 32: rate-limit",
      "Wrong too. 29: fallback",
    ]);
  });

  it("is that of the id which is named, when a named value of several lines has moved the lines", () => {
    const moved = inElement(chat, "set-backend-service", "Backend with id 'third' could not be found.", 1);
    expect(refused(chat, [moved]).map(({ at }) => shown(at))).toEqual(["29: third"]);
  });

  it("is found where the XML reader stood", () => {
    const { document } = resourceAt(images);
    const text = document === undefined ? "" : printPolicyDocument(document, { dialect: "xml" });
    const before = text.slice(0, text.indexOf("return a")).split("\n");
    const [line, column] = [before.length, (before.at(-1)?.length ?? 0) + 1];
    const [place] = refused(images, [
      { target: "representation", message: `'a' is an unexpected token. Line ${line}, position ${column}.` },
    ]);
    expect(place).toMatchObject({
      message: "'a' is an unexpected token.",
      at: { file: "policies/out.xml", line: 3, column: 3 },
    });
  });

  it("is found for fragments, whose refusals have no details", () => {
    const [place] = refused(
      "policyFragments/audit",
      [],
      "cannot write `policyFragments/audit`: ValidationError: The policy fragment is not a valid XML: 'x' is an unexpected token. Line 2, position 4.",
    );
    expect(place?.at).toMatchObject({ file: "policies/audit.xml", line: 2, column: 4 });
  });

  it.each<[string, ServiceErrorDetail]>([
    ["names nothing", { message: "Something is wrong." }],
    ["names an element that stands there twice", { message: "The element 'set-backend-service' is wrong." }],
    [
      "names an element that is not there",
      { target: "quota", message: "Error in element 'quota' on line 3, column 6: no" },
    ],
    ["gives a place outside the document", { message: "Unexpected end. Line 900, position 1." }],
  ])("is not made up when the message %s", (_, detail) => {
    expect(refused(chat, [detail])).toEqual([]);
  });

  it("is not looked for when nothing was refused", () => {
    const failure = new ServiceFailure("SERVICE.CONFLICT", "busy", {
      status: 409,
      details: [{ target: "url", message: "x" }],
    });
    const origins = { ...gateway, source: gateway.parsed.source };
    expect(errorPlaces(resourceAt("backends/main"), failure, origins)).toEqual([]);
  });
});

it("a name that is missing on the service has a remedy", () => {
  const at = { file: "gateway.yaml", line: 1, column: 1 };
  expect(missingNameRemedy([{ message: "Backend with id 'x' could not be found.", at }])).toContain(
    "plan again",
  );
  expect(missingNameRemedy([{ message: "Logger not found", at }])).toContain("plan again");
  expect(
    missingNameRemedy([{ message: "Policy is not allowed in the specified scope", at }]),
  ).toBeUndefined();
});
