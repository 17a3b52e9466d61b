import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { outputSchemaFiles, outputSchemasFolder } from "../../scripts/output-schemas.ts";
import { main } from "../../src/cli/main.ts";
import { Failure, ServiceFailure } from "../../src/core/failure.ts";
import type { ApplyEvent } from "../../src/core/plan/plan.ts";
import type { Problem } from "../../src/core/problem.ts";
import { formatReadyJson } from "../../src/report/dev.ts";
import { outputNames } from "../../src/report/json-schemas.ts";
import {
  formatApplyEventJson,
  formatBugJson,
  formatFailureJson,
  formatLintJson,
  formatPlanJson,
} from "../../src/report/json.ts";
import { createTestIo } from "../cli/test-io.ts";
import { expectOutput } from "../support/json-output.ts";
import {
  adoptPolicy,
  createBackend,
  createPolicy,
  deleteBackend,
  plan,
  updateBackend,
} from "./plan-examples.ts";

it.each([...outputSchemaFiles()])(
  "docs/schemas/%s is current: run `npx tsx scripts/output-schemas.ts` after a change",
  (name, text) => {
    expect(readFileSync(join(outputSchemasFolder, name), "utf8")).toBe(text);
  },
);

const at = { file: "gateway.yaml", line: 3, column: 5 };
const problem: Problem = { rule: "a", severity: "warning", message: "b", at, help: "c" };
const step = { action: "create", kind: "backend", id: "aoai", path: "backends/aoai" } as const;
const service = { subscriptionId: "s", resourceGroup: "rg", name: "apim" };
const events: readonly ApplyEvent[] = [
  { event: "started", changes: 1, digest: "d" },
  { event: "step-started", ...step },
  { event: "step-finished", ...step, milliseconds: 1.5 },
  { event: "step-finished", ...step, milliseconds: 2, isFound: true, changedByService: "d", unchecked: "u" },
  {
    event: "step-failed",
    ...step,
    code: "SERVICE.REJECTED",
    message: "no",
    at,
    places: [{ message: "no", at }],
  },
  {
    event: "step-failed",
    ...step,
    code: "SERVICE.CHANGED",
    message: "no",
    changes: "d",
    remedy: "Plan again.",
  },
  { event: "step-skipped", ...step, because: "interrupted" },
  {
    event: "summary",
    formatVersion: 1,
    service,
    done: { create: 1, update: 0, adopt: 0, delete: 0 },
    failed: 0,
    skipped: 0,
    isInterrupted: false,
    changedByService: 0,
    retried: { "too many requests (429)": 2 },
    journal: ".apimgw/journal/x.jsonl",
    milliseconds: 3,
  },
];

describe("what is printed is what the schemas say", () => {
  it.each([
    plan([]),
    plan([createBackend, updateBackend, createPolicy, adoptPolicy, deleteBackend], {
      notes: [{ kind: "namedValue", id: "key", path: "namedValues/key", note: "secret" }],
    }),
  ])("plan %#", (value) => {
    expectOutput("plan", formatPlanJson(value));
  });

  it.each(events)("apply: $event", (event) => {
    expectOutput("apply", formatApplyEventJson(event));
  });

  it.each([[[]], [[problem, { ...problem, at: { ...at, endLine: 3, endColumn: 9, pointer: "/a" } }]]])(
    "lint %#",
    (problems) => {
      expectOutput("lint", formatLintJson({ problems, files: 1 }));
    },
  );

  it.each([
    formatFailureJson(new Failure("SPEC.INVALID", "two errors", { problems: [problem] })),
    formatFailureJson(
      new ServiceFailure("SERVICE.REJECTED", "no", { status: 400, details: [{ target: "a", message: "b" }] }),
    ),
    formatFailureJson(new ServiceFailure("SERVICE.UNREACHABLE", "no", { why: "w", remedy: "r" })),
    formatBugJson(new Error("x")),
  ])("error %#", (text) => {
    expectOutput("error", text);
  });
});

describe("what commands print is what the schemas say", () => {
  const gateway = join(import.meta.dirname, "../../fixtures/patterns/everything/gateway.yaml");

  async function stdoutOf(...args: string[]): Promise<string> {
    const { io, stdout } = createTestIo({ cwd: mkdtempSync(join(tmpdir(), "apimgw-schemas-")) });
    onTestFinished(() => rmSync(io.cwd, { recursive: true }));
    expect(await main([...args, "--format", "json"], io)).toBe(0);
    return stdout();
  }

  it.each([
    ["explain", []],
    ["explain", ["stream-buffered"]],
    ["explain", ["rate-limit"]],
    ["explain", ["choose"]],
    ["explain", ["xsl-transform"]],
    ["init", ["--list"]],
    ["init", ["--template", "simple"]],
    ["render", ["-f", gateway]],
  ] as const)("%s %j", async (name, args) => {
    expectOutput(name, await stdoutOf(name, ...args));
  });

  it("the line of dev, and no other", () => {
    const addresses = { gateway: "http://127.0.0.1:1", management: "http://127.0.0.1:2" };
    const line = formatReadyJson({
      ...addresses,
      directory: "d",
      spec: undefined,
      subscriptionKey: "k",
      subscriptions: [{ id: "s", product: "p", key: "q" }],
    });
    expectOutput("dev", line);
    expect(() => expectOutput("dev", line.replace("gateway", "gate"))).toThrow();
  });
});

describe("the schemas", () => {
  it.each(["plan", "lint"] as const)("let %s have keys that are added later", (name) => {
    const text =
      name === "plan" ? formatPlanJson(plan([updateBackend])) : formatLintJson({ problems: [], files: 0 });
    expectOutput(name, text.replaceAll("{", '{ "added": 1,').replaceAll(",}", "}"));
  });

  it("let events be added, and hold the known ones to what they are", () => {
    expectOutput("apply", '{"formatVersion":1,"event":"step-retried","after":3}');
    expect(() => expectOutput("apply", '{"formatVersion":1,"event":"step-started"}')).toThrow();
    expect(() => expectOutput("plan", '{"formatVersion":1}')).toThrow();
  });

  it.each(["gateway", "test", ...outputNames])("are printed by name: %s", async (name) => {
    const { io, stdout } = createTestIo();
    expect(await main(["schema", name], io)).toBe(0);
    expect(JSON.parse(stdout())).toMatchObject({ $schema: "http://json-schema.org/draft-07/schema#" });
  });

  it("are refused by any other name", async () => {
    const { io, stderr } = createTestIo();
    expect(await main(["schema", "nothing"], io)).toBe(64);
    expect(stderr()).toContain(
      "Name one of gateway, test, plan, drift, apply, graph, simulate, test-results, probe, doctor, export, pull, keys, revisions, release, dev, lint, explain, init, render, saved-plan, error.",
    );
  });
});
