import { getScalarValue, SCALAR_STYLE, type Event, type EVENT_ID } from "js-yaml";
import type { Report } from "./finding.ts";
import type { Span } from "./text-position.ts";
import type { ScalarStyle, YamlScalar } from "./yaml-node.ts";
import { resolvePlain, resolveTagged, shortTag, type ScalarValue } from "./yaml-scalar.ts";

type ScalarEvent = Extract<Event, { type: typeof EVENT_ID.SCALAR }>;
type Properties = Pick<ScalarEvent, "anchorStart" | "anchorEnd" | "tagStart" | "tagEnd">;

const styleNames: Readonly<Record<number, ScalarStyle>> = {
  [SCALAR_STYLE.PLAIN]: "plain",
  [SCALAR_STYLE.SINGLE_QUOTED]: "single",
  [SCALAR_STYLE.DOUBLE_QUOTED]: "double",
  [SCALAR_STYLE.LITERAL_BLOCK]: "literal",
  [SCALAR_STYLE.FOLDED_BLOCK]: "folded",
};

function styleOf(event: ScalarEvent): ScalarStyle {
  return styleNames[event.style] ?? "plain";
}

/** A scalar node; `emptyAt` is where a value that is not written stands (its key, or the dash of its list item). */
export function buildScalar(event: ScalarEvent, source: string, emptyAt: Span, report: Report): YamlScalar {
  checkProperties(event, source, null, report);
  const style = styleOf(event);
  const text = getScalarValue(source, event);
  const { start, end } = scalarSpan(event, source, emptyAt);
  const value = resolveScalar(event, text, source, report);
  if (value === undefined) return { kind: "scalar", start, end, value: null, text, style, unresolved: true };
  if (event.fast || event.valueStart < 0) return { kind: "scalar", start, end, value, text, style };
  const content = { start: event.valueStart, end: event.valueEnd, indent: event.indent };
  return { kind: "scalar", start, end, value, text, style, content };
}

/** Undefined when the value was refused. */
function resolveScalar(
  event: ScalarEvent,
  text: string,
  source: string,
  report: Report,
): ScalarValue | undefined {
  const value = event.tagStart < 0 ? untaggedValue(event, text) : resolveTagged(text, tagOf(event, source));
  if (value === undefined) reportTag(event, source, report);
  if (typeof value !== "number" || Number.isFinite(value)) return value;
  const span = { start: event.valueStart, end: event.valueEnd };
  report({ rule: "invalid-value", message: `expected a finite number, found ${text}`, span });
  return undefined;
}

function untaggedValue(event: ScalarEvent, text: string): ScalarValue {
  return event.style === SCALAR_STYLE.PLAIN ? resolvePlain(text) : text;
}

function tagOf(event: Properties, source: string): string {
  return shortTag(source.slice(event.tagStart, event.tagEnd));
}

/** Refuses anchors, and tags other than those in `allowed`; null: tags are judged by the caller. */
export function checkProperties(
  event: Properties,
  text: string,
  allowed: readonly string[] | null,
  report: Report,
): void {
  if (event.anchorStart >= 0) {
    report({
      rule: "yaml-anchor",
      message: "anchors are not supported",
      span: { start: event.anchorStart - 1, end: event.anchorEnd },
      help: "write the value out where it is needed, or use environments for what differs",
    });
  }
  if (allowed !== null && event.tagStart >= 0 && !allowed.includes(tagOf(event, text))) {
    reportTag(event, text, report);
  }
}

function reportTag(event: Properties, text: string, report: Report): void {
  const tag = text.slice(event.tagStart, event.tagEnd);
  const isCore = /^!!(?:null|bool|int|float|str|map|seq)$/.test(shortTag(tag));
  report({
    rule: "yaml-tag",
    message: `the tag \`${tag}\` ${isCore ? "does not fit this value" : "is not supported"}`,
    span: { start: event.tagStart, end: event.tagEnd },
    help: "remove the tag; quotes make a value a string",
  });
}

/** With quotes, and for block scalars with the line that has the `|` or `>`. */
export function scalarSpan(event: ScalarEvent, source: string, emptyAt: Span): Span {
  const { valueStart: start, valueEnd: end, style } = event;
  if (start < 0) return emptyAt;
  if (style === SCALAR_STYLE.PLAIN) return { start, end };
  if (style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED) {
    return { start: start - 1, end: end + 1 };
  }
  return { start: blockHeader(source, start), end: start + source.slice(start, end).trimEnd().length };
}

/** Offset of the `|` or `>` on the line before the content. Looks at that line only: specs have many blocks. */
function blockHeader(text: string, contentStart: number): number {
  const lineEnd = contentStart - lineBreakLength(text, contentStart);
  let lineStart = lineEnd;
  while (lineStart > 0 && !"\r\n".includes(text.charAt(lineStart - 1))) lineStart--;
  const line = text.slice(lineStart, lineEnd).replace(/[ \t]#.*$/, "");
  return lineStart + (/[|>][-+0-9]*[ \t]*$/.exec(line)?.index ?? 0);
}

/** How long the line break is that ends at an offset. */
function lineBreakLength(text: string, end: number): number {
  if (end >= 2 && text.startsWith("\r\n", end - 2)) return 2;
  return end > 0 && "\r\n".includes(text.charAt(end - 1)) ? 1 : 0;
}

/** Offset of the next character that is neither white space nor in a comment. */
export function skipTrivia(text: string, from: number): number {
  let at = from;
  for (let isComment = false; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === lineFeed || char === carriageReturn) isComment = false;
    else if (char === hash) isComment = true;
    else if (!isComment && char !== space && char !== tab && char !== byteOrderMark) return at;
  }
  return at;
}

const [tab, lineFeed, carriageReturn, space, hash, byteOrderMark] = [0x09, 0x0a, 0x0d, 0x20, 0x23, 0xfeff];
