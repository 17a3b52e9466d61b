import fc from "fast-check";
import type {
  PolicyDialect,
  PolicyDocument,
  PolicyElement,
  PolicyNode,
} from "../../../src/core/policy/tree.ts";
import { parsePolicyDocument, type ParsedPolicyDocument } from "../../../src/core/policy/parse.ts";

/** The tree as plain data without ranges, for comparing. */
export function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, item: unknown) => (/range$/i.test(key) ? undefined : item)));
}

export function parsed(source: string, dialect: PolicyDialect | "auto" = "auto"): PolicyDocument {
  const result = parsePolicyDocument(source, { dialect });
  if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join("\n"));
  return result.document;
}

/** The first problem as `line:column message`. */
export function problemOf(result: ParsedPolicyDocument): string {
  const problem = result.ok ? undefined : result.problems[0];
  if (problem === undefined) return "none";
  return `${problem.range.start.line}:${problem.range.start.column} ${problem.message}`;
}

const name = fc.constantFrom(
  "policies",
  "set-header",
  "a",
  "B.c",
  "soap:Envelope",
  "xmlns",
  "xmlns:soap",
  "__proto__",
  "é·x",
  "base",
  "value",
);

const codePiece = fc.constantFrom(
  "a",
  " ",
  "\n",
  "\t",
  "(b)",
  "{ c; }",
  "[d]",
  '"s"',
  '"\\""',
  '"]]>"',
  "'x'",
  "'\\''",
  " < ",
  " && ",
  " & ",
  ">",
  "&amp;",
  "&lt;",
  "&#64;",
  '@"v""w\n"',
  "$\"{a:dd'T'}{{\"",
  '$@"{b}""\n"',
  "// )\n",
  "/* } */",
  "{{named-value}}",
  '"<!-- </a>"',
  "\r\n",
  "\r",
  "/>",
  "é",
  "😀",
);

const expression = fc
  .tuple(fc.constantFrom(["@(", ")"], ["@{", "}"]), fc.array(codePiece, { maxLength: 6 }))
  .map(([[open, close], pieces]) => `${open}${pieces.join("")}${close}`);

const literalPiece = fc.constantFrom(
  "x",
  " ",
  "\n",
  "\t",
  "&",
  "<",
  ">",
  '"',
  "'",
  "]]>",
  "&amp;",
  "@",
  "@@",
  "@(",
  "@{",
  "a@(b",
  ")",
  "}",
  "_·0·",
  "·",
  "\r",
  "-->",
  "{{v}}",
  "é",
  "😀",
  "--",
);

const value = fc
  .array(fc.oneof(literalPiece, expression, fc.string({ maxLength: 4, unit: "grapheme" })), { maxLength: 4 })
  .map((pieces) => withoutIllegal(pieces.join("")));

function withoutIllegal(text: string): string {
  return text.replace(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "");
}

const attributes = fc
  .uniqueArray(fc.tuple(name, value), { maxLength: 3, selector: ([key]) => key })
  .map((list) => list.map(([key, text]) => ({ name: key, value: text })));

/** Comments as reading gives them: with nothing in them that XML would not hold. */
const comment = fc
  .constantFrom(" note ", "", "@(", "<a>", "&", "two\nlines", "- - ", "·")
  .map((text): PolicyNode => ({ type: "comment", value: text }));
const textNode = value
  .filter((text) => text !== "")
  .map((text): PolicyNode => ({ type: "text", value: text }));
const cdata = value
  .map((text) => text.replaceAll("\r", ""))
  .filter((text) => text !== "")
  .map((text): PolicyNode => ({ type: "text", value: text, isCData: true }));

const { element } = fc.letrec<{ element: PolicyElement; node: PolicyNode }>((tie) => ({
  node: fc.oneof({ maxDepth: 4, withCrossShrink: true }, textNode, comment, cdata, tie("element")),
  element: fc.record({
    type: fc.constant("element" as const),
    name,
    attributes,
    children: fc.array(tie("node"), { maxLength: 4 }).map(asRead),
  }),
}));

/** Children as reading gives them: no two texts side by side, no white space that is layout. */
function asRead(children: readonly PolicyNode[]): PolicyNode[] {
  const apart = children.filter(
    (node, index) => node.type !== "text" || children[index - 1]?.type !== "text",
  );
  const isText = (node: PolicyNode) => node.type === "text";
  const isLayout = (node: PolicyNode) =>
    node.type === "text" && node.isCData !== true && /^[ \t\r\n]*$/.test(node.value);
  if (apart.every(isText) || apart.some((node) => isText(node) && !isLayout(node))) return apart;
  return apart.filter((node) => !isText(node));
}

/** Trees of every shape that reading can give, with values that are hard to write. */
export const documentArbitrary = element.map((root): PolicyDocument => ({ before: [], root, after: [] }));

/** Texts that look like policy documents, more or less. */
export const documentTextArbitrary = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "<a>",
        "</a>",
        "<a ",
        'b="',
        '"',
        "'",
        "/>",
        ">",
        "<",
        "<!--",
        "-->",
        "--",
        "<![CDATA[",
        "]]>",
        "<?xml version='1.0'?>",
        "<!DOCTYPE a>",
        "&",
        "&amp;",
        "&#0;",
        "&#x41;",
        "&nbsp;",
        "@(",
        "@{",
        ")",
        "}",
        " ",
        "\r\n",
        "\n",
        "\uFEFF",
        "\u0001",
        "\uD800",
        '@("',
        '$"{',
        "x@(",
        "</",
        "<?p ?>",
        "//",
        "/*",
        "*/",
      ),
      expression,
      fc.string({ maxLength: 3 }),
    ),
    { maxLength: 20 },
  )
  .map((pieces) => pieces.join(""));

const realistic = `<!-- note -->\r\n<policies>\n  <inbound>\n    <base />\n    <choose>
      <when condition="@(context.Request.Method == "GET" && context.Variables.GetValueOrDefault<int>("n", 0) < 3)">
        <set-header name='x' exists-action="override"><value>@($"{context.RequestId:N}-{{1}}")</value></set-header>
      </when>\n    </choose>
    <set-body>@{ // it's <b>\n      return context.Request.Body.As&lt;JObject&gt;()["a"].ToString(); }</set-body>
    <rewrite-uri template="/x?a={{v}}&amp;b=2&c" /><![CDATA[ @( ]]>\n  </inbound>\n</policies>\n`;

/** A document with one stretch cut out or replaced. */
export const damagedDocumentArbitrary = fc
  .tuple(
    fc.nat(realistic.length),
    fc.nat(8),
    fc.oneof(fc.constant(""), documentTextArbitrary, fc.string({ maxLength: 2 })),
  )
  .map(([start, length, text]) => realistic.slice(0, start) + text + realistic.slice(start + length));
