import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { renderPolicy } from "../../../src/adapters/local/policy-rendition.ts";
import { readPolicyText } from "../../../src/adapters/local/policy-text.ts";
import { describeXmlFault } from "../../../src/adapters/local/xml-fault.ts";
import { parsePolicyDocument } from "../../../src/core/policy/parse.ts";
import { canonicalJson, isJsonObject } from "../../../src/core/json.ts";
import { isXmlSpace } from "../../../src/core/policy/xml-text.ts";
import type { Json } from "../../../src/core/json.ts";
import { sharedRoot } from "../../support/shared-data.ts";
import { detailsOf, document, propertiesOf, refusalOf, serviceId, single, start } from "./support.ts";
import type { Client } from "./support.ts";

const scope = "apis/a/policies/policy";

async function startWithApi(): Promise<Client> {
  const client = await start();
  await client.put("apis/a", { path: "a", displayName: "A" });
  return client;
}

const raw = `<policies>
  <inbound>
    <base />
    <set-variable name="t" value="@{
    return ((Jwt)context.Variables["jwt"]) == null && true;
}" />
    <!-- why -->
    <set-body>@(context.Request.Body.As<JObject>()["a"] + "b")</set-body>
    <rewrite-uri template="/x?a=1&amp;b=2" />
  </inbound>
</policies>
`;

test("what comes back is laid out anew: CRLF, tabs, entities", async () => {
  const { put, get } = await startWithApi();
  await put(scope, { format: "rawxml", value: raw });
  const { value, format } = propertiesOf(await get(scope));
  expect(format).toBeUndefined();
  expect(value).toBe(
    [
      "<policies>",
      "\t<inbound>",
      "\t\t<base />",
      '\t\t<set-variable name="t" value="@{&#xA;    return ((Jwt)context.Variables[&quot;jwt&quot;]) == null &amp;&amp; true;&#xA;}" />',
      "\t\t<!-- why -->",
      '\t\t<set-body>@(context.Request.Body.As&lt;JObject&gt;()["a"] + "b")</set-body>',
      '\t\t<rewrite-uri template="/x?a=1&amp;b=2" />',
      "\t</inbound>",
      "</policies>",
    ].join("\r\n"),
  );
});

test("rawxml un-escapes, also where it mattered", async () => {
  const { put, get } = await startWithApi();
  await put(scope, { format: "rawxml", value: raw });
  expect(propertiesOf(await get(scope, { format: "rawxml" }))["value"]).toBe(
    [
      "<policies>",
      "\t<inbound>",
      "\t\t<base />",
      '\t\t<set-variable name="t" value="@{',
      '    return ((Jwt)context.Variables["jwt"]) == null && true;',
      '}" />',
      "\t\t<!-- why -->",
      '\t\t<set-body>@(context.Request.Body.As<JObject>()["a"] + "b")</set-body>',
      '\t\t<rewrite-uri template="/x?a=1&b=2" />',
      "\t</inbound>",
      "</policies>",
    ].join("\r\n"),
  );
});

test("a PUT is answered in xml with two blanks, whatever was sent; lists hold xml", async () => {
  const { put, get } = await startWithApi();
  const answer = propertiesOf(
    await put(scope, {
      format: "rawxml",
      value: '<policies><inbound><base /><x a="@("b")" /></inbound></policies>',
    }),
  );
  expect(answer).toEqual({
    value:
      '<policies>\r\n  <inbound>\r\n    <base />\r\n    <x a="@(&quot;b&quot;)" />\r\n  </inbound>\r\n</policies>',
  });
  const { value } = (await get("apis/a/policies")).body as { value: { properties: { value: string } }[] };
  expect(value[0]?.properties.value).toContain("\r\n\t<inbound>");
  expect((await get(scope, { format: "html" })).status).toBe(400);
});

test("what was given back can be sent again", async () => {
  const { put, get } = await startWithApi();
  await put(scope, { format: "rawxml", value: raw });
  for (const format of ["xml", "rawxml"]) {
    const before = propertiesOf(await get(scope, { format }))["value"];
    expect((await put(scope, { format, value: before })).status).toBe(200);
    expect(propertiesOf(await get(scope, { format }))["value"]).toBe(before);
  }
});

test.each([
  [
    "a backend",
    '<set-backend-service backend-id="none" />',
    "set-backend-service: Error in element 'set-backend-service' on line 4, column 6: Backend with id 'none' could not be found.",
  ],
  [
    "a backend deep inside",
    '<choose><when condition="@(true)"><set-backend-service backend-id="none" /></when></choose>',
    "set-backend-service: Error in element 'set-backend-service' on line 4, column 40: Backend with id 'none' could not be found.",
  ],
  [
    "a fragment",
    '<include-fragment fragment-id="none" />',
    "include-fragment: Error in element 'include-fragment' on line 4, column 6: Policy fragment with id 'none' could not be found.",
  ],
  [
    "a logger",
    '<log-to-eventhub logger-id="none">x</log-to-eventhub>',
    "log-to-eventhub: Error in element 'log-to-eventhub' on line 4, column 6: Logger not found",
  ],
  [
    "a named value",
    '<rate-limit calls="{{none}}" renewal-period="60" />',
    "rate-limit: Cannot find a property 'none'",
  ],
  [
    "a named value in an expression",
    '<set-body>@("{{none}}")</set-body>',
    "set-body: Cannot find a property 'none'",
  ],
])("a document that needs %s which is not there is refused", async (_, inbound, detail) => {
  const { put } = await startWithApi();
  expect(detailsOf(await put(scope, { format: "rawxml", value: document(inbound) }))).toEqual([detail]);
});

test.each([
  '<set-backend-service backend-id="@(context.Request.Method)" />',
  '<set-backend-service backend-id="{{known}}" />',
  '<set-backend-service base-url="https://x.example.com" />',
  '<set-backend-service backend-id="dapr" dapr-app-id="x" />',
  '<set-backend-service backend-id="A" />',
])("%s names nothing that is missing", async (inbound) => {
  const { put } = await startWithApi();
  await put("backends/a", single);
  await put("namedValues/n", { displayName: "known", value: "a" });
  expect((await put(scope, { format: "rawxml", value: document(inbound) })).status).toBe(201);
});

test.each([
  [
    "another root",
    "<policy />",
    "policy: Error in element 'policy' on line 1, column 2: The root element must be 'policies'.",
  ],
  [
    "a fragment",
    "<fragment />",
    "fragment: Error in element 'fragment' on line 1, column 2: The root element must be 'policies'.",
  ],
  [
    "a bare section",
    "<inbound>\n  <validate-jwt />\n</inbound>",
    "validate-jwt: Error in element 'validate-jwt' on line 2, column 4: Policy section is not allowed in the specified scope",
  ],
  [
    "an unknown section",
    "<policies><inboud /></policies>",
    "inboud: Error in element 'inboud' on line 1, column 12: The element 'policies' has invalid child element 'inboud'. List of possible elements expected: 'inbound, backend, outbound, on-error'.",
  ],
  [
    "a section twice",
    "<policies><inbound /><inbound /></policies>",
    "inbound: Error in element 'inbound' on line 1, column 23: The element 'policies' has invalid child element 'inbound'. List of possible elements expected: 'backend, outbound, on-error'.",
  ],
  [
    "a section in a section",
    "<policies><inbound><outbound /></inbound></policies>",
    "outbound: Error in element 'outbound' on line 1, column 21: Policy section is not allowed in the specified scope",
  ],
  [
    "text in a section",
    "<policies><inbound>deny</inbound></policies>",
    "inbound: Error in element 'inbound' on line 1, column 12: The element 'inbound' cannot contain text.",
  ],
  [
    "an unclosed element",
    "<policies>\n<inbound>\n</policies>",
    "representation: The 'inbound' start tag on line 2 position 2 does not match the end tag of 'policies'. Line 3, position 3.",
  ],
  ["nothing", "", "value: 'value' should not be empty."],
  ["blanks", "  ", "representation: Root element is missing. Line 1, position 3."],
])("%s is refused", async (_, value, detail) => {
  const { put } = await startWithApi();
  expect(detailsOf(await put(scope, { value }))).toEqual([detail]);
});

test("malformed rawxml is refused with a place", async () => {
  const { put } = await startWithApi();
  const [detail] = detailsOf(
    await put(scope, { format: "rawxml", value: "<policies>\n<inbound>\n</policies>" }),
  ) as string[];
  expect(detail).toMatch(/^representation: .+ Line \d+, position \d+\.$/);
});

test("a document over 256 KiB and formats with links are refused", async () => {
  const { put } = await startWithApi();
  const large = document(`<!-- ${"x".repeat(256 * 1024)} -->`);
  expect(detailsOf(await put(scope, { value: large }))).toEqual([
    "representation: Policy size exceeds allowed limit of 256 KB",
  ]);
  expect((await put(scope, { format: "xml-link", value: "https://example.com/p.xml" })).status).toBe(400);
});

test("the global policy is there from the start, and deleting it brings it back", async () => {
  const { put, get, remove } = await start();
  const before = propertiesOf(await get("policies/policy"))["value"];
  expect(before).toBe(
    "<policies>\r\n\t<inbound />\r\n\t<backend>\r\n\t\t<forward-request />\r\n\t</backend>\r\n\t<outbound />\r\n\t<on-error />\r\n</policies>",
  );
  expect((await put("policies/policy", { value: "<policies><inbound /></policies>" })).status).toBe(200);
  expect((await remove("policies/policy")).status).toBe(200);
  expect(propertiesOf(await get("policies/policy"))["value"]).toBe(before);
});

test("fragments: both formats, no sections, and their users hold them", async () => {
  const { put, get, call, remove } = await startWithApi();
  const value = '<fragment>\n<set-variable name="a" value="@("b")" />\n</fragment>';
  expect((await put("policyFragments/f", { format: "rawxml", value, description: "d" })).status).toBe(201);
  expect(propertiesOf(await get("policyFragments/f"))).toEqual({
    description: "d",
    value: '<fragment>\r\n\t<set-variable name="a" value="@(&quot;b&quot;)" />\r\n</fragment>',
    provisioningState: "Succeeded",
  });
  expect(propertiesOf(await get("policyFragments/f", { format: "rawxml" }))["value"]).toContain(
    'value="@("b")"',
  );
  await put(scope, { value: document('<include-fragment fragment-id="F" />') });
  expect((await call("POST", "policyFragments/f/listReferences")).body).toEqual({
    value: [
      { id: `${serviceId}/${scope}`, type: "Microsoft.ApiManagement/service/apis/policies", name: "policy" },
    ],
    count: 1,
  });
  expect(refusalOf(await remove("policyFragments/f"))).toEqual({
    status: 400,
    code: "ValidationError",
    message: `The Policy Fragment 'f' is used by the following entities:\r\n/${scope}\r\n`,
    details: null,
  });
  expect(detailsOf(await put("policyFragments/g", { value: "<fragment><inbound /></fragment>" }))).toEqual([
    "inbound: Error in element 'inbound' on line 1, column 12: Policy section is not allowed in the specified scope",
  ]);
  expect(refusalOf(await put("policyFragments/g", { value }))).toEqual({
    status: 400,
    code: "ValidationError",
    message:
      "The policy fragment is not a valid XML: 'b' is an unexpected token. Expecting white space. Line 2, position 34.",
    details: null,
  });
});

test.each([
  ['<a b="@("c")"/>', "'c' is an unexpected token. Expecting white space. Line 1, position 10."],
  ['<a b="x?a=1&b=2"/>', "'=' is an unexpected token. The expected token is ';'. Line 1, position 14."],
  ['<a b="x && y"/>', "An error occurred while parsing EntityName. Line 1, position 10."],
  ['<a b="1 < 2"/>', "'<', hexadecimal value 0x3C, is an invalid attribute character. Line 1, position 9."],
  [
    '<a b="@(x == "")"/>',
    "Name cannot begin with the '\"' character, hexadecimal value 0x22. Line 1, position 15.",
  ],
  ["<a>&nbsp;</a>", "Reference to undeclared entity 'nbsp'. Line 1, position 5."],
  ["<a b=c/>", "'c' is an unexpected token. The expected token is '\"' or '''. Line 1, position 6."],
  ["<a b/>", "'/' is an unexpected token. The expected token is '='. Line 1, position 5."],
  ["<a b='1' b='2'/>", "'b' is a duplicate attribute name. Line 1, position 10."],
  [
    "<a>\n <b>\n</a>",
    "The 'b' start tag on line 2 position 3 does not match the end tag of 'a'. Line 3, position 3.",
  ],
  [
    "<a><b>",
    "Unexpected end of file has occurred. The following elements are not closed: b, a. Line 1, position 7.",
  ],
  ["<a/><b/>", "There are multiple root elements. Line 1, position 6."],
  ["x<a/>", "Data at the root level is invalid. Line 1, position 1."],
  [
    "<a><!-- x -- y --></a>",
    "An XML comment cannot contain '--', and '-' cannot be the last character. Line 1, position 11.",
  ],
  ["<a>]]></a>", "']]>' is not allowed in character data. Line 1, position 4."],
  ["<a b='x", "There is an unclosed literal string. Line 1, position 6."],
])("the XML reader on %s", (text, message) => {
  expect(describeXmlFault(text)).toBe(message);
});

type BadCase = {
  id: string;
  xml?: string;
  serviceMessage: string | null;
  category: string;
  scope: string;
  format: "xml" | "rawxml";
};

const badFile = resolve(sharedRoot, "corpus/bad/errors.json");
const bad = existsSync(badFile) ? (JSON.parse(readFileSync(badFile, "utf8")) as BadCase[]) : [];
const checked = new Set(["xml", "reference", "named-value", "structure", "fragment"]);
/** What the local APIM does not look at, and says so: certificates and schemas. */
const unchecked = new Set(["ref-certificate-keyvault-thumbprint", "schema-id-not-available"]);

describe.skipIf(bad.length === 0)("refusals people have reported", () => {
  test.each(
    bad.filter(({ id, xml, category }) => xml !== undefined && checked.has(category) && !unchecked.has(id)),
  )("$id", async ({ xml, format, serviceMessage, scope: where }) => {
    const { put } = await startWithApi();
    const reply = await put(where === "fragment" ? "policyFragments/f" : scope, { format, value: xml });
    expect(reply.status).toBe(400);
    // Names, lines and columns are those of the report; the words must be the same.
    expect(words(JSON.stringify(reply.body))).toContain(words(serviceMessage ?? ""));
  });
});

function words(message: string): string {
  return message
    .replaceAll(/'(?:[^'\\]|\\.)*' is an unexpected token/g, "'' is an unexpected token")
    .replaceAll(/id '[^']*'/g, "id ''")
    .replaceAll(/\bline \d+\b/gi, "line")
    .replaceAll(/\b(column|position) \d+/g, "$1");
}

const goodFolder = resolve(sharedRoot, "corpus/good");

describe.skipIf(!existsSync(goodFolder))("published policies", () => {
  test("the XML reader and the parser agree on what is well-formed", () => {
    const files = readdirSync(goodFolder, { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".xml"),
    );
    const disagreements = files.filter((file) => {
      const text = readFileSync(resolve(goodFolder, file), "utf8");
      return parsePolicyDocument(text, { dialect: "xml" }).ok !== (describeXmlFault(text) === undefined);
    });
    expect(files.length).toBeGreaterThan(100);
    expect(disagreements).toEqual([]);
  });

  test("what comes back means what was sent", () => {
    const files = readdirSync(goodFolder, { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".xml"),
    );
    const changed = files.filter((file) => {
      const parsed = parsePolicyDocument(readFileSync(resolve(goodFolder, file), "utf8"), {
        dialect: "auto",
      });
      if (!parsed.ok) return false;
      const back = readPolicyText(renderPolicy(parsed.document, { dialect: "xml", indent: "\t" }), "xml");
      return !back.ok || shape(back.document) !== shape(parsed.document);
    });
    expect(changed).toEqual([]);
  });
});

/** A document without its positions, and without texts that are only white space: .NET's reader drops those. */
function shape(value: unknown): string {
  const plain = JSON.stringify(value, (key, member: unknown) => {
    if (/range/i.test(key)) return undefined;
    return key === "children" && Array.isArray(member) ? member.filter((node) => !isBlankText(node)) : member;
  });
  return canonicalJson(JSON.parse(plain) as Json);
}

function isBlankText(node: unknown): boolean {
  return (
    isJsonObject(node) &&
    node["type"] === "text" &&
    typeof node["value"] === "string" &&
    isXmlSpace(node["value"])
  );
}
