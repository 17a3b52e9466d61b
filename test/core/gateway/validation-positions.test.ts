/** Places in JSON text: of any value in any text that JSON.parse reads. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonPosition } from "../../../src/core/gateway/validation/json-position.ts";

describe("jsonPosition", () => {
  it.each([
    ["1", [], 1, 1],
    ["  {}", [], 1, 3],
    ['{"a": "b"}', ["a"], 1, 9],
    ['{\n  "a": [1, {"b": null}]\n}', ["a", "1", "b"], 2, 21],
    ['{"a\\"b": 1, "a": 2, "a": [', ["a"], 1, 26],
    ['{"a":1}', ["b"], 1, 0],
    ["[1]", ["4"], 1, 0],
  ])("%j at %j", (text, pointer, line, position) => {
    expect(jsonPosition(text, pointer)).toEqual({ line, position });
  });

  it("ends behind the text of every value", () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 2), (given, indent) => {
        const text = JSON.stringify(given, undefined, indent);
        const lines = text.split("\n");
        for (const { pointer, value: inner } of valuesIn(JSON.parse(text) as unknown)) {
          const { line, position } = jsonPosition(text, pointer);
          const before = (lines[line - 1] ?? "").slice(0, position);
          const last = Array.isArray(inner)
            ? "["
            : typeof inner === "object" && inner !== null
              ? "{"
              : JSON.stringify(inner);
          expect(before.endsWith(last)).toBe(true);
        }
      }),
    );
  });
});

function* valuesIn(
  value: unknown,
  pointer: readonly string[] = [],
): Generator<{ pointer: readonly string[]; value: unknown }> {
  yield { pointer, value };
  if (typeof value !== "object" || value === null) return;
  for (const [key, member] of Object.entries(value)) yield* valuesIn(member, [...pointer, key]);
}
