/** The pictures that the repository shows are what the command draws. UPDATE_GOLDEN=1 writes them anew. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { main } from "../../../src/cli/main.ts";
import { createTestIo } from "../../cli/test-io.ts";
import { expectOutput } from "../../support/json-output.ts";

const root = resolve(import.meta.dirname, "../../..");
const patterns = join(root, "fixtures/patterns");
const documented = join(root, "fixtures/graph/gateway.yaml");

async function draw(spec: string, format: string): Promise<string> {
  const { io, stdout, stderr } = createTestIo({ cwd: root });
  const code = await main(["graph", "-f", spec, "--format", format], io);
  expect({ code, stderr: stderr() }).toEqual({ code: 0, stderr: "" });
  return stdout();
}

function expectFile(path: string, text: string): void {
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(path, text);
  expect(existsSync(path) ? readFileSync(path, "utf8") : "no such file: run with UPDATE_GOLDEN=1", path).toBe(
    text,
  );
}

describe.each(readdirSync(patterns))("%s", (name) => {
  const spec = join(patterns, name, "gateway.yaml");

  it("has the routes that its graph.mmd shows", async () => {
    expectFile(join(patterns, name, "graph.mmd"), await draw(spec, "mermaid"));
  });

  it("prints what the schema describes", async () => {
    expectOutput("graph", await draw(spec, "json"));
  });
});

it.each([
  ["docs/images/graph.svg", "svg"],
  ["fixtures/graph/graph.mmd", "mermaid"],
])("%s is drawn by the tool", async (path, format) => {
  expectFile(join(root, path), await draw(documented, format));
});
