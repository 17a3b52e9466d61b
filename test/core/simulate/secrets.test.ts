import { beforeAll, expect, it } from "vitest";
import { readGrammarWasm } from "../../../src/adapters/grammar.ts";
import { loadCSharpGrammar } from "../../../src/core/policy/expression/csharp/grammar.ts";
import { formatSimulationJson } from "../../../src/report/simulate/json.ts";
import { formatExplained } from "../../../src/report/simulate/explained.ts";
import { backendLines, poolGateway, runScenario } from "./run-scenario.ts";

beforeAll(async () => loadCSharpGrammar(await readGrammarWasm()));

it.each([
  { name: "in a variable", inbound: '<set-variable name="key" value="{{key}}" />' },
  {
    name: "in an expression that fails",
    inbound: '<set-variable name="key" value="@(int.Parse(\'{{key}}\'.ToString()))" />',
  },
  { name: "in what cannot be run", inbound: '<set-body template="liquid">{{key}}</set-body>' },
  {
    name: "in an error",
    inbound:
      '<check-header name="x-{{key}}" failed-check-httpcode="401" failed-check-error-message="no" ignore-case="true" />',
  },
])("shows no secret: $name", ({ inbound }) => {
  const gateway = `${poolGateway(backendLines(["e"], ""), "{ backend: e }", `backend: pool, policies: { inbound: '${inbound.replaceAll("'", "''")}' }`)}
namedValues: { key: { value: s3cr3t-value, secret: true } }
`;
  const simulation = runScenario(gateway, "requests: 1", { explain: 1 });
  const runs = [{ name: "gateway.yaml", simulation }];
  const shown = [
    formatSimulationJson(runs),
    formatExplained(runs, { color: false }),
    ...simulation.refusals.keys(),
  ].join();
  expect(shown).not.toContain("s3cr3t");
  expect(shown).toContain("set-backend-service");
});
