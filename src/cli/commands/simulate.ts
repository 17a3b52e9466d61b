import { readGrammarWasm } from "../../adapters/grammar.ts";
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
import { usageFailure } from "../usage.ts";

export const simulate: CommandHandler<SimulateOptions> = async (context, _args, options) => {
  const { files, output } = context;
  if (options.scenario === undefined) {
    throw usageFailure("SCENARIO", "no scenario is given", { remedy: "Name one with --scenario FILE." });
  }
  const request = gatewayRequest(context, { ...options, ...noService });
  const compared = options.compare === undefined ? [] : [{ ...request, file: options.compare }];
  const gateways = await simulateGateways(files, {
    scenarioFile: options.scenario,
    gateways: [request, ...compared],
    options: {
      keepsTimeline: options.format === "json" || options.format === "html",
      skipsUnsupported: options.skipUnsupported,
      ...(options.explain === undefined ? {} : { explain: options.explain }),
    },
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

const noService = { subscription: undefined, resourceGroup: undefined, service: undefined };

function formatAs(gateways: readonly SimulatedGateway[], options: SimulateOptions, output: Output): string {
  switch (options.format) {
    case "text": {
      const style = { color: output.resultColor && options.output === undefined };
      return options.explain === undefined
        ? formatSimulation(gateways, style)
        : formatExplained(gateways, style);
    }
    case "json":
      return formatSimulationJson(gateways);
    case "svg":
      return formatSimulationSvg(gateways);
    case "html":
      return formatSimulationHtml(gateways);
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
