/** Templates and what they give; what is refused, and why. */
import { describe, expect, it } from "vitest";
import { defaultLimits, Evaluation } from "../../../../src/core/gateway/expression/evaluation.ts";
import { parseJson } from "../../../../src/core/gateway/expression/json/json-parse.ts";
import { liquidContext } from "../../../../src/core/gateway/liquid/liquid-context.ts";
import { LiquidRefusal } from "../../../../src/core/gateway/liquid/liquid-refusal.ts";
import { prepareLiquid } from "../../../../src/core/gateway/liquid/liquid-template.ts";
import { liquidJson, liquidXml } from "../../../../src/core/gateway/liquid/liquid-values.ts";
import { contextWith } from "../expression/support.ts";

const context = contextWith({});

const json = JSON.stringify({
  name: "ada LOVELACE",
  word: "hello",
  html: "<b class=\"x\">é & 'y'</b>",
  lines: "a\nb\r\nc",
  long: "one two three four",
  n: 7,
  half: 2.5,
  large: "LARGE",
  yes: true,
  none: null,
  empty: [],
  list: [3, 1, 2, 1],
  words: ["b", "a", "C"],
  items: [
    { k: "x", v: 1 },
    { k: "y", v: 2 },
  ],
  nested: { a: { b: "deep" } },
  when: "2024-03-05T06:07:08Z",
}).replace('"LARGE"', "1234567890123456789");

function render(template: string, body = json, limits = defaultLimits): string {
  const ev = new Evaluation(context, limits);
  const scope = { body: liquidJson(parseJson(body, "JToken", ev)), context: liquidContext(context) };
  return prepareLiquid(template)(scope, ev);
}

function renderXml(template: string, xml: string, nil: "blank" | "null" = "blank"): string {
  const ev = new Evaluation(context, defaultLimits);
  return prepareLiquid(template)({ body: liquidXml(xml, nil), context: liquidContext(context) }, ev);
}

describe("filters", () => {
  it.each([
    ["body.n | Minus: 10 | Abs", "3"],
    ["body.word | Append: '!' | Prepend: '>'", ">hello!"],
    ["body.n | AtLeast: 10", "10"],
    ["body.n | AtMost: 5", "5"],
    ["body.word | Capitalize", "Hello"],
    ["body.list | Compact | Join: ','", "3,1,2,1"],
    ["body.when | Date: 'yyyyMMddTHH:mm:ssZ'", "20240305T06:07:08Z"],
    ["'2024-03-05' | Date: 'dd MMM yyyy'", "05 Mar 2024"],
    ["'no date' | Date: 'yyyy'", "no date"],
    ["body.missing | Default: 'd'", "d"],
    ["body.n | DividedBy: 2", "3"],
    ["body.n | DividedBy: 2.0 | Plus: 0.5", "3.5"],
    ["body.half | DividedBy: 2", "1.25"],
    ["body.name | Downcase", "ada lovelace"],
    ["body.name | Upcase", "ADA LOVELACE"],
    ["body.html | Escape", "&lt;b class=&quot;x&quot;&gt;&#233; &amp; &#39;y&#39;&lt;/b&gt;"],
    ["body.html | H", "&lt;b class=&quot;x&quot;&gt;&#233; &amp; &#39;y&#39;&lt;/b&gt;"],
    ["body.list | First", "3"],
    ["body.list | Last", "1"],
    ["body.words | Join", "b a C"],
    ["'  a ' | Lstrip", "a "],
    ["'  a ' | Rstrip", "  a"],
    ["'  a ' | Strip", "a"],
    ["body.items | Map: 'k' | Join: '+'", "x+y"],
    ["body.n | Modulo: 4", "3"],
    ["body.lines | NewlineToBr", "a<br />\nb<br />\r\nc"],
    ["body.word | Remove: 'l'", "heo"],
    ["body.word | RemoveFirst: 'l'", "helo"],
    ["body.word | Replace: 'l+', '($&)'", "he(ll)o"],
    ["body.word | ReplaceFirst: '(l)', '<$1>'", "he<l>lo"],
    [`'a"b' | Replace: '([^\\\\](\\\\\\\\)*)"', '$1\\"'`, 'a\\"b'],
    ["2.344 | Round: 2", "2.34"],
    ["body.half | Round", "2"],
    ["3.5 | Round", "4"],
    ["body.word | Size", "5"],
    ["body.list | Size", "4"],
    ["body.word | Slice: 1, 3", "ell"],
    ["body.word | Slice: -2", "l"],
    ["body.list | Sort | Join: ','", "1,1,2,3"],
    ["body.words | Sort | Join: ','", "a,b,C"],
    ["body.items | Sort: 'v' | Map: 'k' | Last", "y"],
    ["'a,,b' | Split: ',' | Join: ';'", "a;b"],
    ["body.html | StripHtml", "é & 'y'"],
    ["'<<a>b<c' | StripHtml", "b<c"],
    ["body.lines | Prepend: '<' | Append: '<x>>' | StripHtml", "<a\nb\r\nc>"],
    ["body.lines | StripNewlines", "abc"],
    ["body.n | Times: 3", "21"],
    ["body.long | Truncate: 10", "one two..."],
    ["body.long | TruncateWords: 2, '!'", "one two!"],
    ["body.list | Uniq | Join", "3 1 2"],
    ["'a b&ü' | UrlEncode", "a+b%26%C3%BC"],
    ["'a+b%26' | UrlDecode", "a b&"],
  ])("{{ %s }} is %j", (expression, expected) => {
    expect(render(`{{ ${expression} }}`)).toBe(expected);
  });
});

describe("values", () => {
  it.each([
    ["{{body.nested.a.b}}", "deep"],
    ['{{body["nested"]["a"].b}}', "deep"],
    ["{{body.items[1].k}}{{body.list[0]}}", "y3"],
    ["{{body.n}} {{body.half}} {{body.yes}} {{body.none}}|", "7 2.5 true |"],
    ["{{body.large}}", "1234567890123456789"],
    ["{{body.list}}", "3121"],
    ["{{body.when}}", "03/05/2024 06:07:08"],
    ["{{body.constructor}}{{body.__proto__}}{{constructor}}|", "|"],
    ["{{ 'a\\nb' }}", "a\\nb"],
  ])("%s is %j", (template, expected) => {
    expect(render(template)).toBe(expected);
  });

  it("sees of the context what the page lists", () => {
    const members = [
      "Request.Method",
      "Request.OriginalUrl.Scheme",
      "Request.HasBody",
      "Response.StatusCode",
    ];
    const text = render(members.map((member) => `{{context.${member}}}`).join(" "));
    expect(text.split(" ")).toHaveLength(4);
    expect(render('{{context.Request.Headers["x-none"]}}|{{context.Variables["none"]}}')).toBe("|");
  });
});

describe("tags", () => {
  it.each([
    ["{% if body.yes and body.n > 5 %}a{% elsif true %}b{% else %}c{% endif %}", "a"],
    ["{% unless body.none %}a{% endunless %}", "a"],
    ["{% if body.empty == empty %}a{% endif %}{% if body.word contains 'ell' %}b{% endif %}", "ab"],
    ["{% if '10' < '9' %}a{% endif %}{% if '10' < 9 %}b{% endif %}", "ab"],
    ["{% if 10 < '9' %}a{% else %}b{% endif %}", "b"],
    ["{% case body.n %}{% when 1, 7 %}a{% else %}b{% endcase %}", "a"],
    ["{% for i in body.list limit:2 offset:1 %}{{forloop.index}}{{i}} {% endfor %}", "11 22 "],
    ["{% for i in (1..3) reversed %}{{i}}{% if i == 2 %}{% break %}{% endif %}{% endfor %}", "32"],
    ["{% for i in body.empty %}x{% else %}none{% endfor %}", "none"],
    ["{% assign x = body.word | Upcase %}{% capture y %}{{x}}!{% endcapture %}{{y}}", "HELLO!"],
    ["{% comment %}{{ x | Nothing }}{% endcomment %}{% raw %}{{ y }}{% endraw %}", "{{ y }}"],
    ["{% for i in (1..3) %}{% cycle 'a', 'b' %}{% endfor %}", "aba"],
    ["[{% JSONArrayFor i in body.items -%} {{i.k}} {% endJSONArrayFor -%}]", "[x ,y ]"],
    ["{% JSONArrayFor i in body.missing %}x{% endJSONArrayFor %}|", "|"],
    ["a  {%- if true -%} \n b {%- endif %}", "a\n b"],
  ])("%s is %j", (template, expected) => {
    expect(render(template)).toBe(expected);
  });
});

describe("XML", () => {
  const soap = `<s:Envelope xmlns:s="u" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><s:Body><GetResponse>
    <Result><Product id="7"><Id>1</Id><Name>A</Name></Product><Product><Id>2</Id><Name/><Price xsi:nil="true"/></Product></Result>
    <One><Item>x</Item></One></GetResponse></s:Body></s:Envelope>`;

  it.each([
    ["{{body.envelope.body.GetResponse.One.Item}}", "x"],
    ["{{body.Envelope.BODY.getresponse.result.product[1].id}}", "2"],
    [
      "[{% JSONArrayFor p in body.envelope.body.GetResponse.Result -%}{{p.Id}}{% if p.Price %}+{% endif %}{% endJSONArrayFor -%}]",
      "[1,2+]",
    ],
    ["{% JSONArrayFor p in body.envelope.body.GetResponse.One %}{{p}}{% endJSONArrayFor %}", "x"],
    ["{% if body.envelope.body.fault %}a{% else %}b{% endif %}", "b"],
  ])("%s is %j", (template, expected) => {
    expect(renderXml(template, soap)).toBe(expected);
  });

  it("has nothing for nil where it is to", () => {
    const template = "{% if body.a.b %}there{% else %}not{% endif %}";
    const xml = '<a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><b xsi:nil="true"/></a>';
    expect([renderXml(template, xml), renderXml(template, xml, "null")]).toEqual(["there", "not"]);
  });

  it.each(["{{body.envelope}}", "{{body.envelope.s}}"])("refuses what is not known: %s", (template) => {
    expect(() => renderXml(template, '<envelope s="1"><c/></envelope>')).toThrow(LiquidRefusal);
  });
});

describe("what is refused", () => {
  it.each([
    ["{{ body.word | upcase }}", /undefined filter: upcase/],
    ["{{ body.word | Nothing }}", /undefined filter: Nothing/],
    ["{% include 'file' %}", /tag "include" not found/],
    ["{% render 'file' %}", /tag "render" not found/],
    ["{% layout 'file' %}", /tag "layout" not found/],
    ["{% if %}", /./],
    ["{% for x in body.list %}", /not closed/],
    ["{% if not body.yes %}{% endif %}", /operator `not`/],
    ["{% if body.n <> 1 %}{% endif %}", /operator `<>`/],
    ["{% if body.word startsWith 'h' %}{% endif %}", /operator `startsWith`/],
    ["{{ body.nested }}", /is not known/],
    ["{{ body.items }}", /is not known/],
    ["{{ body.word | Plus: 1 }}", /is no number/],
    ["{{ 'two words' | Capitalize }}", /several words/],
    ["{{ 1 | Currency }}", /culture/],
    ["{{ 1 | DividedBy: 0 }}", /by zero/],
    ["{% for x in body.nested %}{% endfor %}", /goes through lists/],
    ["{% if body.items == body.list %}{% endif %}", /compares lists/],
    ["{{ context.Nothing }}", /context.Nothing/],
    ["{{ context.Request.OriginalMethod }}", /OriginalMethod/],
    ["{% JSONArrayFor x in body.list where a %}{% endJSONArrayFor %}", /more than a variable/],
    ["{% JSONArrayFor x in body.list %}", /not closed/],
  ])("%s", (template, reason) => {
    const attempt = () => render(template);
    expect(attempt).toThrow(reason);
    expect(attempt).toThrow(LiquidRefusal);
  });
});

describe("long texts", () => {
  it.each([
    ["{{ body | StripHtml | Size }}", JSON.stringify("<".repeat(300_000))],
    ["{{ body | Capitalize | Size }}", JSON.stringify(`a${"1".repeat(300_000)}`)],
    ["{{".repeat(150_000), "1"],
    [" ".repeat(500_000), "1"],
  ])("%.30s: linear", (template, body) => {
    try {
      expect(render(template, body).length).toBeGreaterThan(0);
    } catch (error) {
      expect(error).toBeInstanceOf(LiquidRefusal);
    }
  });
});

describe("bounds", () => {
  const limits = { steps: 20_000, memory: 200_000, depth: 50 };

  it.each([
    "{% for a in (1..1000) %}{% for b in (1..1000) %}{% for c in (1..1000) %}x{% endfor %}{% endfor %}{% endfor %}",
    "{% for a in (1..100000000) %}x{% endfor %}",
    `{% assign s = 'xxxxxxxxxx' %}${"{% assign s = s | Append: s %}".repeat(40)}{{s}}`,
    `{% assign s = 'xxxxxxxxxx' %}${"{% capture s %}{{s}}{{s}}{% endcapture %}".repeat(40)}{{s}}`,
    "{% if true %}".repeat(5_000) + "{% endif %}".repeat(5_000),
    "x".repeat(700_000),
  ])("ends: %.60s", (template) => {
    expect(() => render(template, json, limits)).toThrow(LiquidRefusal);
  });
});
