/** Text from elsewhere in markdown: nothing in it ends what it stands in, or works as markup. */
import { visible, visibleLine } from "../visible.ts";
import { cutText } from "./room.ts";

const longestName = 300;

/** A fence longer than any run of backticks in the text. */
export function fence(text: string, language: string): string {
  const ticks = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${ticks}${language}\n${text}\n${ticks}`;
}

/** A name as code, on one line. */
export function codeSpan(text: string): string {
  const line = visibleLine(cutText(text, longestName));
  const ticks = "`".repeat(longestRun(line) + 1);
  const pad = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${ticks}${pad}${line}${pad}${ticks}`;
}

/** The same in HTML. */
export function htmlCode(text: string): string {
  return `<code>${escapeHtml(visibleLine(cutText(text, longestName)))}</code>`;
}

/** Prose on one line: its markdown, HTML and mentions stay text. */
export function escapeText(text: string): string {
  return escapeHtml(visible(text).replaceAll("\n", " "))
    .replace(/[\\`*_[\]|~#]/g, "\\$&")
    .replaceAll("@", "&#64;");
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, { length }) => Math.max(longest, length), 0);
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
