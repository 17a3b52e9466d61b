import { describe, expect, it } from "vitest";
import type { ApplyEvent, ApplySummary } from "../../src/core/plan/plan.ts";
import { formatApplyEvent, formatApplySummary } from "../../src/report/human/apply.ts";
import { formatApplyEventJson } from "../../src/report/json.ts";

const step = { action: "create", kind: "backend", id: "aoai", path: "backends/aoai" } as const;
const style = { color: false, sources: () => undefined };
const summary: ApplySummary = {
  event: "summary",
  formatVersion: 1,
  service: { subscriptionId: "s", resourceGroup: "rg", name: "apim" },
  done: { create: 2, update: 1, adopt: 0, delete: 0 },
  failed: 0,
  skipped: 0,
  isInterrupted: false,
  changedByService: 0,
  retried: {},
  journal: null,
  milliseconds: 3210,
};

describe("progress of an apply", () => {
  it.each<[ApplyEvent, string | undefined]>([
    [{ event: "started", changes: 1, digest: "d" }, "Applying 1 change."],
    [{ event: "step-started", ...step }, undefined],
    [{ event: "step-finished", ...step, milliseconds: 312.4 }, "  created backend aoai (312 ms)"],
    [
      { event: "step-finished", ...step, action: "delete", milliseconds: 2040 },
      "  deleted backend aoai (2.0 s)",
    ],
    [
      {
        event: "step-failed",
        ...step,
        action: "update",
        code: "SERVICE.REJECTED",
        message: "url is wrong\u001b[2J",
        at: { file: "gateway.yaml", line: 3, column: 5 },
        remedy: "Correct it.",
      },
      "  not updated backend aoai: url is wrong\\x1b[2J (SERVICE.REJECTED)\n    at: gateway.yaml:3:5\n    fix: Correct it.",
    ],
    [
      { event: "step-finished", ...step, milliseconds: 5, isReplacement: true },
      "  created backend aoai (5 ms)\n    it replaced what somebody had created since the plan",
    ],
    [
      { event: "step-finished", ...step, milliseconds: 5, isFound: true },
      "  created backend aoai (5 ms)\n    it was so already",
    ],
    [
      { event: "step-finished", ...step, milliseconds: 5, changedByService: '~ url: "a" -> "b"' },
      '  created backend aoai (5 ms)\n    the service has it otherwise than it was sent:\n      ~ url: "a" -> "b"',
    ],
    [
      { event: "step-finished", ...step, milliseconds: 5, unchecked: "no answer" },
      "  created backend aoai (5 ms)\n    not compared with what was sent: no answer",
    ],
    [
      {
        event: "step-failed",
        ...step,
        code: "SERVICE.CHANGED",
        message: "somebody changed it",
        changes: '~ url: "a" -> "b"',
      },
      '  not created backend aoai: somebody changed it (SERVICE.CHANGED)\n    ~ url: "a" -> "b"',
    ],
    [
      { event: "step-skipped", ...step, action: "adopt", because: "apis/x" },
      "  not adopted backend aoai: apis/x failed",
    ],
    [{ event: "step-skipped", ...step, because: "interrupted" }, "  not created backend aoai: interrupted"],
    [summary, undefined],
  ])("%j", (event, expected) => {
    expect(formatApplyEvent(event, { ...style, verbose: false })).toBe(expected);
  });

  it("says when a step starts if verbose", () => {
    expect(formatApplyEvent({ event: "step-started", ...step }, { ...style, verbose: true })).toBe(
      "  creating backend aoai",
    );
  });

  it("is one line of JSON per event", () => {
    const line = formatApplyEventJson({ event: "step-started", ...step });
    expect(line).not.toContain("\n");
    expect(JSON.parse(line)).toEqual({ formatVersion: 1, event: "step-started", ...step });
    expect(JSON.parse(formatApplyEventJson(summary))).toEqual(summary);
  });
});

describe("a step that the service refused", () => {
  const at = { file: "gateway.yaml", line: 2, column: 6 };
  const refused: ApplyEvent = {
    event: "step-failed",
    ...step,
    code: "SERVICE.REJECTED",
    message: "refused: no; nor this",
    at,
    places: [
      { message: "no", at },
      { message: "nor this", at: { file: "gone.xml", line: 1, column: 1, endLine: 1, endColumn: 4 } },
    ],
    remedy: "Plan again.",
  };

  it("shows every place with its message and its line", () => {
    const sources = (file: string) => (file === "gateway.yaml" ? "a:\n  b: cd\n" : undefined);
    expect(formatApplyEvent(refused, { ...style, verbose: false, sources })).toBe(
      [
        "  not created backend aoai: refused: no; nor this (SERVICE.REJECTED)",
        "    at: gateway.yaml:2:6 no",
        "      2 |   b: cd",
        "        |      ^",
        "    at: gone.xml:1:1 nor this",
        "    fix: Plan again.",
      ].join("\n"),
    );
  });

  it("has whole places in JSON", () => {
    expect(JSON.parse(formatApplyEventJson(refused))).toMatchObject({
      at: { ...at, endLine: 2, endColumn: 6 },
      places: [{ message: "no" }, { at: { file: "gone.xml", endColumn: 4 } }],
      remedy: "Plan again.",
    });
  });
});

describe("the summary of an apply", () => {
  it.each<[Partial<ApplySummary>, string]>([
    [{}, "Applied: 2 created, 1 updated, 0 adopted, 0 deleted in 3.2 s."],
    [
      {
        changedByService: 1,
        retried: { "too many requests (429)": 3, "the connection was dropped": 1 },
        journal: ".apimgw/journal/j.jsonl",
      },
      "Applied: 2 created, 1 updated, 0 adopted, 0 deleted in 3.2 s.\n" +
        "Otherwise on the service than sent: 1, shown above.\n" +
        "Sent again: 3 × too many requests (429), 1 × the connection was dropped.\n" +
        "Journal: .apimgw/journal/j.jsonl",
    ],
    [
      { failed: 1, skipped: 4 },
      "Not complete: 2 created, 1 updated, 0 adopted, 0 deleted; 1 failed, 4 not tried. Plan again to see what is left.",
    ],
    [
      { skipped: 4, isInterrupted: true },
      "Interrupted after 3.2 s: 2 created, 1 updated, 0 adopted, 0 deleted; 0 failed, 4 not tried. Plan again to see what is left.",
    ],
  ])("%j", (more, expected) => {
    expect(formatApplySummary({ ...summary, ...more }, { color: false })).toBe(expected);
  });
});
