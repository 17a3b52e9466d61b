/** Pulls from a local APIM in this process, and plans what was pulled. */
import type { LiveService } from "../../src/core/ports.ts";
import type { Problem } from "../../src/core/problem.ts";
import { loadGateway } from "../../src/usecases/load-gateway.ts";
import { lint } from "../../src/usecases/lint.ts";
import { plainly } from "../../src/core/plan/compare.ts";
import { planModel } from "../../src/usecases/plan.ts";
import { pullService } from "../../src/usecases/pull.ts";
import type { PullChoice, PulledGateway } from "../../src/usecases/pull.ts";
import { memoryFiles } from "./local-project.ts";

export type Pulled = PulledGateway & {
  /** Errors of lint over the pulled spec. */
  readonly errors: readonly Problem[];
  /** What planning the pulled spec shows. */
  readonly changes: readonly string[];
};

export async function pullAndPlan(service: LiveService, choice: Partial<PullChoice> = {}): Promise<Pulled> {
  const pulled = await pullService(service, { apis: [], ...choice });
  const texts = Object.fromEntries(pulled.files.map(({ path, text }) => [path, text]));
  const files = memoryFiles({ ...texts, "gateway.yaml": pulled.text });
  const request = { file: "gateway.yaml", variables: {} };
  const { result } = await lint(files, request, { severities: new Map() });
  const { model } = await loadGateway(files, request);
  if (model === undefined) throw new Error(JSON.stringify(result.problems));
  const { plan } = await planModel(service, model, plainly);
  return {
    ...pulled,
    errors: result.problems.filter(({ severity }) => severity === "error"),
    changes: plan.changes.map(({ action, path, diff }) => `${action} ${path}: ${diff}`),
  };
}
