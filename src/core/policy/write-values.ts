import { isExpressionStart, scanExpression, startsAsExpression } from "./expression/scan.ts";
import { readPolicyNodes } from "./read-nodes.ts";
import type { PolicyDialect } from "./tree.ts";
import { escapeAttribute, escapeAttributeKeepingLines, escapeText, hasReference } from "./xml-text.ts";

/** Markup of an attribute value, without its quotes, that reads back as the value. */
export function writeAttributeValue(value: string, dialect: PolicyDialect): string {
  if (dialect === "xml" || !mayHoldExpression(value)) return escapeAttribute(value);
  if (isPlainExpression(value)) return value;
  const escape = startsAsExpression(value) ? escapeAttributeKeepingLines : escapeAttribute;
  return firstReadable(value, escape, escapeAttribute, (markup) => `<a b="${markup}"/>`);
}

/** Markup of character data that reads back as the value. */
export function writeText(value: string, dialect: PolicyDialect): string {
  if (dialect === "xml" || !mayHoldExpression(value)) return escapeText(value);
  if (isPlainExpression(value)) return value;
  return firstReadable(value, escapeText, escapeText, (markup) => `<a>${markup}</a>`);
}

/** Markup of a CDATA section; plain text where a section cannot hold the value. */
export function writeCData(value: string): string {
  if (value.includes("\r")) return escapeText(value);
  return `<![CDATA[${value.replaceAll("]]>", "]]]]><![CDATA[>")}]]>`;
}

function mayHoldExpression(value: string): boolean {
  return value.includes("@(") || value.includes("@{");
}

/** The usual case: one whole expression with nothing in it that reading could take for markup or an entity. */
function isPlainExpression(value: string): boolean {
  if (!isExpressionStart(value, 0) || value.includes("\r") || hasReference(value)) return false;
  const scanned = scanExpression(value, 0);
  return !("error" in scanned) && scanned.end === value.length;
}

type Escape = (text: string) => string;

/**
 * In `rawxml` expressions are written as they are where that reads back as the same value; else escaped; else (broken C#)
 * with an escaped `@`, so that no reader looks for the end of an expression.
 */
function firstReadable(
  value: string,
  literal: Escape,
  whole: Escape,
  wrap: (markup: string) => string,
): string {
  const verbatim = withVerbatimExpressions(value, literal);
  if (readsBack(wrap(verbatim), value)) return verbatim;
  const first = startsAsExpression(value) ? value.indexOf("@") + 1 : 0;
  const escaped = whole(value.slice(0, first)) + withoutExpressions(whole(value.slice(first)));
  return readsBack(wrap(escaped), value) ? escaped : withoutExpressions(whole(value));
}

/** What follows a text may close a bracket that it leaves open; so no reader must take it for an expression. */
function withoutExpressions(markup: string): string {
  return markup.replace(/@(?=[({])/g, "&#64;");
}

function withVerbatimExpressions(value: string, literal: Escape): string {
  let markup = "";
  let written = 0;
  for (let at = value.indexOf("@"); at !== -1; at = value.indexOf("@", at + 1)) {
    if (at < written || !isExpressionStart(value, at)) continue;
    const scanned = scanExpression(value, at);
    if ("error" in scanned) break;
    markup += literal(value.slice(written, at)) + value.slice(at, scanned.end);
    written = scanned.end;
  }
  return markup + withoutExpressions(literal(value.slice(written)));
}

function readsBack(markup: string, value: string): boolean {
  const read = readPolicyNodes(markup, "rawxml", true);
  const element = read.ok ? read.nodes[0] : undefined;
  if (!read.ok || read.nodes.length !== 1 || element?.type !== "element") return false;
  const parts = [...element.attributes, ...element.children];
  const part = parts[0];
  return parts.length === 1 && part !== undefined && "value" in part && part.value === value;
}
