import { describe, expect, it } from "vitest";
import { main } from "../../src/cli/main.ts";
import { policyRunners } from "../../src/core/gateway/policies/index.ts";
import { allPolicies } from "../../src/core/policy/catalogue/catalogue.ts";
import { explain, listPolicies, listRules } from "../../src/usecases/explain.ts";
import { createTestIo } from "./test-io.ts";

async function run(...args: string[]) {
  const { io, stdout, stderr } = createTestIo();
  const code = await main(["explain", ...args], io);
  return { code, stdout: stdout(), stderr: stderr() };
}

describe("explain POLICY", () => {
  it("says where it stands, what it takes, and how it is run here", async () => {
    const { code, stdout } = await run("retry");
    expect(code).toBe(0);
    expect(stdout).toContain("Sections: inbound, backend, outbound, on-error");
    expect(stdout).toMatch(/^ {2}count +integer; 1 to 50; required; may be an expression$/m);
    expect(stdout).toContain("policies, at least 1; not wait");
    expect(stdout).toMatch(/On the desk.*: full/);
    expect(stdout).toContain("https://learn.microsoft.com/azure/api-management/retry-policy");
  });

  it.each([
    ["return-response", "<set-status>, at most once: as the policy set-status"],
    ["cors", "    <origin>, 1 or more\n"],
    ["xsl-transform", "not run. It stops the request"],
    ["log-to-eventhub", "recorded, written down"],
    ["cosmosdb-data-source", "none; it stands in resolvers"],
  ])("%s: %s", async (name, text) => {
    expect((await run(name)).stdout).toContain(text);
  });

  it("has something to say of every policy, in both forms", async () => {
    for (const { name } of allPolicies()) {
      expect((await run(name)).code, name).toBe(0);
      const json: unknown = JSON.parse((await run(name, "--format", "json")).stdout);
      expect(json).toMatchObject({ formatVersion: 1, policy: { name } });
    }
  });

  it("gives scripts the same", async () => {
    const json: unknown = JSON.parse((await run("set-status", "--format", "json")).stdout);
    expect(json).toMatchObject({
      policy: {
        category: "transformation",
        attributes: [{ name: "code", required: true, min: 100 }, { name: "reason" }],
        local: { level: "full" },
      },
    });
    expect(JSON.parse((await run("xsl-transform", "--format", "json")).stdout)).toMatchObject({
      policy: { local: null },
    });
  });

  it.each([
    ["set-bdy", "Did you mean set-body?"],
    ["retry-same-url-at-onc", "Did you mean retry-same-url-at-once?"],
    ["nothing-like-it-at-all", "`apimgw explain` lists them."],
  ])("does not know %s", async (name, remedy) => {
    const { code, stderr } = await run(name);
    expect(code).toBe(64);
    expect(stderr).toContain(remedy);
  });
});

describe("explain", () => {
  it("lists rules, then policies in a block; * marks what is not run here", async () => {
    const { stdout } = await run();
    expect(stdout.indexOf("pool-breaker-without-retry")).toBeLessThan(stdout.indexOf("\nPolicies\n"));
    const block = stdout.slice(stdout.indexOf("\nPolicies\n"));
    expect(block).toMatch(/\bset-body,/);
    expect(block).toContain("xsl-transform*");
    expect(Math.max(...block.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(100);
    const json = JSON.parse((await run("--format", "json")).stdout) as Record<string, unknown[]>;
    expect([json["rules"]?.length, json["policies"]?.length]).toEqual([
      listRules().length,
      listPolicies().length,
    ]);
  });

  it("has no rule that is called as a policy, and lists every policy that is run here", () => {
    const rules = new Set(listRules().map(({ id }) => id));
    const listed = new Set(listPolicies().map(({ definition }) => definition.name));
    expect([...listed].filter((name) => rules.has(name))).toEqual([]);
    expect(policyRunners.filter(({ name }) => explain(name).kind !== "policy")).toEqual([]);
  });
});
