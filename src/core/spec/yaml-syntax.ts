import type { YAMLException } from "js-yaml";
import type { Finding } from "./finding.ts";

type Explanation = { readonly message: string; readonly help?: string };

/** What the parser's reasons mean to somebody who is not reading the YAML specification. */
const explanations: readonly (readonly [reason: RegExp, Explanation])[] = [
  [
    /bad indentation of a mapping entry/,
    {
      message: "this does not fit where it stands: wrong indentation, or a value that needs quotes",
      help: "indent the entries of a map alike; quote a value that holds `: ` or starts with one of @ ` % & * ! | > { [",
    },
  ],
  [
    /bad indentation of a sequence entry/,
    {
      message: "the items of this list are not indented alike",
      help: "put the `-` of each item in the same column",
    },
  ],
  [
    /end of the stream or a document separator is expected|expected ':' after a mapping key|multiline key may not be/,
    {
      message: "expected `key: value` here",
      help: "check for a missing colon, a missing space after it, or a line that is indented too little",
    },
  ],
  [
    /whitespace character is expected after the key-value separator/,
    { message: "a space is missing after the colon" },
  ],
  [/missed comma between flow collection entries/, { message: "a comma or a closing bracket is missing" }],
  [
    /within a flow collection|deficient indentation/,
    { message: "a bracket or a quote that was opened before is not closed" },
  ],
  [/within a (?:single|double) quoted scalar/, { message: "a quote is opened and never closed" }],
  [
    /unknown escape sequence|expected hexadecimal character/,
    {
      message: "an unknown escape sequence in a double-quoted string",
      help: "write a backslash as \\\\, or use single quotes",
    },
  ],
  [
    /null byte|non-printable|expected valid JSON character/,
    { message: "a control character is not allowed in YAML" },
  ],
];

/** The parser stops at its first error, so there is one finding. */
export function explainSyntaxError(error: YAMLException, text: string): Finding {
  const offset = Math.min(error.mark?.position ?? 0, text.length);
  const tab = indentingTab(text, offset);
  if (tab !== undefined) return tabFinding(tab);
  const separating = /deficient indentation/.test(error.reason) ? separatingTab(text, offset) : undefined;
  if (separating !== undefined) {
    return { ...tabFinding(separating), message: "a tab stands where a space must", help: "write a space" };
  }
  if (offset > 0 && text.startsWith("${", offset - 1)) return unquotedVariable(offset - 1);
  const span = visibleSpan(text, offset);
  if (error.reason.startsWith("nesting exceeded")) {
    return { rule: "yaml-depth", message: "maps and lists are nested more than 100 deep", span };
  }
  const known = explanations.find(([reason]) => reason.test(error.reason));
  const { message, help } = known?.[1] ?? { message: `this cannot be read as YAML: ${error.reason}` };
  return { rule: "yaml-syntax", message, span, ...(help === undefined ? {} : { help }) };
}

/** To YAML the `{` of a variable opens a map when it stands inside brackets. */
function unquotedVariable(start: number): Finding {
  return {
    rule: "yaml-syntax",
    message: "a variable inside { } or [ ] must be quoted",
    span: { start, end: start + 2 },
    help: 'write "${NAME}" with quotes',
  };
}

function tabFinding(start: number): Finding {
  return {
    rule: "yaml-tabs",
    message: "a tab is used as indentation, which YAML forbids",
    span: { start, end: start + 1 },
    help: "indent with spaces",
  };
}

/** Offset of the tab in the white space that the line of `offset` begins with. */
function indentingTab(text: string, offset: number): number | undefined {
  const lineStart = startOfLine(text, offset);
  const indentation = /^[ \t]*/.exec(text.slice(lineStart))?.[0] ?? "";
  const tab = indentation.indexOf("\t");
  return tab < 0 ? undefined : lineStart + tab;
}

/** Offset of the last tab on the line before `offset`: the parser counts a tab before a bracket as indentation. */
function separatingTab(text: string, offset: number): number | undefined {
  const tab = text.lastIndexOf("\t", offset);
  return tab < startOfLine(text, offset) ? undefined : tab;
}

function startOfLine(text: string, offset: number): number {
  return Math.max(text.lastIndexOf("\n", offset - 1), text.lastIndexOf("\r", offset - 1)) + 1;
}

/** One character where there is something to see: errors at the end of the text point at the last thing that was read. */
function visibleSpan(text: string, offset: number): { start: number; end: number } {
  const read = text.slice(0, offset);
  const start = /\S/.test(text.slice(offset)) ? offset : Math.max(0, read.trimEnd().length - 1);
  return { start, end: Math.min(start + 1, text.length) };
}
