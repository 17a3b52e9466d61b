import { describe, expect, it } from "vitest";
import { checkApiSettings } from "../../../src/core/compile/api-settings.ts";
import { parseSpec } from "../../../src/core/spec/parse-spec.ts";

const text = `apimgw: 1
name: contoso-ai
service: { subscriptionId: 00000000-0000-0000-0000-000000000001, resourceGroup: rg-ai, name: contoso-apim }
apis:
  chat:
    managedIdentity: "{{audience}}"
    deny:
      reason: See {{help}}
      body: { error: { message: "ask {{known}} or {{hepl}}" } }
  plain:
    managedIdentity: false
    deny: { body: "{{}} and {{ spaced }}" }
  odd:
    managedIdentity: "x\\u0001"
    deny: { reason: "\\u0007", body: { escaped: "\\u0001", not: "\\uFFFF" } }
    operations: { "a\\u0002": {} }
`;

describe("the settings of an API that end up in policies", () => {
  it("are checked where they stand", () => {
    const { parsed } = parseSpec(text, { file: "gateway.yaml", variables: {} });
    if (parsed === undefined) throw new Error("the spec is sound");
    const names = { backends: [], fragments: [], loggers: [], namedValues: ["known", "help"] };
    const context = { names, source: parsed.source };
    const found = Object.entries(parsed.spec.apis ?? {}).flatMap(([id, api]) =>
      checkApiSettings(context, id, api).map(
        ({ severity, message, at }) => `${at.line} ${severity} ${message}`,
      ),
    );
    expect(found).toEqual([
      "6 warning {{audience}} is not a named value of this spec",
      "9 warning {{hepl}} is not a named value of this spec, did you mean `help`?",
      "14 error this holds the character U+0001, which a policy document cannot hold",
      "15 error this holds the character U+0007, which a policy document cannot hold",
      "15 error this holds the character U+FFFF, which a policy document cannot hold",
      "16 error this holds the character U+0002, which a policy document cannot hold",
    ]);
  });
});
