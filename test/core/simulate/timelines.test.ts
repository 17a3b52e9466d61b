/** The two timelines that everybody sees who puts a small account before a large one: fixtures/timelines. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { readGrammarWasm } from "../../../src/adapters/grammar.ts";
import { loadCSharpGrammar } from "../../../src/core/policy/expression/csharp/grammar.ts";
import type { TimelineEntry } from "../../../src/core/simulate/simulation.ts";
import { runScenario } from "./run-scenario.ts";

beforeAll(async () => loadCSharpGrammar(await readGrammarWasm()));

const fixtures = resolve(import.meta.dirname, "../../../fixtures/timelines");

function timelineOf(name: string): readonly TimelineEntry[] {
  const [gateway, scenario] = ["gateway.yaml", "scenario.yaml"].map((file) =>
    readFileSync(join(fixtures, name, file), "utf8"),
  );
  return runScenario(gateway!, scenario!).timeline;
}

/** Neighbours with the same outcome as one: outcome and how many. */
function phases(
  timeline: readonly TimelineEntry[],
): { readonly what: string; readonly entries: TimelineEntry[] }[] {
  const found: { what: string; entries: TimelineEntry[] }[] = [];
  for (const entry of timeline) {
    const what = `${entry.region ?? "gateway"} ${entry.status}`;
    if (found.at(-1)?.what === what) found.at(-1)!.entries.push(entry);
    else found.push({ what, entries: [entry] });
  }
  return found;
}

describe("a breaker of three 429s and a minute", () => {
  it("shows three errors, then the other account for about a minute, then the main one again, over and over", () => {
    const cycle = ["Sweden Central 200", "Sweden Central 429", "East US 200"];
    const found = phases(timelineOf("breaker"));
    expect(found.length).toBeGreaterThan(20);
    found.forEach(({ what }, index) => expect(what).toBe(cycle[index % 3]));
    for (const { what, entries } of found.slice(0, -1)) {
      if (what === "Sweden Central 429") expect(entries).toHaveLength(3);
      if (what === "Sweden Central 200") expect(entries).toHaveLength(10);
      if (what !== "East US 200") continue;
      const seconds = (entries.at(-1)!.endedAt - entries[0]!.at) / 1000;
      expect(seconds).toBeGreaterThan(57);
      expect(seconds).toBeLessThan(62);
    }
  });
});

describe("the same with a retry and no breaker", () => {
  const timeline = (): readonly TimelineEntry[] => timelineOf("retry");

  it("lets no 429 through, and the main account answer about nine calls a minute", () => {
    const entries = timeline();
    expect(entries.every(({ status }) => status === 200)).toBe(true);
    for (let minute = 0; minute < 10; minute += 1) {
      const own = entries.filter(({ at }) => at >= minute * 60_000 && at < (minute + 1) * 60_000);
      const main = own.filter(({ region }) => region === "Sweden Central").length;
      expect(main).toBeGreaterThanOrEqual(8);
      expect(main).toBeLessThanOrEqual(10);
      expect(own.length).toBeGreaterThan(30);
    }
  });

  it("costs every other call a first one to the main account", () => {
    const others = timeline().filter(({ region }) => region === "East US");
    expect(others.length).toBeGreaterThan(250);
    for (const { attempts } of others) {
      expect(attempts.map(({ backend, status }) => `${backend} ${status}`)).toEqual([
        "aoai-swedencentral 429",
        "aoai-eastus 200",
      ]);
    }
  });
});
