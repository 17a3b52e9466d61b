import { expect, it } from "vitest";
import type { Plan } from "../../src/core/plan/plan.ts";
import { planRisks } from "../../src/core/plan/risks.ts";
import { formatFilesJson, formatPlanJson } from "../../src/report/json.ts";
import { formatTree } from "../../src/report/tree.ts";
import { adoptPolicy, createBackend, deleteBackend, plan, updateBackend } from "./plan-examples.ts";

const example = plan([createBackend, updateBackend, adoptPolicy, deleteBackend]);

it("a plan as JSON is the plan, and the risks of each change", () => {
  const risks = planRisks(example);
  expect(risks.size).toBe(2);
  const changes = example.changes.map((change) => ({ ...change, risks: risks.get(change) ?? [] }));
  expect(JSON.parse(formatPlanJson(example))).toEqual({ ...example, changes });
});

it("a plan as JSON has the keys that scripts rely on, in a fixed order", () => {
  const parsed = JSON.parse(formatPlanJson(example)) as Plan;
  const keys = [
    "formatVersion",
    "service",
    "name",
    "changes",
    "unchanged",
    "unmarked",
    "summary",
    "leftOut",
    "notes",
    "digest",
  ];
  expect(Object.keys(parsed)).toEqual(keys);
  for (const key of ["action", "kind", "id", "path", "before", "after", "diff"]) {
    expect(parsed.changes[0]).toHaveProperty(key);
  }
});

it("a plan as JSON does not depend on the order of keys", () => {
  const reverse = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(reverse);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .map(([key, member]) => [key, reverse(member)] as const)
        .reverse(),
    );
  };
  const turned = { ...example, changes: reverse(example.changes) as Plan["changes"] };
  expect(formatPlanJson(turned)).toBe(formatPlanJson(example));
});

it("rendered files as JSON", () => {
  expect(JSON.parse(formatFilesJson([{ path: "a.json", text: "{}" }]))).toEqual({
    formatVersion: 1,
    files: [{ path: "a.json", text: "{}" }],
  });
});

it("paths as a tree", () => {
  const paths = [
    "policy.xml",
    "apis/b/policy.xml",
    "apis/a/operations/x/policy.xml",
    "apis/a/policy.xml",
    "Z.json",
  ];
  expect(formatTree(paths)).toBe(
    [
      "├─ Z.json",
      "├─ apis",
      "│  ├─ a",
      "│  │  ├─ operations",
      "│  │  │  └─ x",
      "│  │  │     └─ policy.xml",
      "│  │  └─ policy.xml",
      "│  └─ b",
      "│     └─ policy.xml",
      "└─ policy.xml",
    ].join("\n"),
  );
  expect(formatTree([])).toBe("");
});
