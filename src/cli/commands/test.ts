import { dirname } from "node:path";
import { findFiles } from "../../adapters/files/find-files.ts";
import { readGrammarWasm } from "../../adapters/grammar.ts";
import { Failure } from "../../core/failure.ts";
import { loadCSharpGrammar } from "../../core/policy/expression/csharp/grammar.ts";
import { formatTestsJson } from "../../report/gateway-test/json.ts";
import { formatTestsJunit } from "../../report/gateway-test/junit.ts";
import { formatTests } from "../../report/gateway-test/text.ts";
import { testGateway } from "../../usecases/test-gateway.ts";
import type { TestRun } from "../../usecases/test-gateway.ts";
import type { TestOptions } from "../command-options.ts";
import type { CommandHandler } from "../command.ts";
import type { Output } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { gatewayRequest } from "../gateway-request.ts";
import { noService } from "../no-service.ts";
import { usageFailure } from "../usage.ts";

export const test: CommandHandler<TestOptions> = async (context, paths, options) => {
  const { files, output, cwd } = context;
  const searched = paths.length > 0 ? paths : [dirname(options.file)];
  const found = await findFiles(cwd, searched, "**/*.gateway-test.yaml");
  if (found.length === 0) throw nothingFound(searched);
  const run = await testGateway(files, {
    gateway: gatewayRequest(context, { ...options, ...noService }),
    testFiles: found.map(({ path }) => path),
    filter: options.filter,
    loadGrammar: async () => loadCSharpGrammar(await readGrammarWasm()),
  });
  if (run.results.length === 0) {
    throw usageFailure("FILTER", `no case has ${JSON.stringify(options.filter)} in its name`);
  }
  for (const note of run.notes) output.message(`${options.file}: ${note}`);
  output.writeResult(formatAs(run, options, output));
  return run.results.every(({ passed }) => passed) ? exitCodes.done : exitCodes.failed;
};

function formatAs({ results, leftOut }: TestRun, { format }: TestOptions, output: Output): string {
  switch (format) {
    case "text":
      return formatTests(results, leftOut, { color: output.resultColor });
    case "json":
      return formatTestsJson(results, leftOut);
    case "junit":
      return formatTestsJunit(results);
  }
}

function nothingFound(paths: readonly string[]): Failure {
  return new Failure("FILE.NO_TESTS", `there is no test file in ${paths.join(", ")}`, {
    why: "In folders, files whose names end with .gateway-test.yaml are looked for, without those that git ignores.",
    remedy: "Name a file, or write one: docs/test.md has an example.",
  });
}
