/** Several environments in one run, on the local APIM. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/run-cli.ts";
import { runInProcess } from "../support/run-in-process.ts";

const spec = `apimgw: 1
name: fleet
service: { subscriptionId: 00000000-0000-0000-0000-000000000001, resourceGroup: rg, name: apim-dev }
backends:
  a: { url: https://a.example/openai }
namedValues:
  where: { value: dev }
environments:
  test:
    service: { name: apim-test }
    namedValues: { where: { value: test } }
  prod:
    service: { name: apim-prod }
    namedValues: { where: { value: prod } }
  broken:
    service: { name: apim-broken }
    apis: { missing: {} }
  twin:
    service: { name: apim-test }
`;

function project(): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "gateway.yaml"), spec);
  return folder;
}

describe("several environments", () => {
  it("are planned, saved and applied in one run, and have no changes then", async () => {
    const folder = project();
    const planned = await runInProcess(folder, [
      "plan",
      "--env",
      "test,prod",
      "--local",
      "--format",
      "json",
      "--out",
      "fleet.plan",
    ]);
    expect([planned.code, planned.stderr]).toEqual([
      0,
      "Saved the plan to fleet.plan; carry it out with: apimgw apply fleet.plan --local\n",
    ]);
    const { plans, summary } = JSON.parse(planned.stdout) as {
      plans: { environment: string; service: { name: string } }[];
      summary: unknown;
    };
    expect(plans.map(({ environment, service }) => [environment, service.name])).toEqual([
      ["test", "apim-test"],
      ["prod", "apim-prod"],
    ]);
    expect(summary).toEqual({ create: 4, update: 0, adopt: 0, delete: 0 });
    const applied = await runInProcess(folder, ["apply", "fleet.plan", "--local", "--format", "json"]);
    const events = applied.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { event: string; environment?: string; done?: unknown });
    expect(applied.code).toBe(0);
    expect(events.at(-1)).toMatchObject({ event: "summary", done: { create: 4 }, failed: 0 });
    expect(new Set(events.slice(0, -1).map(({ environment }) => environment))).toEqual(
      new Set(["test", "prod"]),
    );
    const again = await runInProcess(folder, ["plan", "-e", "test,prod", "--local", "--detailed-exitcode"]);
    expect([again.code, again.stdout]).toEqual([
      0,
      "[test] No changes. The service matches the spec (2 resources).\n\n[prod] No changes. The service matches the spec (2 resources).\n",
    ]);
  });

  it("show each plan, end with one line, and go with a destroy", async () => {
    const folder = project();
    const applied = await runInProcess(folder, ["apply", "-e", "test,prod", "--local", "--auto-approve"]);
    expect(applied.code).toBe(0);
    expect(applied.stdout).toContain("[test] fleet → apim-test (local APIM, .apimgw/local)");
    expect(applied.stdout).toMatch(
      /Applied to 2 environments: 4 created, 0 updated, 0 adopted, 0 deleted in .*\.\n$/,
    );
    const destroyed = await runInProcess(folder, ["destroy", "-e", "test,prod", "--local", "--auto-approve"]);
    expect(destroyed.stdout).toMatch(
      /Applied to 2 environments: 0 created, 0 updated, 0 adopted, 4 deleted in .*\.\n$/,
    );
  });

  it("are not written to at all when one of them cannot be planned", async () => {
    const folder = project();
    const run = await runInProcess(folder, ["apply", "-e", "test,broken", "--local", "--auto-approve"]);
    expect([run.code, run.stdout]).toEqual([1, ""]);
    expect(run.stderr).toContain(
      "1 of 2 environments cannot be planned: broken: the spec names what is not on the service",
    );
    expect(run.stderr).toContain("gateway.yaml:17:13 error API `missing` does not exist on the service");
    const plan = await runInProcess(folder, ["plan", "-e", "test", "--local", "--format", "json"]);
    expect(JSON.parse(plan.stdout)).toMatchObject({ summary: { create: 2 } });
  });

  it.each([
    ["test,test", "holds `test` twice"],
    ["test,,prod", "holds an empty name"],
    ["test,twin", "the environments `test` and `twin` are one service with one owner"],
  ])("are refused as %s", async (env, message) => {
    const run = await runInProcess(project(), ["plan", "-e", env, "--local"]);
    expect(run.code).toBe(64);
    expect(run.stderr).toContain(message);
  });

  it("share the comment that markdown may take", async () => {
    const run = await runInProcess(project(), ["plan", "-e", "test,prod", "--local", "--format", "markdown"]);
    expect(run.stdout.match(/^### apimgw plan: `(test|prod)` /gm)).toHaveLength(2);
  });
});
