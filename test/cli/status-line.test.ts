import { describe, expect, it } from "vitest";
import { createOutput } from "../../src/cli/output.ts";
import { createApplyProgress, whileReading } from "../../src/cli/progress.ts";
import { createStatusLine } from "../../src/cli/status-line.ts";
import type { ApplyEvent } from "../../src/core/plan/plan.ts";
import type { LiveService } from "../../src/core/ports.ts";
import { createTestIo, type TestIoOptions } from "./test-io.ts";

/** What is left on a terminal that got these texts, and whether the cursor stands at the start of a line. */
function screen(text: string): { readonly lines: string[]; readonly isAtStart: boolean } {
  const lines = text
    .split("\n")
    .map((line) => line.slice(line.lastIndexOf("\u001b[2K") + 1).replace("[2K", ""));
  return { lines: lines.filter((line) => line !== ""), isAtStart: lines.at(-1) === "" };
}

const normal = { color: false, quiet: false, verbose: false };

describe("the status line", () => {
  it.each<[TestIoOptions, boolean, boolean]>([
    [{ isTTY: true }, false, true],
    [{ isTTY: false }, false, false],
    [{ isTTY: true }, true, false],
    [{ isTTY: true, env: { CI: "true" } }, false, false],
    [{ isTTY: true, env: { CI: "false" } }, false, true],
    [{ isTTY: true, env: { TERM: "dumb" } }, false, false],
  ])("with %j, quiet %j, is shown: %j", (options, quiet, expected) => {
    const test = createTestIo(options);
    const output = createOutput(test.io, { ...normal, quiet });
    output.status(() => "working");
    expect(output.showsStatus).toBe(expected);
    expect(test.stderr().includes("working")).toBe(expected);
  });

  it("is out of the way of everything that is said, and below it afterwards", () => {
    const test = createTestIo({ isTTY: true });
    const output = createOutput(test.io, normal);
    output.status(() => "working");
    output.message("a message");
    output.error("an error");
    expect(screen(test.stderr())).toEqual({ lines: ["a message", "an error", "working"], isAtStart: false });
    output.status(undefined);
    expect(screen(test.stderr())).toEqual({ lines: ["a message", "an error"], isAtStart: true });
  });

  it("makes room for a result on the same terminal", () => {
    const written: string[] = [];
    const stream = { isTTY: true, write: (text: string) => written.push(text) };
    const { io } = createTestIo();
    const output = createOutput({ ...io, stdout: stream, stderr: stream }, normal);
    output.status(() => "working");
    output.writeResult("result");
    output.status(undefined);
    expect(screen(written.join(""))).toEqual({ lines: ["result"], isAtStart: true });
  });

  it("is not drawn more often than it can be seen, and asks for the width each time", () => {
    const written: string[] = [];
    let [time, columns] = [0, 10];
    const stream = {
      isTTY: true,
      get columns() {
        return columns;
      },
      write: (text: string) => written.push(text),
    };
    const line = createStatusLine(stream, {}, () => time);
    const draw = (width: number) => String(width);
    for (; time < 100; time += 1) line.set(draw);
    expect(written).toHaveLength(2);
    [time, columns] = [1000, 20];
    line.set(draw);
    expect(written.at(-1)).toContain("20");
    [time, columns] = [2000, 0];
    line.set(draw);
    expect(written.at(-1)).toContain("80");
  });
});

describe("progress", () => {
  const never = () => Promise.reject(new Error("not used"));
  const reads = { get: () => Promise.resolve(undefined), list: () => Promise.resolve([]) };
  const service: LiveService = {
    ref: { subscriptionId: "s", resourceGroup: "g", name: "n" },
    title: "n",
    ...reads,
    afterWrite: reads,
    put: never,
    patch: never,
    act: never,
    remove: never,
    retried: () => ({}),
  };

  it("counts reads, and leaves nothing behind, also when reading fails", async () => {
    const test = createTestIo({ isTTY: true });
    const output = createOutput(test.io, normal);
    await whileReading(output, service, (watched) => Promise.all([watched.get("a"), watched.list("b")]));
    expect(test.stderr()).toContain("reading the service: 0 of 1");
    await expect(whileReading(output, service, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(screen(test.stderr())).toEqual({ lines: [], isAtStart: true });
  });

  it("counts the steps of an apply, and is gone with the summary", () => {
    const test = createTestIo({ isTTY: true });
    const drawn: string[] = [];
    const output = {
      ...createOutput(test.io, normal),
      status: (draw: ((columns: number) => string) | undefined) => drawn.push(draw?.(80) ?? ""),
    };
    const show = createApplyProgress(output);
    const step = { action: "update", kind: "backend", id: "aoai", path: "backends/aoai" } as const;
    const events: readonly ApplyEvent[] = [
      { event: "started", changes: 4, digest: "d" },
      { event: "step-started", ...step },
      { event: "step-finished", ...step, milliseconds: 1 },
      { event: "step-failed", ...step, code: "c", message: "m" },
      { event: "step-skipped", ...step, because: "interrupted" },
      {
        event: "summary",
        formatVersion: 1,
        service: service.ref,
        done: { create: 0, update: 1, adopt: 0, delete: 0 },
        failed: 1,
        skipped: 1,
        isInterrupted: true,
        changedByService: 0,
        retried: {},
        journal: null,
        milliseconds: 1,
      },
    ];
    events.forEach(show.show);
    expect(drawn.map((line) => line.replace(/[━─]+ /, ""))).toEqual([
      "applying 0 of 4",
      "applying 0 of 4  updating backend aoai",
      "applying 1 of 4  updating backend aoai",
      "applying 2 of 4  updating backend aoai",
      "applying 3 of 4  updating backend aoai",
      "",
    ]);
  });
});
