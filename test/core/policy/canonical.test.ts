import { describe, expect, it } from "vitest";
import { canonicalPolicy, printForDiff, samePolicy } from "../../../src/core/policy/canonical.ts";
import { normalizeExpression } from "../../../src/core/policy/expression/normalize.ts";
import { printPolicyDocument } from "../../../src/core/policy/print.ts";
import { parsed } from "./support.ts";

function same(a: string, b: string): boolean {
  return samePolicy(parsed(a), parsed(b));
}

/** A policy in a section, as people write it. */
function inbound(policy: string): string {
  return `<policies>\n    <inbound>\n        <base />\n        ${policy}\n    </inbound>\n</policies>\n`;
}

/** The same as the service gives it back: tabs, CRLF, no line end at the end. */
function fromService(policy: string): string {
  return `<policies>\r\n\t<inbound>\r\n\t\t<base />\r\n\t\t${policy}\r\n\t</inbound>\r\n</policies>`;
}

describe("what the service changes on its own is no difference", () => {
  it.each([
    [
      "azure-rest-api-specs#25306, attribute",
      '<set-variable name="u" value="@{\n return ((Jwt)context.Variables["jwt"]).Subject;\n}" />',
      '<set-variable name="u" value="@{&#xA;    return ((Jwt)context.Variables[&quot;jwt&quot;]).Subject;&#xA;}" />',
    ],
    [
      "azure-rest-api-specs#25306, element text",
      '<set-body>@{ return context.Response.Body.As<JObject>()["a"].ToString(); }</set-body>',
      '<set-body>@{ return context.Response.Body.As&lt;JObject&gt;()["a"].ToString(); }</set-body>',
    ],
    [
      "azure-rest-api-specs#21835",
      '<set-variable name="n" value="@(((666 & 0xFF) << 8))" />',
      '<set-variable name="n" value="@(((666 &amp; 0xFF) &lt;&lt; 8))" />',
    ],
    [
      "Azure/apiops#555",
      '<rewrite-uri template="/x?a={a}&amp;b={b}" />',
      '<rewrite-uri template="/x?a={a}&b={b}" />',
    ],
    [
      "layout inside C#",
      '<when condition="@(a == "b" &&\n      c)" />',
      '<when condition="@(a == &quot;b&quot; &amp;&amp;&#xD;&#xA;\t\t\tc)" />',
    ],
    [
      "comments",
      "<!-- a --><set-method>GET</set-method>",
      "<set-method><!-- b -->\r\n\t\t\tGET</set-method>",
    ],
    ["comments in C#", "<a b='@{ // x\n return 1; /* y */ }' />", "<a b='@{return 1;}' />"],
    ["order of attributes", '<a b="1" c="2" />', '<a c="2" b="1"></a>'],
    [
      "a default",
      '<set-header name="a" exists-action="override"><value>b</value></set-header>',
      '<set-header name="a"><value>b</value></set-header>',
    ],
    ["CDATA", "<set-body><![CDATA[<a>]]></set-body>", "<set-body>&lt;a&gt;</set-body>"],
    [
      "defaults",
      '<forward-request timeout="5" buffer-request-body="false" buffer-response="true" follow-redirects="false" fail-on-error-status-code="false" http-version="1" />',
      '<forward-request timeout="5" />',
    ],
  ])("%s", (_, written, live) => {
    expect(same(inbound(written), fromService(live))).toBe(true);
    expect(printForDiff(parsed(fromService(live)))).toBe(printForDiff(parsed(inbound(written))));
  });

  it("nor is the order of sections", () => {
    expect(
      same(
        "<policies><outbound/><inbound/></policies>",
        "<policies>\n<inbound>\n</inbound><outbound /></policies>",
      ),
    ).toBe(true);
  });
});

describe("what has a meaning is a difference", () => {
  it.each([
    ["white space in text", "<a>a b</a>", "<a>ab</a>"],
    ["white space in a value", '<a b="a b" />', '<a b="ab" />'],
    ["white space at the ends of a value", '<a b="a" />', '<a b=" a" />'],
    ["white space in a string", '<a>@("a b")</a>', '<a>@("ab")</a>'],
    ["comment signs in a string", '<a>@("/* a */")</a>', '<a>@("")</a>'],
    ["case", "<a>B</a>", "<a>b</a>"],
    ["order of elements", "<a/><b/>", "<b/><a/>"],
    ["a value that is no default", '<forward-request buffer-request-body="true" />', "<forward-request />"],
    ["a default of another policy", '<a exists-action="override" />', "<a />"],
    ["an empty attribute", '<a b="" />', "<a />"],
    ["a section that is missing", "<a/></inbound><outbound><base/></outbound><inbound>", "<a/>"],
    ["signs that join", "<a>@(a + +b)</a>", "<a>@(a ++b)</a>"],
    ["words that join", "<a>@(return1)</a>", "<a>@(return 1)</a>"],
    ["a named value and nested blocks", "<a>@{{{b}}}</a>", "<a>@{{ {b} }}</a>"],
    ["text and an expression", "<a>@(b)</a>", "<a>x @(b)</a>"],
    ["JSON is text", '<a>{"b": 1}</a>', '<a>{"b":1}</a>'],
  ])("%s", (_, a, b) => {
    expect(same(inbound(a), inbound(b))).toBe(false);
    expect(printForDiff(parsed(inbound(a)))).not.toBe(printForDiff(parsed(inbound(b))));
  });
});

describe("normalizeExpression", () => {
  it.each([
    ["@( a . b ( c , d ) )", "@(a.b(c,d))"],
    ["@{ return  a ; }", "@{return a;}"],
    ["@{ return/**/a; // b\n }", "@{return a;}"],
    ["@(new Foo<List<int> >())", "@(new Foo<List<int>>())"],
    ["@(a - -b - --c)", "@(a- -b- --c)"],
    ["@(a && ! b || c == - 1)", "@(a&&!b||c==-1)"],
    ['@( $"{ a }  b" )', '@($"{ a }  b")'],
    ["@{ { { a(); } } }", "@{{ {a();} }}"],
    ["@( {{x}} )", "@({{x}})"],
    ["not one", undefined],
    ["@(a", undefined],
  ])("%j", (value, expected) => {
    expect(normalizeExpression(value)).toBe(expected);
  });
});

describe("canonicalPolicy", () => {
  it("drops comments and ranges, sorts, and can be printed", () => {
    const document = parsed(
      '<!-- a --><policies><!-- b --><on-error/><inbound><a c="1" b="@( 2 )"> x </a></inbound></policies>',
    );
    const canonical = canonicalPolicy(document);
    expect(JSON.stringify(canonical)).not.toMatch(/range/i);
    expect(printPolicyDocument(canonical, { dialect: "xml" })).toBe(
      '<policies>\n  <inbound>\n    <a b="@(2)" c="1">x</a>\n  </inbound>\n  <on-error />\n</policies>\n',
    );
  });

  it("adds no section", () => {
    expect(canonicalPolicy(parsed("<policies />")).root.children).toEqual([]);
  });
});

describe("printForDiff", () => {
  it("breaks blocks of C# into lines", () => {
    const source = `<fragment><set-body>@{ var a=1; for (var i=0;i<2;i++) { if (a==i&&b) { return "x;{"; } else { a = a+1; } }
      return new { c = a, d = new JObject { } }.ToString(); }</set-body></fragment>`;
    expect(printForDiff(parsed(source))).toBe(`<fragment>
  <set-body>@{
  var a = 1;
  for(var i = 0;i<2;i++){
    if(a == i && b){
      return "x;{";
    }
    else{
      a = a + 1;
    }
  }
  return new{
    c = a, d = new JObject{
    }
  }.ToString();
}</set-body>
</fragment>
`);
  });
});
