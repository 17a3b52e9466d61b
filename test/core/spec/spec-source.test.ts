import { describe, expect, it } from "vitest";
import { parseSpec } from "../../../src/core/spec/parse-spec.ts";
import { pointer } from "../../../src/core/spec/source.ts";

const text = `apimgw: 1
name: contoso-ai
service: { subscriptionId: 00000000-0000-0000-0000-000000000001, resourceGroup: rg-ai, name: contoso-apim }
backends:
  aoai: # the main one
    url: https://base.example
    title: 'It''s "\${SIDE}" here'
  spare: { url: "https://\\u0073pare.example/\${SIDE}/end" }
pools:
  chat:
    members:
      - { backend: aoai }
      -
        backend: spare
apis:
  a/b~c:
    path: a
fragments:
  literal: |2 # a comment with a |
      <fragment>
    second \${SIDE} line

    last
  folded: >-
    first part
    second \${SIDE} part

    last
  plain: first part
    second part
  quoted: "first
    second"
environments:
  prod:
    backends:
      aoai: { url: https://prod.example }
`.replace("a/b~c", "a-b.c");

function sourceOf(environment?: string) {
  const options = {
    file: "gateway.yaml",
    variables: { SIDE: "left" },
    ...(environment ? { environment } : {}),
  };
  const { parsed, problems } = parseSpec(text, options);
  expect(problems).toEqual([]);
  return parsed!;
}

/** The text from a location on, to the end of its line. */
function rest({ line, column }: { line: number; column: number }): string {
  return text.split("\n")[line - 1]!.slice(column - 1);
}

describe("locate", () => {
  const { source } = sourceOf();
  it.each([
    ["/name", "contoso-ai"],
    ["/backends/aoai/url", "https://base.example"],
    ["/backends/aoai/title", "'It''s \"${SIDE}\" here'"],
    ["/backends/spare", '{ url: "https://\\u0073pare.example/${SIDE}/end" }'],
    ["/pools/chat/members/1/backend", "spare"],
    ["/fragments/literal", "|2 # a comment with a |"],
    ["/fragments/folded", ">-"],
    ["/apis/a-b.c/path/deeper", "a"],
    ["/apis/a-b.c/operations/X", "path: a"],
    ["/backends/nowhere/url", "aoai: # the main one"],
    ["", "apimgw: 1"],
  ])("%s", (at, expected) => {
    expect(rest(source.locate(at))).toBe(expected);
  });

  it("gives the end, the file and the pointer", () => {
    expect(source.locate("/service/name")).toEqual({
      file: "gateway.yaml",
      line: 3,
      column: 94,
      endLine: 3,
      endColumn: 106,
      pointer: "/service/name",
    });
    expect(source.locate("/backends/spare")).toMatchObject({ line: 8, endLine: 8, endColumn: 59 });
  });

  it("gives the place in the overlay for what it changes", () => {
    const prod = sourceOf("prod").source;
    expect(rest(prod.locate("/backends/aoai/url"))).toBe("https://prod.example }");
    expect(rest(prod.locateKey("/backends/aoai/url"))).toBe("url: https://prod.example }");
    expect(rest(prod.locateKey("/backends/aoai"))).toBe("aoai: # the main one");
  });
});

describe("locateKey", () => {
  const { source } = sourceOf();
  it.each([
    ["/backends/aoai", "aoai: # the main one"],
    ["/pools/chat/members/0", "{ backend: aoai }"],
    [pointer("apis", "a-b.c"), "a-b.c:"],
    ["", "apimgw: 1"],
  ])("%s", (at, expected) => {
    expect(rest(source.locateKey(at))).toBe(expected);
  });
});

describe("locateWithin", () => {
  const { source, spec } = sourceOf();
  const literal = spec.fragments!["literal"] as string;
  const folded = spec.fragments!["folded"] as string;
  const plain = spec.fragments!["plain"] as string;
  const title = spec.backends!["aoai"]!.title!;
  const url = spec.backends!["spare"]!.url;

  it.each([
    ["/fragments/literal", literal, "<fragment>", "<fragment>"],
    ["/fragments/literal", literal, "ment>", "ment>"],
    ["/fragments/literal", literal, "second", "second ${SIDE} line"],
    ["/fragments/literal", literal, "left", "${SIDE} line"],
    ["/fragments/literal", literal, "eft", "${SIDE} line"],
    ["/fragments/literal", literal, "line", "line"],
    ["/fragments/literal", literal, "last", "last"],
    ["/fragments/folded", folded, "second", "second ${SIDE} part"],
    ["/fragments/folded", folded, "left", "${SIDE} part"],
    ["/fragments/folded", folded, "last", "last"],
    ["/fragments/plain", plain, "second", "second part"],
    ["/backends/aoai/title", title, "It", "It''s \"${SIDE}\" here'"],
    ["/backends/aoai/title", title, "s ", 's "${SIDE}" here\''],
    ["/backends/aoai/title", title, "left", "${SIDE}\" here'"],
    ["/backends/aoai/title", title, "here", "here'"],
    ["/backends/spare/url", url, "spare", '\\u0073pare.example/${SIDE}/end" }'],
    ["/backends/spare/url", url, "pare", 'pare.example/${SIDE}/end" }'],
    ["/backends/spare/url", url, "/end", '/end" }'],
    ["/name", "contoso-ai", "so-ai", "so-ai"],
  ])("%s: %#", (at, value, searched, expected) => {
    const offset = value.indexOf(searched);
    expect(offset).toBeGreaterThanOrEqual(0);
    expect(rest(source.locateWithin(at, offset))).toBe(expected);
  });

  it("gives the start of a quoted string over several lines", () => {
    expect(rest(source.locateWithin("/fragments/quoted", 8))).toBe('"first');
  });

  it("stays in the value for an offset beyond its end", () => {
    expect(source.locateWithin("/name", 1000)).toMatchObject({ line: 2, column: 17 });
  });
});
