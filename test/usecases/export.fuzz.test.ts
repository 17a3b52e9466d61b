import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exportTargets } from "../../src/core/export/targets.ts";
import { plainly } from "../../src/core/plan/compare.ts";
import { loadSoundGateway } from "../../src/usecases/load-gateway.ts";
import { planModel } from "../../src/usecases/plan.ts";
import { deployModule } from "../support/export/deploy.ts";
import { readModule } from "./export-project.ts";
import { memoryFiles, openLocalProject, ref } from "./local-project.ts";
import { files, spec } from "./spec-arbitraries.ts";

describe("export, then plan", () => {
  it.each(exportTargets)("has nothing to do, whatever the spec: %s", { timeout: 600_000 }, async (target) => {
    await fc.assert(
      fc.asyncProperty(spec, async (made) => {
        const project = await openLocalProject();
        try {
          const text = JSON.stringify({ apimgw: 1, name: "team-a", service: ref, ...made });
          const request = { file: "gateway.yaml", variables: {} };
          const loaded = await loadSoundGateway(memoryFiles({ ...files, "gateway.yaml": text }), request);
          await deployModule(project.service, readModule(loaded.model, target));
          const { plan } = await planModel(project.service, loaded.model, plainly);
          expect(plan.changes.map(({ action, path, diff }) => `${action} ${path}: ${diff}`)).toEqual([]);
          expect(plan.unmarked).toBe(0);
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
});
