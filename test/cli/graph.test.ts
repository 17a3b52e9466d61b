import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "@ts-graphviz/ast";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { main } from "../../src/cli/main.ts";
import { expectOutput } from "../support/json-output.ts";
import { createTestIo } from "./test-io.ts";

const fixtures = resolve(import.meta.dirname, "../../fixtures");
const everything = join(fixtures, "patterns/everything/gateway.yaml");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "apimgw-graph-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function graph(...args: string[]) {
  const { io, stdout, stderr } = createTestIo({ cwd: folder });
  const code = await main(["graph", ...args], io);
  return { code, stdout: stdout(), stderr: stderr() };
}

describe("graph", () => {
  it("writes what it would show", async () => {
    for (const format of ["mermaid", "dot", "svg", "json"]) {
      const shown = await graph("-f", everything, "--format", format);
      const written = await graph("-f", everything, "--format", format, "-o", `out/routes.${format}`);
      expect(written).toEqual({ code: 0, stdout: "", stderr: `Wrote out/routes.${format}.\n` });
      expect(readFileSync(join(folder, `out/routes.${format}`), "utf8")).toBe(shown.stdout);
    }
  });

  it("draws the same whatever the order of the spec's keys", async () => {
    const text = readFileSync(everything, "utf8").replaceAll(
      /\.\.\/\.\.\/|policies\//g,
      (found) => join(fixtures, found.startsWith("..") ? "." : "patterns/everything/policies") + "/",
    );
    writeFileSync(join(folder, "a.yaml"), text);
    const blocks = text.split(/^(?=[a-z])/m).reverse();
    writeFileSync(join(folder, "b.yaml"), blocks.join(""));
    for (const format of ["mermaid", "dot", "svg", "json"]) {
      const drawn = await graph("-f", "a.yaml", "--format", format);
      expect(drawn.code).toBe(0);
      expect(await graph("-f", "b.yaml", "--format", format)).toEqual(drawn);
    }
  });

  it("draws one operation, with an overlay", async () => {
    const spec = join(fixtures, "patterns/burst-combined/gateway.yaml");
    const { stdout } = await graph(
      "-f",
      spec,
      "-e",
      "keep",
      "--operation",
      "Completions_Create",
      "--format",
      "json",
    );
    expectOutput("graph", stdout);
    expect(JSON.parse(stdout)).toMatchObject({
      formatVersion: 1,
      name: "burst-combined",
      environment: "keep",
      nodes: [
        { kind: "caller" },
        { kind: "api", name: "azure-openai" },
        { kind: "operation", operations: ["Completions_Create"] },
        { kind: "pool", name: "burst" },
        {
          kind: "backend",
          name: "main-backend",
          url: "https://contoso-swc.openai.azure.com/openai",
          circuitBreaker: {
            count: 3,
            intervalSeconds: 300,
            statusCodes: ["429"],
            tripSeconds: 60,
            acceptRetryAfter: true,
          },
        },
        { kind: "backend", name: "sub-backend" },
      ],
      edges: [
        {},
        {},
        { kind: "route", steps: [{ order: 1, when: [], on: [], retries: 3, retryOn: ["429"] }] },
        { kind: "member", priority: 1 },
        { kind: "member", priority: 2 },
      ],
    });
  });

  it("keeps sixty operations readable, and names them when asked", async () => {
    const spec = `apimgw: 1
name: sixty
service: { subscriptionId: 00000000-0000-0000-0000-000000000001, resourceGroup: rg-ai, name: contoso-apim }
backends: { aoai: { url: https://contoso-swc.openai.azure.com/openai } }
apis:
  azure-openai:
    path: openai
    openapi: azure-openai@2025-03-01-preview
    managedIdentity: https://cognitiveservices.azure.com/
    operations:
      ChatCompletions_Create: { backend: aoai }
      Completions_Create: { backend: aoai }
      Embeddings_Create: { backend: aoai, timeout: 1m }
`;
    writeFileSync(join(folder, "gateway.yaml"), spec);
    const few = await graph("--format", "dot");
    const nodes = (text: string) =>
      parse(text).children[0]?.type === "Graph" ? text.match(/^ {2}"\w+" \[/gm)?.length : 0;
    expect(few.stderr).toBe("");
    expect(nodes(few.stdout)).toBe(6);
    expect(few.stdout).toMatch(/label="\d\d operations denied\\nanswers 400 Bad Request"/);
    const all = await graph("--format", "dot", "--all");
    expect(nodes(all.stdout)).toBe(6);
    expect(all.stdout).toMatch(/operations denied\\n(?:\w+\\n){40,}answers 400/);
  });

  it.each([
    [["--api", "azure"], 64, "there is no API `azure` in the gateway"],
    [["--operation", "ChatCompletion_Create"], 64, "did you mean `ChatCompletions_Create`?"],
    [["--format", "png"], 64, "mermaid, dot, svg, json"],
  ])("refuses %j", async (args, code, text) => {
    const result = await graph("-f", everything, ...args);
    expect(result).toMatchObject({ code, stdout: "" });
    expect(result.stderr).toContain(text);
  });

  it("says so when there is nothing to draw, in JSON for who asked for it", async () => {
    const text =
      "apimgw: 1\nname: empty\nservice: { subscriptionId: 00000000-0000-0000-0000-000000000001, resourceGroup: r, name: s }\n";
    writeFileSync(join(folder, "gateway.yaml"), text);
    expect(await graph()).toMatchObject({ code: 1, stdout: "" });
    const { code, stdout } = await graph("--format", "json");
    expect(code).toBe(1);
    expectOutput("graph", stdout);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "GRAPH.EMPTY" } });
  });
});
