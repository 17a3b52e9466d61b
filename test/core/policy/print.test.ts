import { describe, expect, it } from "vitest";
import { comment, element, policyDocument, text } from "../../../src/core/policy/build.ts";
import { Failure } from "../../../src/core/failure.ts";
import { printPolicyDocument, printPolicyNodes } from "../../../src/core/policy/print.ts";
import type { PolicyElement } from "../../../src/core/policy/tree.ts";
import { parsed, plain } from "./support.ts";

function print(root: PolicyElement, dialect: "xml" | "rawxml" = "rawxml"): string {
  return printPolicyDocument(policyDocument(root), { dialect });
}

const sample = policyDocument(
  element("policies", {}, [
    comment(" a note "),
    element("inbound", {}, [
      element("base"),
      element("set-header", { name: "x-team", "exists-action": "override" }, [
        element("value", {}, [text('@(context.Subscription?.Name ?? "none")')]),
      ]),
      element("set-variable", { name: "a", value: '@{\n\t// <a> & "b"\n\treturn 1 < 2 && c;\n}' }),
    ]),
    element("backend"),
  ]),
);

describe("printPolicyDocument", () => {
  it("writes rawxml", () => {
    expect(printPolicyDocument(sample, { dialect: "rawxml" })).toBe(
      `<policies>
  <!-- a note -->
  <inbound>
    <base />
    <set-header name="x-team" exists-action="override">
      <value>@(context.Subscription?.Name ?? "none")</value>
    </set-header>
    <set-variable name="a" value="@{
\t// <a> & "b"
\treturn 1 < 2 && c;
}" />
  </inbound>
  <backend />
</policies>
`,
    );
  });

  it("writes xml", () => {
    expect(printPolicyDocument(sample, { dialect: "xml", indent: 4 })).toBe(
      `<policies>
    <!-- a note -->
    <inbound>
        <base />
        <set-header name="x-team" exists-action="override">
            <value>@(context.Subscription?.Name ?? "none")</value>
        </set-header>
        <set-variable name="a" value="@{&#xA;&#x9;// &lt;a&gt; &amp; &quot;b&quot;&#xA;&#x9;return 1 &lt; 2 &amp;&amp; c;&#xA;}" />
    </inbound>
    <backend />
</policies>
`,
    );
  });

  it.each([
    [
      "text that looks like entities",
      element("a", { b: "&lt;" }, [text("&amp;")]),
      '<a b="&amp;lt;">&amp;amp;</a>',
    ],
    ["white space alone", element("a", {}, [text("  ")]), "<a>  </a>"],
    ["empty text", element("a", {}, [text("")]), "<a />"],
    ["space around text", element("a", {}, [text("\n  x\n")]), "<a>\n  x\n</a>"],
    [
      "line ends in a literal",
      element("a", { b: "1\n\t2\r" }, [text("\r")]),
      '<a b="1&#xA;&#x9;2&#xD;">&#xD;</a>',
    ],
    [
      "text beside elements",
      element("a", {}, [text("x "), element("b", {}, [element("c")]), text(" "), comment("y")]),
      "<a>x <b><c /></b> <!--y--></a>",
    ],
    [
      "name spaces",
      element("s:E", { "xmlns:s": "u", xmlns: "v" }, [element("s:B", { "s:c": "d" })]),
      '<s:E xmlns:s="u" xmlns="v">\n  <s:B s:c="d" />\n</s:E>',
    ],
    [
      "what the printer uses itself",
      element("a", { "b·c": "_·0·" }, [text("_·1·")]),
      '<a b·c="_·0·">_·1·</a>',
    ],
    [
      "CDATA",
      element("a", {}, [{ type: "text", value: "x]]>&", isCData: true }]),
      "<a><![CDATA[x]]]]><![CDATA[>&]]></a>",
    ],
    ["hyphens in comments", element("a", {}, [comment("--x-")]), "<a>\n  <!--- -x- -->\n</a>"],
    ["an expression and text", element("a", {}, [text("1 < @(a < b)")]), "<a>1 &lt; @(a < b)</a>"],
    ["C# that holds entities in strings", element("a", { b: '@(c("&lt;"))' }), '<a b="@(c("&lt;"))" />'],
    ["C# that reading would decode", element("a", {}, [text("@(a & lt, &lt;)")]), "<a>@(a & lt, &lt;)</a>"],
    ["C# with nothing but entities", element("a", {}, [text("@(&lt;)")]), "<a>@(&amp;lt;)</a>"],
    ["a carriage return in C#", element("a", { b: '@("c"\r)' }), '<a b="@(&quot;c&quot;&#xD;)" />'],
    ["broken C#", element("a", { b: '@("c' }, [text("@{<b>")]), '<a b="&#64;(&quot;c">&#64;{&lt;b&gt;</a>'],
  ])("rawxml: %s", (_, root, expected) => {
    expect(print(root)).toBe(`${expected}\n`);
    expect(print(parsed(print(root), "rawxml").root)).toBe(`${expected}\n`);
  });

  it("keeps comments around the root, and gives the tree back", () => {
    const source = "<!-- a -->\n<fragment />\n<!-- b -->\n";
    expect(printPolicyDocument(parsed(source), { dialect: "xml" })).toBe(source);
    for (const dialect of ["xml", "rawxml"] as const) {
      expect(plain(parsed(printPolicyDocument(sample, { dialect }), dialect))).toEqual(plain(sample));
    }
  });

  it.each([
    ["a control character in an attribute", element("a", { b: "\u0001" })],
    ["a lone surrogate in text", element("a", {}, [text("\uD800")])],
    ["a control character in an expression", element("a", { b: '@("\u0000")' })],
    ["a control character in a comment", element("a", {}, [comment("\u0008")])],
    ["a name that is none", element("a b")],
    ["an attribute name that is none", element("a", { "1": "" })],
  ])("refuses %s", (_, root) => {
    const failure = catchFailure(() => print(root));
    expect(failure?.code).toBe("POLICY.UNPRINTABLE");
    expect(failure?.why).toMatch(/\.$/);
  });

  it("refuses trees that no parser would take", () => {
    let root = element("a");
    for (let depth = 0; depth < 300; depth += 1) root = element("a", {}, [root]);
    expect(catchFailure(() => print(root))?.code).toBe("POLICY.UNPRINTABLE");
    const twice: PolicyElement = {
      ...element("a"),
      attributes: [
        { name: "b", value: "" },
        { name: "b", value: "" },
      ],
    };
    expect(catchFailure(() => print(twice))?.code).toBe("POLICY.UNPRINTABLE");
  });
});

describe("printPolicyNodes", () => {
  it("writes pieces", () => {
    const options = { dialect: "rawxml" } as const;
    expect(printPolicyNodes([], options)).toBe("");
    expect(printPolicyNodes([element("base"), comment("x"), element("a")], options)).toBe(
      "<base />\n<!--x-->\n<a />\n",
    );
    expect(printPolicyNodes([text("x "), element("a")], options)).toBe("x <a />");
  });
});

function catchFailure(run: () => unknown): Failure | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  return undefined;
}
