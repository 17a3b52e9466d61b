import { readGrammarWasm } from "../../adapters/grammar.ts";
import { Failure } from "../../core/failure.ts";
import { loadCSharpGrammar } from "../../core/policy/expression/csharp/grammar.ts";
import { plural } from "../../report/count.ts";
import { formatExplained } from "../../report/simulate/explained.ts";
import { formatSimulationHtml } from "../../report/simulate/html.ts";
import { formatSimulationJson } from "../../report/simulate/json.ts";
import { formatSimulationSvg } from "../../report/simulate/svg.ts";
import { formatSimulation } from "../../report/simulate/text.ts";
import { simulateGateways } from "../../usecases/simulate.ts";
import type { SimulatedGateway } from "../../usecases/simulate.ts";
import type { SimulateOptions } from "../command-options.ts";
import type { CommandHandler } from "../command.ts";
import type { Output } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { gatewayRequest } from "../gateway-request.ts";
import { noService } from "../no-service.ts";
import { usageFailure } from "../usage.ts";

export const simulate: CommandHandler<SimulateOptions> = async (context, _args, options) => {
  const { files, output } = context;
  if (options.scenario === undefined) {
    throw usageFailure("SCENARIO", "no scenario is given", { remedy: "Name one with --scenario FILE." });
  }
  if (options.explain !== undefined && options.format !== "text" && options.format !== "json") {
    throw usageFailure("EXPLAIN", `--explain gives no ${options.format}`, {
      remedy: "Use it with --format text or json.",
    });
  }
  const request = gatewayRequest(context, { ...options, ...noService });
  const compared = options.compare === undefined ? [] : [{ ...request, file: options.compare }];
  const gateways = await simulateGateways(files, {
    scenarioFile: options.scenario,
    gateways: [request, ...compared],
    options: {
      keptRequests: keptRequests(options.format),
      skipsUnsupported: options.skipUnsupported,
      ...(options.explain === undefined ? {} : { explain: options.explain }),
    },
    instances: options.instances,
    loadGrammar: async () => loadCSharpGrammar(await readGrammarWasm()),
  });
  requireExplained(gateways, options);
  for (const gateway of gateways) warn(gateway, output);
  const text = formatAs(gateways, options, output);
  if (options.output === undefined) output.writeResult(text);
  else {
    await files.write(options.output, text.endsWith("\n") ? text : `${text}\n`);
    output.message(`Wrote ${options.output}.`);
  }
  return exitCodes.done;
};

function formatAs(gateways: readonly SimulatedGateway[], options: SimulateOptions, output: Output): string {
  switch (options.format) {
    case "text": {
      const style = { color: output.resultColor && options.output === undefined };
      return options.explain === undefined
        ? formatSimulation(gateways, style)
        : formatExplained(gateways, style);
    }
    case "json":
      return formatJson(gateways);
    case "svg":
      return formatSimulationSvg(gateways);
    case "html":
      return formatSimulationHtml(gateways);
  }
}

/** A page of more would be slow; text and picture are made of sums. */
function keptRequests(format: SimulateOptions["format"]): number {
  switch (format) {
    case "json":
      return Infinity;
    case "html":
      return 20_000;
    case "text":
    case "svg":
      return 0;
  }
}

/** Throws Failure `SIMULATE.TOO_MANY` when the requests make a longer text than there can be. */
function formatJson(gateways: readonly SimulatedGateway[]): string {
  try {
    return formatSimulationJson(gateways);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Failure("SIMULATE.TOO_MANY", "these are too many requests for one JSON document", {
      remedy: "Use --format text or svg, or fewer requests.",
      cause: error,
    });
  }
}

function requireExplained(gateways: readonly SimulatedGateway[], { explain }: SimulateOptions): void {
  const [first] = gateways;
  if (explain === undefined || first === undefined || first.simulation.explained !== undefined) return;
  const count = plural(first.simulation.statistics.requests, "request");
  throw usageFailure("EXPLAIN", `there is no request ${explain}: the scenario makes ${count}`);
}

/** What was made up, and what stopped requests. */
function warn({ name, simulation }: SimulatedGateway, output: Output): void {
  for (const note of simulation.notes) output.message(`${name}: ${note}`);
  for (const [refusal, count] of simulation.refusals) {
    output.error(`${name}: ${plural(count, "request")} stopped: ${refusal}`);
  }
}
