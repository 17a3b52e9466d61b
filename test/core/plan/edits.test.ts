import { describe, expect, it } from "vitest";
import { compareProperties, formatEdits } from "../../../src/core/plan/edits.ts";

describe("compareProperties", () => {
  it("says nothing of equal bodies, whatever the order of keys and of items with an identity", () => {
    const before = { url: "u", pool: { services: [{ id: "b", weight: 1 }, { id: "a" }] } };
    const after = { pool: { services: [{ id: "a" }, { weight: 1, id: "b" }] }, url: "u" };
    expect(compareProperties(before, after, { "pool.services": "id" })).toEqual([]);
  });

  it("names items by their identity and keeps to what differs", () => {
    const before = { title: "x", pool: { services: [{ id: "a", priority: 1 }, { id: "b" }] } };
    const after = { pool: { services: [{ id: "a", priority: 2 }, { id: "c" }] }, tls: { on: true } };
    const edits = compareProperties(before, after, { "pool.services": "id" });
    expect(formatEdits(edits).split("\n")).toEqual([
      "~ pool.services[a].priority: 1 -> 2",
      '- pool.services[b]: {"id":"b"}',
      '+ pool.services[c]: {"id":"c"}',
      '- title: "x"',
      '+ tls: {"on":true}',
    ]);
  });

  it("looks into the only item of a list whose items have lost their names", () => {
    const rules = (count: number) => ({ circuitBreaker: { rules: [{ count, interval: "PT1M" }] } });
    expect(compareProperties(rules(1), rules(2), { "circuitBreaker.rules": "name" })).toEqual([
      { path: "circuitBreaker.rules[0].count", before: 1, after: 2 },
    ]);
  });

  it("takes lists without an identity as a whole", () => {
    expect(compareProperties({ on: [1, 2] }, { on: [2, 1] }, {})).toEqual([
      { path: "on", before: [1, 2], after: [2, 1] },
    ]);
  });

  it("never shows the values of a secret", () => {
    expect(formatEdits([{ path: "value", isSecret: true }])).toBe("~ value: (secret) -> (secret)");
  });
});
