import { describe, expect, it } from "vitest";
import { element, text } from "../../../src/core/policy/build.ts";
import { parsePolicyDocument, parsePolicyNodes } from "../../../src/core/policy/parse.ts";
import { attributeValue, childElement, elementText } from "../../../src/core/policy/tree.ts";
import { parsed, plain, problemOf } from "./support.ts";

function attributeOf(markup: string, dialect: "xml" | "rawxml"): string | undefined {
  return attributeValue(parsed(`<a b=${markup} />`, dialect).root, "b");
}

function textOf(markup: string, dialect: "xml" | "rawxml"): string {
  return elementText(parsed(`<a>${markup}</a>`, dialect).root);
}

describe("attribute values", () => {
  it.each([
    ["entities", '"&lt;&gt;&amp;&quot;&apos;&#65;&#x42;"', "<>&\"'AB"],
    ["single quotes", `'say "x"'`, 'say "x"'],
    ["a line end", '"a\r\n\tb"', "a  b"],
    ["a line end as a reference", '"a&#xA;b&#13;c"', "a\nb\rc"],
    ["line ends of an expression", '"@{\r\n  // a\r\n}"', "@{\n  // a\n}"],
    ["placeholders", '"{{a}} ${b} #{c}# $(d)"', "{{a}} ${b} #{c}# $(d)"],
    ["an @ that starts nothing", '"a@b @ @@(c"', "a@b @ @@(c"],
    ["an escaped @", '"&#64;(a"', "@(a"],
  ])("both dialects: %s", (_, markup, value) => {
    expect(attributeOf(markup, "xml")).toBe(value);
    expect(attributeOf(markup, "rawxml")).toBe(value);
  });

  it.each([
    [
      "an escaped expression",
      '"@(a == &quot;&amp;lt;&quot; &amp;&amp; b &lt; c)"',
      '@(a == "&lt;" && b < c)',
    ],
    ["escaped with a bracket in a string", '"@(a == &quot;)&quot;)"', '@(a == ")")'],
    ["escaped with line ends", '"@{&#xA;  return &quot;a&quot;;&#xD;&#xA;}"', '@{\n  return "a";\r\n}'],
  ])("both dialects: %s", (_, markup, value) => {
    expect(attributeOf(markup, "xml")).toBe(value);
    expect(attributeOf(markup, "rawxml")).toBe(value);
  });

  it.each([
    ["quotes", '"@(a["b"] == "c")"', '@(a["b"] == "c")'],
    ["markup", '"@(As<JObject>() != null && 1 < 2)"', "@(As<JObject>() != null && 1 < 2)"],
    ["strings that look like markup", '"@("/></a>")"', '@("/></a>")'],
    ["entities in strings stay", '"@(a.Replace("&amp;", "&"))"', '@(a.Replace("&amp;", "&"))'],
    ["space around", '" @("a") "', ' @("a") '],
    ["single quotes outside", `'@("a" + 'b')'`, `@("a" + 'b')`],
    ["a bare & outside expressions", '"/x?a={a}&b=&copy;&"', "/x?a={a}&b=&copy;&"],
    ["an escaped & outside expressions", '"/x?a=1&amp;b=2"', "/x?a=1&b=2"],
    ["an address is no expression", '"a@(b"', "a@(b"],
  ])("rawxml: %s", (_, markup, value) => {
    expect(attributeOf(markup, "rawxml")).toBe(value);
  });

  it.each([
    ["first", 'subject="O="Contoso, Inc.", CN=a"', 'O="Contoso, Inc.", CN=a'],
    ["last", 'issuer-subject="CN=a, O="Contoso & Sons, Inc.""', 'CN=a, O="Contoso & Sons, Inc."'],
    ["twice", 'subject="OU="a, b" , O="c, d",C=US"', 'OU="a, b" , O="c, d",C=US'],
    ["not at all", 'subject="CN=" issuer-subject=""', "CN="],
  ])("rawxml: parts of a distinguished name in quotes, %s", (_, attribute, value) => {
    const { root } = parsed(`<identity ${attribute} />`, "rawxml");
    expect(root.attributes[0]?.value).toBe(value);
  });
});

describe("element text", () => {
  it.each([
    ["verbatim", '@(a < b && c == "d")', '@(a < b && c == "d")'],
    ["with generics", '\n  @{ return As<JObject>()["x"]; }\n', '\n  @{ return As<JObject>()["x"]; }\n'],
    ["among text", "x &lt; @(a < b) & @(c < d) y", "x < @(a < b) & @(c < d) y"],
    ["escaped", "@(a &lt; b &amp;&amp; c)", "@(a < b && c)"],
    ["escaped but for its quotes", '@(As&lt;JObject&gt;()["x"])', '@(As<JObject>()["x"])'],
    ["each by itself", '@(a &lt; b) @("&lt;")', '@(a < b) @("&lt;")'],
    ["text that is none", "a@(b) c@(d", "a@(b) c@(d"],
    ["CRLF", "a\r\nb\rc", "a\nb\nc"],
    ["CDATA", "<![CDATA[@(a < b) &amp; ]]>", "@(a < b) &amp; "],
  ])("rawxml: an expression %s", (_, markup, value) => {
    expect(textOf(markup, "rawxml")).toBe(value);
  });

  it("xml: an expression with its quotes left alone", () => {
    expect(textOf('@(As&lt;JObject&gt;()["x"])', "xml")).toBe('@(As<JObject>()["x"])');
  });
});

describe("trees", () => {
  it("leaves out layout, and keeps white space that is all there is or stands beside text", () => {
    const source =
      "\uFEFF<?xml version='1.0'?>\r\n<!-- a -->\n<p>\n  <q> </q>\n  <r>x <s/> <t/></r><!--b-->\n</p>\n<!-- c -->\n";
    expect(plain(parsed(source))).toEqual({
      before: [{ type: "comment", value: " a " }],
      root: element("p", {}, [
        element("q", {}, [text(" ")]),
        element("r", {}, [text("x "), element("s"), text(" "), element("t")]),
        { type: "comment", value: "b" },
      ]),
      after: [{ type: "comment", value: " c " }],
    });
  });

  it("says where everything stands in the original text", () => {
    const source = '\uFEFF<policies>\r\n  <when  condition = "@("a")" x=\'\'>&lt;</when>\r\n</policies>';
    const root = parsed(source, "rawxml").root;
    const when = childElement(root, "when");
    const [condition, x] = when?.attributes ?? [];
    const slice = (range?: { start: { offset: number }; end: { offset: number } }) =>
      source.slice(range?.start.offset, range?.end.offset);
    expect(slice(when?.range)).toBe('<when  condition = "@("a")" x=\'\'>&lt;</when>');
    expect(slice(when?.nameRange)).toBe("when");
    expect(slice(condition?.nameRange)).toBe("condition");
    expect(slice(condition?.valueRange)).toBe('@("a")');
    expect(slice(x?.valueRange)).toBe("");
    expect(slice(when?.children[0]?.range)).toBe("&lt;");
    expect(root.nameRange?.start).toEqual({ offset: 2, line: 1, column: 2 });
    expect(when?.nameRange?.start).toMatchObject({ line: 2, column: 4 });
  });

  it("joins CDATA sections side by side", () => {
    expect(plain(parsed("<a><![CDATA[x]]]]><![CDATA[>y]]></a>").root.children)).toEqual([
      { type: "text", value: "x]]>y", isCData: true },
    ]);
  });

  it("takes comments with double hyphens in rawxml, as the service does, and makes them sound", () => {
    expect(parsed("<!-- a -- b <!-- c ---><a/>", "rawxml").before).toMatchObject([
      { value: " a - - b <!- - c - " },
    ]);
  });

  it("reads pieces", () => {
    const source = '\n<base />\n<!-- x -->\n<set-body>@("a")</set-body>\n';
    const result = parsePolicyNodes(source, { dialect: "auto" });
    expect(result.ok && plain(result.nodes)).toEqual([
      element("base"),
      { type: "comment", value: " x " },
      element("set-body", {}, [text('@("a")')]),
    ]);
    expect(parsePolicyNodes(" \n", { dialect: "auto" })).toMatchObject({ ok: true, nodes: [] });
    expect(parsePolicyNodes("\uFEFFx <a/> ", { dialect: "rawxml" })).toMatchObject({
      ok: true,
      nodes: [{ value: "x " }, { name: "a" }, { value: " " }],
    });
  });

  it("chooses the dialect", () => {
    expect(parsePolicyDocument('<a b="@(&quot;x&quot;)"/>', { dialect: "auto" })).toMatchObject({
      dialect: "xml",
    });
    expect(parsePolicyDocument('<a b="@("x")"/>', { dialect: "auto" })).toMatchObject({ dialect: "rawxml" });
    expect(parsePolicyDocument('<a b="x?a=1&b=2"/>', { dialect: "auto" })).toMatchObject({
      dialect: "rawxml",
    });
  });
});

describe("what is wrong, and where", () => {
  it.each([
    ["", "1:1 there is no root element"],
    ["<a>", "1:2 <a> is not closed"],
    ["<a>\n<b>\n</a>", "3:3 </a> does not close <b>, which starts one line above"],
    ["<b></a>", "1:6 </a> does not close <b>, which starts on this line"],
    ["\n<b>\r\n\r\n</a>", "4:3 </a> does not close <b>, which starts 2 lines above"],
    ["<a/>\n</b>", "2:3 </b> closes nothing"],
    ["<a/><b/>", "1:7 a policy document has one root element; here a second one starts"],
    ["<a/> x", "1:6 there is text outside the root element"],
    ["x<a/>", "1:1 there is text outside the root element"],
    ["<a b/>", '1:5 An attribute is not written as name="value".'],
    ["<a b=c/>", "1:6 an attribute value is not in quotes"],
    ['<a b=""c=""/>', "1:8 white space is missing between attributes"],
    ["<a b='' b=''/>", "1:9 the attribute `b` is given twice"],
    ['<a b="<"/>', "1:7 `<` may not stand here"],
    ["<a>a < b</a>", "1:7 an element name is expected here"],
    ["<a>]]></a>", "1:6 `]]>` may not stand in text"],
    ["<a>&#0;</a>", "1:4 XML cannot hold the character with this number"],
    ["<a>\u0007</a>", "1:4 XML cannot hold the character U+0007"],
    ["<a>\uD83D</a>", "1:4 XML cannot hold the character U+D83D"],
    ["<a><!-- </a>", "1:4 the comment that starts here has no end"],
    ["<a><![CDATA[ </a>", "1:4 the CDATA section that starts here has no end"],
    ["<a b='</a>", "1:7 `<` may not stand here"],
    ["<a b='c", "1:1 the tag that starts here has no end"],
    ["<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "1:1 a policy document cannot have a DOCTYPE"],
    ["<a><?x y?></a>", "1:4 a policy document cannot have processing instructions"],
    ["<a/><?xml version='1.0'?>", "1:5 The XML declaration must be the first thing in the document."],
  ])("both dialects: %j", (source, problem) => {
    expect(problemOf(parsePolicyDocument(source, { dialect: "xml" }))).toBe(problem);
    expect(problemOf(parsePolicyDocument(source, { dialect: "rawxml" }))).toBe(problem);
  });

  it.each([
    ["<a>x & y</a>", "1:6 `&` starts an entity here, and there is none"],
    ["<a b='1&c=2'/>", "1:8 `&` starts an entity here, and there is none"],
    ["<a>&nbsp;</a>", "1:4 XML does not know the entity `&nbsp;`"],
    ["<a><!-- a -- b --></a>", "1:11 a comment holds `--`, which XML does not allow"],
    ['<a b="@(c["d"])"/>', "1:12 white space is missing between attributes"],
  ])("xml: %j", (source, problem) => {
    expect(problemOf(parsePolicyDocument(source, { dialect: "xml" }))).toBe(problem);
  });

  it.each([
    [
      '<a\n  b="@(c == "d)"/>',
      "2:6 broken policy expression: the expression that starts here has no closing `)`",
    ],
    [
      '<a b="@(c("d","")" e="f"\n/>',
      "1:24 broken policy expression: the string that starts here is not closed on its line",
    ],
    [
      "<a>\n @{ x();\n</a>",
      "2:2 broken policy expression: the expression that starts here has no closing `}`",
    ],
    ['<a b="@(c]"/>', "1:10 broken policy expression: `)` is expected, not `]`"],
    ["<a b=c d='@('/>", "1:6 an attribute value is not in quotes"],
    ['<a b="O="c, d", e"/>', "1:10 white space is missing between attributes"],
    ['<a subject="O="c"e/>', "1:16 white space is missing between attributes"],
  ])("rawxml: %j", (source, problem) => {
    expect(problemOf(parsePolicyDocument(source, { dialect: "rawxml" }))).toBe(problem);
  });

  it("auto reports what rawxml cannot take", () => {
    const source = '<a b="@("x")"><c></a>';
    expect(problemOf(parsePolicyDocument(source, { dialect: "auto" }))).toMatch(
      /^1:20 <\/a> does not close <c>/,
    );
  });

  it("helps where raw quotes stand in format xml", () => {
    const result = parsePolicyDocument('<a b="@(c["d"])"/>', { dialect: "xml" });
    expect(result.ok ? undefined : result.problems[0]?.help).toContain("format rawxml");
  });

  it("refuses endless nesting", () => {
    const source = "<a>".repeat(100_000);
    expect(problemOf(parsePolicyDocument(source, { dialect: "auto" }))).toBe(
      "1:602 elements are nested more than 200 deep",
    );
    const deep = "<a>".repeat(200) + "</a>".repeat(200);
    expect(parsePolicyDocument(deep, { dialect: "auto" }).ok).toBe(true);
  });

  it.each([
    ["expressions that do not end", "<a>x@(</a>".repeat(20_000)],
    ["the same in comments", "<a>x@(/*</a>".repeat(20_000)],
    ["the same in one text", `<a>${"x@(".repeat(50_000)}</a>`],
    ["escaped expressions in one text", `<a>${"@(&lt;)".repeat(50_000)}</a>`],
    ["verbatim expressions in one text", `<a>${"@(1)".repeat(50_000)}</a>`],
    ["attributes", `<a ${Array.from({ length: 20_000 }, (_, index) => `b${index}="@("x")"`).join(" ")}/>`],
  ])("reads in linear time: %s", (_, source) => {
    expect(parsePolicyNodes(source, { dialect: "rawxml" }).ok).toBe(true);
  });
});
