import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { SaxesParser } from "saxes";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { main } from "../../src/cli/main.ts";
import { testFileJsonSchema } from "../../src/core/gateway-test/json-schema.ts";
import { templates } from "../../src/usecases/init.ts";
import { expectOutput } from "../support/json-output.ts";
import { createTestIo } from "./test-io.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "apimgw-test-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function run(...args: string[]) {
  const { io, stdout, stderr } = createTestIo({ cwd: folder });
  const code = await main(args, io);
  return { code, stdout: stdout(), stderr: stderr() };
}

const failing = `
cases:
  - name: fails <here>
    request: { operation: ChatCompletions_Create }
    expect: { status: 500, body: "a\\nb" }
  - name: passes
    request: { operation: ChatCompletions_Create }
    expect: { status: 200 }
`;

describe("test", () => {
  it("sends calls of a pass-through on as they came, and refuses methods that are not listed", async () => {
    writeFileSync(
      join(folder, "gateway.yaml"),
      `apimgw: 1
name: tools
service: { subscriptionId: 00000000-0000-0000-0000-000000000001, resourceGroup: rg, name: apim }
backends: { tools: { url: https://tools.example/base } }
apis:
  tools:
    path: tools
    openapi: passthrough
    operations: { Get: { backend: tools }, Post: { backend: tools, streaming: true } }
`,
    );
    writeFileSync(
      join(folder, "tools.gateway-test.yaml"),
      `cases:
  - name: any path
    request: { method: GET, path: /tools/any/where/a%20b, query: { x: "1 2", y: z } }
    expect:
      status: 200
      sent: [{ backend: tools, method: GET, url: "https://tools.example/base/any/where/a%20b?x=1%202&y=z" }]
  - name: a body that is no JSON
    request: { method: POST, path: /tools/, body: "not JSON" }
    expect: { status: 200, sent: [{ path: /base/, body: not JSON }] }
  - name: no path at all
    request: { method: POST, path: /tools, body: { a: 1 } }
    expect: { status: 200, backends: [tools] }
  - name: a method that is not listed
    request: { method: PUT, path: /tools/x }
    expect: { status: 400, body: { error: { code: OperationNotSupported } }, backends: [] }
  - name: a method that the document does not have
    request: { method: TRACE, path: /tools/x }
    expect: { status: 404, backends: [] }
`,
    );
    const { code, stdout } = await run("test");
    expect(code, stdout).toBe(0);
    expect(stdout).toContain("5 cases in 1 file: 5 passed.");
  });

  it.each(templates.map(({ name }) => name))("passes what init writes for %s", async (template) => {
    await run("init", "--template", template);
    for (const environment of [[], ["--env", "prod"]]) {
      const { code, stdout, stderr } = await run("test", ...environment);
      expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: "" });
      expect(stdout).toMatch(/^(\d+) cases in 1 file: \1 passed\.$/m);
    }
  });

  it("finds files below the folder of the spec, and says what failed, where, and why", async () => {
    await run("init", "gate", "--template", "burst-retry");
    mkdirSync(join(folder, "gate/cases"));
    writeFileSync(join(folder, "gate/cases/more.gateway-test.yaml"), failing);
    writeFileSync(join(folder, "gate/cases/other.yaml"), "not: one");
    const { code, stdout } = await run("test", "-f", "gate/gateway.yaml");
    expect(code).toBe(1);
    expect(stdout).toContain("6 cases in 2 files: 5 passed, 1 failed.");
    expect(stdout).toContain("FAIL fails <here>  gate/cases/more.gateway-test.yaml:3:11");
    expect(stdout).toContain(
      "  status gate/cases/more.gateway-test.yaml:5:23\n    - expected 500\n    + got      200\n",
    );
    expect(stdout).toMatch(/body .*\n {4}- a\n {4}- b\n {4}\+ \{"id":/);
    expect(stdout).toContain("1. aoai-main: the only choice: 200");
    expect(stdout).toContain("forward-request operation retry[1]");
  });

  it("runs named files and cases, the same every time, in every format", async () => {
    await run("init", "--template", "burst-retry");
    writeFileSync(join(folder, "more.gateway-test.yaml"), failing);
    const args = ["test", "more.gateway-test.yaml", "--filter", "FAILS"];
    const text = await run(...args);
    expect(text.stdout).toContain("1 case in 1 file: 1 failed, 1 left out.");
    expect(await run(...args)).toEqual(text);
    const json = await run(...args, "--format", "json");
    expect(json.code).toBe(1);
    expectOutput("test-results", json.stdout);
    expect(JSON.parse(json.stdout)).toMatchObject({
      cases: [{ name: "fails <here>", line: 3, failures: [{ what: "status" }, { what: "body" }] }],
      summary: { files: 1, cases: 1, passed: 0, failed: 1, leftOut: 1 },
    });
    const junit = await run("test", "--format", "junit");
    new SaxesParser().write(junit.stdout).close();
    expect(junit.stdout).toContain('<testsuites name="apimgw test" tests="6" failures="1" errors="0">');
    expect(junit.stdout).toContain('<testcase name="passes" classname="more.gateway-test.yaml"');
    expect(junit.stdout).toContain('message="status: expected 500, got 200; body: ');
  });

  it.each([
    { name: "no test file", args: ["empty"], code: 1, says: "there is no test file in empty" },
    {
      name: "a file that is not there",
      args: ["nothing.yaml"],
      code: 1,
      says: "no file or folder nothing.yaml",
    },
    { name: "a filter that fits nothing", args: ["--filter", "zzz"], code: 64, says: '"zzz"' },
    {
      name: "faults in a file",
      args: ["bad.gateway-test.yaml"],
      code: 1,
      says: "bad.gateway-test.yaml:1:9",
    },
    {
      name: "unknown names",
      args: ["unknown.gateway-test.yaml"],
      code: 1,
      says: "did you mean `ChatCompletions_Create`?",
    },
  ])("refuses $name", async ({ args, code, says }) => {
    await run("init", "--template", "simple");
    mkdirSync(join(folder, "empty"));
    writeFileSync(join(folder, "bad.gateway-test.yaml"), "cases: [{ nam: x }]");
    writeFileSync(
      join(folder, "unknown.gateway-test.yaml"),
      failing.replaceAll("ChatCompletions_Create", "ChatCompletion_Create"),
    );
    if (args[0] === "--filter") {
      rmSync(join(folder, "bad.gateway-test.yaml"));
      rmSync(join(folder, "unknown.gateway-test.yaml"));
    }
    const result = await run("test", ...args);
    expect(result.code).toBe(code);
    expect(result.stderr).toContain(says);
  });

  it("has a schema that takes what the command takes", () => {
    const validate = new Ajv({ strict: false }).compile(testFileJsonSchema());
    expect(validate({ cases: [{ name: "x", expect: { status: 200, headers: { a: null } } }] })).toBe(true);
    expect(validate({ cases: [{ name: "x", expct: {} }] })).toBe(false);
  });
});
