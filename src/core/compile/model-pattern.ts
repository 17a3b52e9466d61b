/** Patterns of `models`: `*` stands for any characters, names are compared without case. */
import { compareText } from "../problem.ts";

/** What a call's model must be: one name, or any that fits a pattern. */
export type ModelTest = { readonly kind: "name" | "pattern"; readonly text: string };

export const otherwiseKey = "otherwise";

/** The tests of a `models` map in the order in which they hold: names, then patterns, longest first. */
export function modelTests(keys: readonly string[]): ModelTest[] {
  const tests = keys
    .filter((key) => key !== otherwiseKey)
    .map((text): ModelTest => ({ kind: text.includes("*") ? "pattern" : "name", text }));
  return tests.sort(
    (a, b) =>
      (a.kind === "name" ? 0 : 1) - (b.kind === "name" ? 0 : 1) ||
      (a.kind === "pattern" ? literalLength(b.text) - literalLength(a.text) : 0) ||
      compareText(a.text.toLowerCase(), b.text.toLowerCase()),
  );
}

function literalLength(pattern: string): number {
  return pattern.replaceAll("*", "").length;
}

/** Whether a model passes the test. */
export function passesTest({ kind, text }: ModelTest, model: string): boolean {
  return kind === "name"
    ? text.toLowerCase() === model.toLowerCase()
    : patternOf(text).test(model.toLowerCase());
}

function patternOf(text: string): RegExp {
  return new RegExp(`^${regexText(text)}$`, "s");
}

/** The pattern as a regular expression that .NET and JavaScript read alike; without its anchors. */
export function regexText(pattern: string): string {
  return pattern
    .toLowerCase()
    .split("*")
    .map((part) => part.replace(/[.\\+?^${}()|[\]]/g, "\\$&"))
    .join(".*");
}
