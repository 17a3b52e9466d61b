/** Specs and scenarios as text, compiled and simulated in this process. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "../../../src/core/compile/compile.ts";
import { gatewayConfig } from "../../../src/core/gateway/config.ts";
import type { GatewayConfig } from "../../../src/core/gateway/config.ts";
import { parseOpenApi } from "../../../src/core/openapi/parse.ts";
import { parseScenario } from "../../../src/core/simulate/scenario.ts";
import { simulate } from "../../../src/core/simulate/simulation.ts";
import type { Simulation, SimulationOptions } from "../../../src/core/simulate/simulation.ts";
import { parseSpec } from "../../../src/core/spec/parse-spec.ts";

const openApiFile = join(import.meta.dirname, "../../../fixtures/openapi/small.json");

/** Compiles a spec whose only API, `azure-openai`, imports the small OpenAPI document. */
export function compileGateway(text: string): GatewayConfig {
  const { parsed, problems } = parseSpec(text, { file: "gateway.yaml", variables: {} });
  if (parsed === undefined) throw new Error(problems.map(({ message }) => message).join("\n"));
  const openApi = parseOpenApi(readFileSync(openApiFile, "utf8"), "small.json");
  if (!openApi.ok) throw new Error("the OpenAPI fixture is not sound");
  const compiled = compile({
    parsed,
    openApi: new Map([["azure-openai", openApi.document]]),
    policySources: new Map(
      Object.entries(parsed.spec.apis ?? {}).flatMap(([api, { operations = {} }]) =>
        Object.entries(operations).flatMap(([operation, { policies = {} }]) =>
          Object.entries(policies).flatMap(([section, xml]) => {
            const pointer = `/apis/${api}/operations/${operation}/policies/${section}`;
            return typeof xml === "string" ? [[pointer, { pointer, text: xml }] as const] : [];
          }),
        ),
      ),
    ),
  });
  const errors = compiled.problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join("\n"));
  return gatewayConfig(compiled.model.resources, []);
}

export function runScenario(
  gateway: GatewayConfig | string,
  scenarioText: string,
  options: Partial<SimulationOptions> = {},
): Simulation {
  const config = typeof gateway === "string" ? compileGateway(gateway) : gateway;
  const { parsed, problems } = parseScenario(scenarioText, "scenario.yaml");
  if (parsed === undefined) throw new Error(problems.map(({ message }) => message).join("\n"));
  return simulate(config, parsed.scenario, { keptRequests: Infinity, ...options });
}

/** First letters of the regions that answered, one per request; `-` for the gateway's own answers and `!` behind an error. */
export function letters({ timeline }: Simulation): string {
  return timeline
    .map(({ region, status }) => (region?.charAt(0) ?? "-") + (status >= 400 && region !== null ? "!" : ""))
    .join("");
}

const head = `
apimgw: 1
name: experiment
service: { subscriptionId: 00000000-0000-0000-0000-000000000001, resourceGroup: rg, name: apim }
`;

/** One API with one operation behind `pool`, with the lines given for backends, pools and the operation. */
export function poolGateway(backends: string, members: string, operation = "backend: pool"): string {
  return `${head}
backends:
${backends}
pools: { pool: { members: [${members}] } }
apis:
  azure-openai:
    path: openai
    openapi: small.json
    operations: { ChatCompletions_Create: { ${operation} } }
`;
}

/** Lines for backends of these names, all with the same breaker. */
export function backendLines(names: readonly string[], breaker: string): string {
  const own = breaker === "" ? "" : `, circuitBreaker: { ${breaker} }`;
  return names.map((name) => `  ${name}: { url: https://${name}.openai.azure.com/openai${own} }`).join("\n");
}
