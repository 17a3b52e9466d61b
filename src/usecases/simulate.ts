/** A scenario through what a spec compiles to. */
import { Failure } from "../core/failure.ts";
import { gatewayConfig } from "../core/gateway/config.ts";
import type { GatewayConfig } from "../core/gateway/config.ts";
import type { Files } from "../core/ports.ts";
import type { Problem } from "../core/problem.ts";
import { parseScenario, withInstances } from "../core/simulate/scenario.ts";
import type { ParsedScenario, Scenario } from "../core/simulate/scenario.ts";
import { ScenarioFailure } from "../core/simulate/scenario-failure.ts";
import { simulate } from "../core/simulate/simulation.ts";
import type { Simulation, SimulationOptions } from "../core/simulate/simulation.ts";
import { hasExpressions } from "./has-expressions.ts";
import { loadSoundGateway } from "./load-gateway.ts";
import type { GatewayRequest } from "./load-gateway.ts";

/** One gateway's run, with its name for people. */
export type SimulatedGateway = { readonly name: string; readonly simulation: Simulation };

export type SimulateRequest = {
  readonly scenarioFile: string;
  /** The gateways, the first one's spec and overlay as asked for, then what it is compared with. */
  readonly gateways: readonly GatewayRequest[];
  readonly options: SimulationOptions;
  /** How many gateway instances, whatever the scenario says. */
  readonly instances: number | undefined;
  /** Makes the C# grammar ready; called when there are expressions. */
  readonly loadGrammar: () => Promise<void>;
};

/**
 * Runs the scenario through each gateway. Throws Failure `FILE.*`, `SPEC.INVALID`, `SCENARIO.*` and `GATEWAY.*`.
 */
export async function simulateGateways(
  files: Files,
  { scenarioFile, gateways, options, instances, loadGrammar }: SimulateRequest,
): Promise<SimulatedGateway[]> {
  const read = await readScenario(files, scenarioFile);
  const parsed = { ...read, scenario: withInstances(read.scenario, instances) };
  const loaded = await Promise.all(gateways.map((gateway) => loadSoundGateway(files, gateway)));
  if (loaded.some(({ model }) => model.resources.some(hasExpressions))) await loadGrammar();
  const configs = loaded.map(({ model }) => gatewayConfig(model.resources, [], model.service.workspace));
  return configs.map((config, index) => ({
    name: gateways[index]?.file ?? "",
    simulation: atPlace(parsed, () => simulate(config, knownTo(config, configs, parsed.scenario), options)),
  }));
}

/** Throws Failure `SCENARIO.INVALID` with all that is wrong with the file. */
export async function readScenario(files: Files, file: string): Promise<ParsedScenario> {
  const { parsed, problems } = parseScenario(await files.read(file), file);
  if (parsed !== undefined) return parsed;
  const count = problems.length === 1 ? "one error" : `${problems.length} errors`;
  throw new Failure("SCENARIO.INVALID", `${file} has ${count}`, { problems });
}

/** Runs it; what it says about the scenario gets its place there. */
function atPlace<Result>({ source }: ParsedScenario, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof ScenarioFailure)) throw error;
    const { code, message, pointer, remedy } = error;
    const problem: Problem = {
      rule: "scenario",
      severity: "error",
      message,
      // The name of an account is its key; what `call` names is a value.
      at: code === "SCENARIO.ACCOUNT" ? source.locateKey(pointer) : source.locate(pointer),
      ...(remedy === undefined ? {} : { help: remedy }),
    };
    throw new Failure(code, `${source.file} has one error`, { problems: [problem], cause: error });
  }
}

/** What is compared need not have the same backends: an account is left out where only the other gateway has a use for it. */
function knownTo(config: GatewayConfig, all: readonly GatewayConfig[], scenario: Scenario): Scenario {
  const { accounts } = scenario;
  if (accounts === undefined) return scenario;
  const kept = Object.entries(accounts).filter(([id]) => {
    const key = id.toLowerCase();
    return config.backends.has(key) || !all.some(({ backends }) => backends.has(key));
  });
  return { ...scenario, accounts: Object.fromEntries(kept) };
}
