import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Failure } from "../../src/core/failure.ts";
import { createHurriedClock } from "../support/hurried-clock.ts";
import { createForeign, foreignPaths, isForeign, readForeign, readStored } from "./foreign-resources.ts";
import { openLocalProject } from "./local-project.ts";
import type { LocalProject, SpecParts } from "./local-project.ts";
import { calm, createSky, weather } from "./rough-weather.ts";
import type { Sky, Weather } from "./rough-weather.ts";
import { files, spec } from "./spec-arbitraries.ts";

/** What somebody does in the portal, to the resource that `pick` falls on. */
type HandEdit = { readonly pick: number; readonly what: "own" | "foreign"; readonly how: "edit" | "delete" };
type Run = { readonly spec: SpecParts; readonly weather: Weather; readonly edits: readonly HandEdit[] };

const edits = fc.array(
  fc.record({
    pick: fc.nat(),
    what: fc.constantFrom<HandEdit["what"]>("own", "own", "foreign"),
    how: fc.constantFrom<HandEdit["how"]>("edit", "edit", "delete"),
  }),
  { maxLength: 4 },
);
const run: fc.Arbitrary<Run> = fc.record({ spec, weather, edits });

const longestRun = 60_000;

/** A service that others use too, and runs of apimgw against it, each a process of its own. */
class World {
  readonly #directory = mkdtempSync(join(tmpdir(), "apimgw-survival-"));
  readonly #clock = createHurriedClock();
  readonly #sky: Sky = createSky();

  async begin(): Promise<void> {
    await this.#inProcess(({ service }) => createForeign(service));
  }

  /** Edits by hand, then plans and applies in the given weather, however that ends. What is of others stays as it is. */
  async survive({ spec: wanted, weather: given, edits: byHand }: Run): Promise<void> {
    await this.#inProcess(async (project) => {
      for (const edit of byHand) await this.#editByHand(project, edit);
      const before = readForeign(this.#directory);
      await failing(async () => {
        if (given.whileReading) this.#sky.set(given);
        const planned = await project.plan(wanted);
        await project.applyPlanned(planned, this.#sky.set(given));
      });
      this.#sky.set(calm);
      expect(readForeign(this.#directory)).toEqual(before);
    });
  }

  /** Nothing goes wrong any more: one run gets there, with one write for each change and none besides. */
  async arrive(wanted: SpecParts, byHand: readonly HandEdit[]): Promise<void> {
    await this.#inProcess(async (project) => {
      for (const edit of byHand) await this.#editByHand(project, edit);
      const before = readForeign(this.#directory);
      const planned = await project.plan(wanted);
      this.#sky.set(calm);
      const { failures } = await project.applyPlanned(planned);
      expect(failures).toEqual([]);
      const expected = planned.plan.changes.map(
        ({ action, path }) => `${action === "delete" ? "DELETE" : "PUT"} ${path}`,
      );
      expect([...this.#sky.writes()].sort()).toEqual(expected.sort());
      const { plan } = await project.plan(wanted);
      expect(plan.changes.map(({ action, path, diff }) => `${action} ${path}: ${diff}`)).toEqual([]);
      expect(readForeign(this.#directory)).toEqual(before);
    });
  }

  end(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** What still appears late has appeared by then, and what was being imported has ended. */
  async #inProcess(work: (project: LocalProject) => Promise<void>): Promise<void> {
    const project = await openLocalProject(files, this.#sky.hook, {
      clock: this.#clock,
      directory: this.#directory,
    });
    this.#sky.set(calm);
    try {
      await withinTime(work(project));
    } finally {
      this.#clock.pass(600_000);
      await project.close();
    }
  }

  async #editByHand({ service }: LocalProject, { pick, what, how }: HandEdit): Promise<void> {
    const own = [...readStored(this.#directory).keys()].filter((path) => !isForeign(path));
    const paths = what === "own" ? own : foreignPaths;
    const path = paths[pick % Math.max(1, paths.length)];
    if (path === undefined) return;
    if (how === "delete") {
      const isProduct = /^products\/[^/]+$/.test(path);
      const query = isProduct ? { deleteSubscriptions: "true" } : undefined;
      // What is in use cannot be deleted by hand either, and what others have stays.
      if (what === "own") await failing(() => service.remove(path, "*", query));
      return;
    }
    // A link has no content to edit.
    if (/^products\/[^/]+\/apis\//.test(path)) return;
    // Somebody else comes before a delete, which is refused since its ETag is nobody's.
    this.#sky.set({ ...calm, faults: [{ at: 0, fault: { race: "edit" } }] });
    await failing(() => service.remove(path, '"nobody\'s"'));
    this.#sky.set(calm);
  }
}

/** The work may fail, and only in ways that are said to people. */
async function failing(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Failure) && error !== "SIGINT") throw error;
  }
}

/** Nothing hangs. */
async function withinTime(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("a run does not end")), longestRun);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

describe("a spec that is applied in rough weather", () => {
  it("arrives with the next quiet run, and leaves others alone", { timeout: 900_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(run, { minLength: 1, maxLength: 3 }),
        fc.option(spec),
        edits,
        async (runs, last, byHand) => {
          const world = new World();
          try {
            await world.begin();
            for (const each of runs) await world.survive(each);
            // The last spec is finished, or another one comes over its pieces.
            await world.arrive(last ?? runs.at(-1)?.spec ?? {}, byHand);
          } finally {
            world.end();
          }
        },
      ),
      // The same every time: RUNS and SEED look further.
      {
        numRuns: Number(process.env["RUNS"] ?? 20),
        seed: Number(process.env["SEED"] ?? 1),
        endOnFailure: true,
      },
    );
  });
});
