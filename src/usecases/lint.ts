import { lintModel } from "../core/lint/lint-model.ts";
import type { LintResult } from "../core/lint/lint-result.ts";
import type { Files } from "../core/ports.ts";
import { compareProblems } from "../core/problem.ts";
import { loadGateway } from "./load-gateway.ts";
import type { GatewayRequest } from "./load-gateway.ts";

export type LintOutcome = {
  readonly result: LintResult;
  /** Texts of the files that problems point into, for code frames. */
  readonly texts: ReadonlyMap<string, string>;
};

/** Checks the spec and everything it compiles to. Throws Failure `FILE.*` when the spec cannot be read. */
export async function lint(files: Files, request: GatewayRequest): Promise<LintOutcome> {
  const { parsed, model, problems, texts } = await loadGateway(files, request);
  const found =
    parsed === undefined || model === undefined
      ? []
      : lintModel({ spec: parsed.spec, source: parsed.source, model });
  return { result: { problems: [...problems, ...found].sort(compareProblems), files: texts.size }, texts };
}
