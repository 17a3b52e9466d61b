import { beforeAll, describe, expect, it } from "vitest";
import { expressionRange } from "../../../../../src/core/lint/policy/expressions/expression-range.ts";
import { contextOf, findIn, loadGrammar } from "./support.ts";

beforeAll(loadGrammar);

const documents = [
  [
    "an attribute",
    "rawxml",
    `<policies>\n<inbound><set-variable name="a" value="@("x" + context.Foo)" /></inbound></policies>`,
  ],
  [
    "entities",
    "xml",
    `<policies>\n<inbound><set-variable name="a" value="@(&quot;x&#34; + context.Foo)" /></inbound></policies>`,
  ],
  [
    "text",
    "auto",
    `<policies><inbound><set-body>\r\n  @("x" + context.Foo)\r\n</set-body></inbound></policies>`,
  ],
  [
    "CDATA",
    "auto",
    `<policies><inbound><set-body><![CDATA[\n@("<" + context.Foo)]]></set-body></inbound></policies>`,
  ],
  [
    "CRLF",
    "rawxml",
    `<policies><inbound><set-body>@{\r\n  // a & b\r  return "x" + context.Foo;\r\n}</set-body></inbound></policies>`,
  ],
  [
    "after text",
    "rawxml",
    `<policies><inbound><set-body>&#32;\r\n @("&quot;" + context.Foo)</set-body></inbound></policies>`,
  ],
] as const;

describe("places of findings", () => {
  it.each(documents.slice(0, 5))("marks the member in %s", (_, dialect, source) => {
    const context = contextOf(source, dialect)!;
    const [found] = findIn(context).filter(({ rule }) => rule === "unknown-context-member");
    expect(found?.marked).toBe("Foo");
    expect(found?.line).toBe(source.slice(0, source.indexOf("Foo")).split(/\r\n|\r|\n/).length);
  });

  it("falls back to the element where a value is partly decoded", () => {
    const context = contextOf(documents[5][2], documents[5][1])!;
    const [found] = findIn(context).filter(({ rule }) => rule === "unknown-context-member");
    expect(["set-body", "Foo"]).toContain(found?.marked);
  });

  it("has no range without a source", () => {
    const context = contextOf(documents[0][2])!;
    const [placed] = context.expressions;
    expect(expressionRange({ ...context, sourceOf: () => undefined }, placed!, 0, 1)).toBeUndefined();
  });

  it("marks where the syntax breaks", () => {
    const source = `<policies><inbound><set-body>@{\n  var a = 1;\n  return a\n}</set-body></inbound></policies>`;
    const [found] = findIn(contextOf(source)!);
    expect([found?.rule, found?.line, found?.marked]).toEqual(["expression-syntax", 3, "a"]);
  });
});
