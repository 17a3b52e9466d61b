import { expect, it } from "vitest";
import { planOptions } from "../../src/cli/command-options.ts";
import type { PlanOptions } from "../../src/cli/command-options.ts";
import { applyCommand } from "../../src/cli/next-command.ts";

/** The options of a plan that was given nothing but these. */
function options(given: Partial<PlanOptions>, env = {}): PlanOptions {
  const entries = Object.entries(planOptions).map(([name, { read }]) => [name, read(undefined, env)]);
  return { ...(Object.fromEntries(entries) as PlanOptions), ...given };
}

it.each<[Partial<PlanOptions>, string]>([
  [{}, "apimgw apply"],
  [{ env: "prod", file: "a/gateway.yaml" }, "apimgw apply --file a/gateway.yaml --env prod"],
  [{ local: ".apimgw/local" }, "apimgw apply --local"],
  [{ local: "state dir" }, "apimgw apply --local 'state dir'"],
  [
    { adopt: true, rewriteSecrets: true, service: "it's" },
    "apimgw apply --service 'it'\\''s' --adopt --rewrite-secrets",
  ],
  [{ verbose: true, color: false, format: "json", detailedExitcode: true }, "apimgw apply"],
  [{ out: "gateway.plan", env: "prod", adopt: true }, "apimgw apply gateway.plan"],
  [{ out: "p", cloud: "AzureChinaCloud" }, "apimgw apply p --cloud AzureChinaCloud"],
  [{ out: "p", local: "x" }, "apimgw apply p --local x"],
])("the next command after %j", (given, expected) => {
  expect(applyCommand(options(given), {})).toBe(expected);
});

it("the next command takes from the environment what plan took from it", () => {
  const env = { APIMGW_ARM_ENDPOINT: "https://arm.example" };
  expect(applyCommand(options({}, env), env)).toBe("apimgw apply");
  expect(applyCommand(options({ armEndpoint: "https://b.example" }, env), env)).toBe(
    "apimgw apply --arm-endpoint https://b.example",
  );
});
