/** The template whole-gateway, as docs/whole-gateway.md walks through it. UPDATE_GOLDEN=1 writes what the page shows anew. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDiskFiles } from "../../src/adapters/files/disk-files.ts";
import { main } from "../../src/cli/main.ts";
import { render } from "../../src/usecases/render.ts";
import { expectGolden } from "../support/golden.ts";
import { expectOutput } from "../support/json-output.ts";
import { createTestIo } from "./test-io.ts";

const root = resolve(import.meta.dirname, "../..");
const shown = join(root, "fixtures/whole-gateway");
let folder = "";

/** Runs a command in the folder that init has filled; it must succeed. */
async function run(...args: string[]): Promise<string> {
  const { io, stdout, stderr } = createTestIo({ cwd: folder });
  const code = await main(args, io);
  expect({ args, code, stderr: code === 0 ? "" : stderr() }).toEqual({ args, code: 0, stderr: "" });
  return stdout();
}

function expectFile(path: string, text: string): void {
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(path, text);
  expect(text, path).toBe(readFileSync(path, "utf8"));
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "apimgw-whole-"));
  await run("init", "--template", "whole-gateway");
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("the whole gateway", () => {
  it("has twelve accounts in six regions, three APIs and four products", async () => {
    const rendered = await render(
      createDiskFiles(),
      {
        file: join(root, "templates/whole-gateway/gateway.yaml"),
        variables: {},
        ownDocuments: join(root, "templates/openapi"),
      },
      "rawxml",
    );
    const count = (pattern: RegExp): number => rendered.filter(({ path }) => pattern.test(path)).length;
    expect([count(/^apis\/[^/]+\.json$/), count(/^products\/[^/]+\.json$/)]).toEqual([3, 4]);
    expectGolden(join(shown, "rendered"), rendered);
  });

  it("lints clean and passes its cases", async () => {
    expect(await run("lint", "--max-warnings", "0")).toBe("No problems in 1 file.\n");
    expect(await run("test")).toContain("8 cases in 1 file: 8 passed.");
  });

  it("is applied as planned, and nothing is left to do, neither for it nor for what pull writes", async () => {
    const planned = await run("plan", "--local", "--out", "gateway.plan");
    expect(planned).toContain("Plan: 62 to create, 0 to update, 0 to adopt, 0 to delete; 0 unchanged.");
    await run("apply", "gateway.plan", "--local");
    expect(await run("plan", "--local", "--detailed-exitcode")).toContain("No changes.");
    const service = ["--subscription", "00000000-0000-0000-0000-000000000000", "--resource-group", "rg-ai"];
    await run("pull", "pulled", "--local", ...service, "--service", "contoso-ai");
    const again = ["-f", "pulled/gateway.yaml", "--local", "--detailed-exitcode"];
    expect(await run("plan", ...again)).toContain("No changes.");
  });

  it("keeps what the internal applications are promised while the reports ask for too much", async () => {
    const simulate = (...more: string[]) => run("simulate", "--scenario", "morning.yaml", ...more);
    const text = await simulate("--format", "json");
    expectOutput("simulate", text);
    const { callers } = JSON.parse(text) as {
      callers: { subscription: string; refused: number; failed: number }[];
    };
    const troubled = callers.filter(({ refused, failed }) => refused + failed > 0);
    expect(troubled.map(({ subscription }) => subscription).sort()).toEqual(["everyone", "reports"]);
    expect(troubled.map(({ failed }) => failed)).toEqual([0, 0]);
    expectFile(join(shown, "morning.txt"), await simulate());
    expectFile(join(root, "docs/images/morning.svg"), await simulate("--format", "svg"));
  });

  it("is drawn by the tool", async () => {
    expectFile(join(root, "docs/images/whole-gateway.svg"), await run("graph", "--format", "svg"));
  });
});
