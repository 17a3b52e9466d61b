import { describe, expect, it } from "vitest";
import { main } from "../../src/cli/main.ts";
import { createTestIo } from "../cli/test-io.ts";

async function explain(...args: string[]) {
  const { io, stdout, stderr } = createTestIo();
  const code = await main(["explain", ...args], io);
  return { code, stdout: stdout(), stderr: stderr() };
}

describe("explain POLICY", () => {
  it("says where a policy stands and how it is simulated, with where each fact is from", async () => {
    const { code, stdout } = await explain("retry");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^retry \(policy\)\n\nSections: inbound, backend, outbound, on-error\n/);
    expect(stdout).toMatch(/In simulate: runs as documented\n {2}.*\(documented\)$/m);
  });

  it("says what is not run", async () => {
    expect((await explain("invoke-dapr-binding")).stdout).toContain("In simulate: is not run");
  });

  it("gives JSON", async () => {
    const { stdout } = await explain("emit-metric", "--format", "json");
    expect(JSON.parse(stdout)).toMatchObject({
      formatVersion: 1,
      policy: { name: "emit-metric", simulated: "recorded" },
    });
  });

  it("lists the policies behind the rules", async () => {
    expect((await explain()).stdout).toMatch(
      /Policies that simulate runs\n(?: {2}.*\n)* {2}choose +runs as documented\n/,
    );
    const json = JSON.parse((await explain("--format", "json")).stdout) as Record<string, unknown[]>;
    expect(json["rules"]?.length).toBeGreaterThan(50);
    expect(json["policies"]?.length).toBeGreaterThan(40);
  });

  it("knows what was meant", async () => {
    const { code, stderr } = await explain("set-heder");
    expect(code).toBe(64);
    expect(stderr).toContain("Did you mean set-header?");
  });
});
