/** Cases of test files through what a spec compiles to. */
import { Failure } from "../core/failure.ts";
import { gatewayConfig } from "../core/gateway/config.ts";
import { parseTestFile } from "../core/gateway-test/parse.ts";
import type { TestCase } from "../core/gateway-test/parse.ts";
import { checkCases, runCase } from "../core/gateway-test/run-cases.ts";
import type { CaseResult } from "../core/gateway-test/run-cases.ts";
import type { Files } from "../core/ports.ts";
import type { Problem } from "../core/problem.ts";
import { hasExpressions } from "./has-expressions.ts";
import { loadSoundGateway } from "./load-gateway.ts";
import type { GatewayRequest } from "./load-gateway.ts";

export type TestGatewayRequest = {
  readonly gateway: GatewayRequest;
  readonly testFiles: readonly string[];
  /** Part of the names of the cases that are run, in any case; all when undefined. */
  readonly filter: string | undefined;
  /** Makes the C# grammar ready; called when there are expressions. */
  readonly loadGrammar: () => Promise<void>;
};

export type TestRun = {
  /** In the order of the files, and in them of the cases. */
  readonly results: readonly CaseResult[];
  /** Cases that the filter left out. */
  readonly leftOut: number;
  /** What could not be known of the gateway and was made up. */
  readonly notes: readonly string[];
};

/** Throws Failure `FILE.*`, `SPEC.INVALID`, `GATEWAY.*`, and `TEST.INVALID` with all that is wrong with the files. */
export async function testGateway(
  files: Files,
  { gateway, testFiles, filter, loadGrammar }: TestGatewayRequest,
): Promise<TestRun> {
  const cases = await readCases(files, testFiles);
  const { model } = await loadSoundGateway(files, gateway);
  const config = gatewayConfig(model.resources, [], model.service.workspace);
  refuse(checkCases(config, cases));
  const chosen = cases.filter(({ name }) => filter === undefined || contains(name, filter));
  if (model.resources.some(hasExpressions)) await loadGrammar();
  return {
    results: chosen.map((test) => runCase(config, test)),
    leftOut: cases.length - chosen.length,
    notes: config.notes,
  };
}

async function readCases(files: Files, testFiles: readonly string[]): Promise<TestCase[]> {
  const texts = await Promise.all(testFiles.map((file) => files.read(file)));
  const parsed = texts.map((text, index) => parseTestFile(text, testFiles[index] ?? ""));
  refuse(parsed.flatMap(({ problems }) => problems));
  return parsed.flatMap(({ cases }) => cases);
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const [first] = problems;
  const isOneFile = problems.every(({ at }) => at.file === first?.at.file);
  const where = isOneFile ? (first?.at.file ?? "") : "the test files";
  const count = problems.length === 1 ? "one error" : `${problems.length} errors`;
  throw new Failure("TEST.INVALID", `${where} ${isOneFile ? "has" : "have"} ${count}`, { problems });
}

function contains(name: string, part: string): boolean {
  return name.toLowerCase().includes(part.toLowerCase());
}
