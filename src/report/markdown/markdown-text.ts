/** Text from elsewhere inside markdown. */
import { visible, visibleLine } from "../visible.ts";

/** A fence longer than any run of backticks in the text. */
export function fence(text: string): string {
  const ticks = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${ticks}diff\n${text}\n${ticks}`;
}

export function codeSpan(text: string): string {
  const line = visibleLine(text);
  const ticks = "`".repeat(longestRun(line) + 1);
  const pad = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${ticks}${pad}${line}${pad}${ticks}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
}

/** Prose from elsewhere: its markdown, HTML and mentions stay text. */
export function escapeText(text: string): string {
  return escapeHtml(visible(text).replaceAll("\n", " "))
    .replace(/[\\`*_[\]|~#]/g, "\\$&")
    .replaceAll("@", "&#64;");
}

export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
