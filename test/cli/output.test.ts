import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/run-cli.ts";
import { runInProcess } from "../support/run-in-process.ts";

const head = `apimgw: 1
name: team-a
service: { subscriptionId: 00000000-0000-0000-0000-000000000001, resourceGroup: rg-ai, name: contoso-apim }
backends:
  a: { url: https://a.example/openai, circuitBreaker: { count: 1, interval: 1m, statusCodes: [429], tripDuration: 1m } }
  b: { url: https://b.example/openai }
apis:
  small:
    path: small
    openapi: openapi.json
`;
const listed = `${head}    operations:
      Chat: { backend: a }
`;
const openApi = JSON.stringify({
  openapi: "3.0.1",
  info: { title: "Small", version: "1" },
  paths: {
    "/chat": { post: { operationId: "Chat", responses: { 200: { description: "OK" } } } },
    "/text": { post: { operationId: "Text", responses: { 200: { description: "OK" } } } },
  },
});

function project(files: Readonly<Record<string, string>>) {
  const folder = temporaryFolder();
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  write("openapi.json", openApi);
  for (const [name, text] of Object.entries(files)) write(name, text);
  return { folder, write, run: (...args: string[]) => runInProcess(folder, args) };
}

describe("what the service refuses", () => {
  // A named value that the spec does not have may be on the service: only the service can tell.
  const policy = `<set-header name="x" exists-action="override">
  <value>{{missing}}</value>
</set-header>
`;
  const spec = `${head}    operations:
      Chat: { backend: a, policies: { inbound: { file: in.xml } } }
`;

  it("is shown with the line of the policy file, and what to do", async () => {
    const { run } = project({ "gateway.yaml": spec, "in.xml": policy });
    const { code, stderr } = await run("apply", "--local", "--auto-approve");
    expect(code).toBe(1);
    expect(stderr).toContain("Cannot find a property 'missing'");
    expect(stderr).toContain(
      [
        "    at: in.xml:2:10",
        "      2 |   <value>{{missing}}</value>",
        "        |          ^^^^^^^^^^^",
      ].join("\n"),
    );
    expect(stderr).toContain("    fix: What is named must be on the service");
  });

  it("has its place in JSON", async () => {
    const { run } = project({ "gateway.yaml": spec, "in.xml": policy });
    const { stdout } = await run("apply", "--local", "--auto-approve", "--format", "json");
    const events = stdout
      .trimEnd()
      .split("\n")
      .map((line): unknown => JSON.parse(line));
    const at = { file: "in.xml", line: 2, column: 10, endLine: 2, endColumn: 21 };
    expect(events).toContainEqual(
      expect.objectContaining({
        event: "step-failed",
        at,
        places: [{ message: "Cannot find a property 'missing'", at }],
      }),
    );
  });
});

describe("a plan", () => {
  it("ends with what must not be missed and the command that carries it out", async () => {
    const { run, write } = project({ "gateway.yaml": listed });
    expect(await run("apply", "--local", "--auto-approve")).toMatchObject({ code: 0 });
    write(
      "gateway.yaml",
      `${listed
        .replace("a.example/openai", "c.example/openai")
        .replace(/, circuitBreaker: .*\n/, " }\n")
        .replace(/ {2}b: .*\n/, "")}      Text: { backend: a }
`,
    );
    const { stdout } = await run("plan", "--local", "--adopt");
    expect(stdout.slice(stdout.indexOf("Look twice"))).toBe(`Look twice (4):
  ~ backend a: calls go to c.example instead of a.example
  ~ backend a: loses its circuit breaker: failures no longer take it out
  + policy small/Text: opened: calls to this operation no longer get only what the API's document does
  - backend b: gone from the service once applied

Plan: 1 to create, 1 to update, 0 to adopt, 1 to delete; 3 unchanged.
To carry it out: apimgw apply --local --adopt
`);
    const saved = await run("plan", "--local", "--out", "next.plan");
    expect(saved.stdout).toMatch(/\nTo carry it out: apimgw apply next\.plan --local\n$/);
    expect(saved.stderr).toBe("Saved the plan to next.plan.\n");
    const json = await run("plan", "--local", "--format", "json", "--out", "next.plan");
    expect(json.stderr).toBe(
      "Saved the plan to next.plan; carry it out with: apimgw apply next.plan --local\n",
    );
    const { changes } = JSON.parse(json.stdout) as { changes: { id: string; risks: { kind: string }[] }[] };
    expect(changes.map(({ id, risks }) => [id, risks.map(({ kind }) => kind)])).toContainEqual([
      "b",
      ["delete"],
    ]);
    expect(await run("apply", "next.plan", "--local")).toMatchObject({ code: 0 });
  });

  it("has a schema that is the one in the docs", async () => {
    const { run } = project({});
    const { stdout } = await run("schema", "plan");
    const file = join(import.meta.dirname, "../../docs/schemas/plan.schema.json");
    expect(JSON.parse(stdout)).toEqual(JSON.parse(readFileSync(file, "utf8")));
  });
});
