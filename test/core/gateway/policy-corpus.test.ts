/** Public documents with transformations, validations and model policies run, or are refused with the reason. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { readGrammarWasm } from "../../../src/adapters/grammar.ts";
import { loadCSharpGrammar } from "../../../src/core/policy/expression/csharp/grammar.ts";
import { parsePolicyDocument } from "../../../src/core/policy/parse.ts";
import { printPolicyDocument } from "../../../src/core/policy/print.ts";
import { sharedFolder } from "../../support/shared-data.ts";
import { callGateway } from "./call-gateway.ts";

beforeAll(async () => loadCSharpGrammar(await readGrammarWasm()));

const wanted =
  /template="liquid"|<(?:json-to-xml|xml-to-json|jsonp|cross-domain|validate-(?:content|parameters|headers|status-code)|(?:llm|azure-openai)-semantic-cache|llm-content-safety|get-authorization-context|authentication-certificate|proxy)\b/;
const folder = sharedFolder("corpus/good");
const texts =
  folder === undefined
    ? []
    : globSync("**/*.xml", { cwd: folder })
        .sort()
        .map((file) => ({ file, text: readFileSync(join(folder, file), "utf8") }))
        .filter(({ text }) => wanted.test(text));

describe.skipIf(folder === undefined)("documents of the corpus", () => {
  it("has some of them", () => {
    expect(texts.length).toBeGreaterThan(30);
  });

  it.each(texts)("$file", ({ text }) => {
    const parsed = parsePolicyDocument(text, { dialect: "auto" });
    if (!parsed.ok || parsed.document.root.name !== "policies") return;
    const policies = { "apis/ai": printPolicyDocument(parsed.document, { dialect: "rawxml" }) };
    const { answer, body } = callGateway(
      { policies, backends: { "content-safety": { url: "https://safety.test" } } },
      {
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: '{"messages":[]}',
      },
      [{ headers: { "Content-Type": "application/json" }, body: '{"a":1}' }],
    );
    expect([200, 400, 401, 403, 500, 501, 502, 503]).toContain(answer.status);
    if (answer.status === 501)
      expect(body).toMatch(/stops this request|cannot be|is not known|not simulated/);
  });
});
