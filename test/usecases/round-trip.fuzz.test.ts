import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planModel } from "../../src/usecases/plan.ts";
import { plainly } from "../../src/core/plan/compare.ts";
import { openLocalProject } from "./local-project.ts";
import { pullAndPlan, removeMarks } from "./pull-project.ts";
import { files, spec } from "./spec-arbitraries.ts";

describe("apply, then plan, and pull, then plan", () => {
  it("has nothing to do, whatever the spec and the one before it", { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(spec, spec, async (first, second) => {
        const project = await openLocalProject(files);
        try {
          for (const each of [first, second]) {
            await project.apply(each);
            const { plan } = await project.plan(each);
            expect(plan.changes.map(({ action, path, diff }) => `${action} ${path}: ${diff}`)).toEqual([]);
            const pulled = await pullAndPlan(project.service);
            expect([pulled.changes, pulled.remaining]).toEqual([[], []]);
          }
          const { failures } = await project.applyPlanned(await project.planDestroy());
          expect(failures).toEqual([]);
          expect((await project.planDestroy()).plan.changes).toEqual([]);
        } finally {
          await project.close();
        }
      }),
      // The same specs every time: RUNS and SEED look further.
      {
        numRuns: Number(process.env["RUNS"] ?? 12),
        seed: Number(process.env["SEED"] ?? 1),
        endOnFailure: true,
      },
    );
  });

  it("pulls what nobody has marked, and has nothing to do", { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(spec, async (made) => {
        const project = await openLocalProject(files);
        try {
          await project.apply(made);
          await removeMarks(project.service);
          expect((await project.planDestroy()).plan.changes).toEqual([]);
          const pulled = await pullAndPlan(project.service);
          // Some descriptions end with what looks like the mark of another spec.
          const left = pulled.notes.filter(
            ({ note }) => note.startsWith("left out") && !note.includes("`other`"),
          );
          expect([pulled.changes, pulled.remaining, left]).toEqual([[], [], []]);
          // It can be written too: taken over as a whole it is still the same.
          const adopting = await planModel(project.service, pulled.model, {
            ...plainly,
            adoptsUnchanged: true,
          });
          expect((await project.applyPlanned(adopting)).failures).toEqual([]);
          expect((await pullAndPlan(project.service, { name: pulled.name })).text).toBe(pulled.text);
        } finally {
          await project.close();
        }
      }),
      {
        numRuns: Number(process.env["RUNS"] ?? 12),
        seed: Number(process.env["SEED"] ?? 1),
        endOnFailure: true,
      },
    );
  });
});
