import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { main } from "../../src/cli/main.ts";
import { parseSpec } from "../../src/core/spec/parse-spec.ts";
import { templates } from "../../src/usecases/init.ts";
import { createTestIo, type TestIoOptions } from "./test-io.ts";

const templateFolder = resolve(import.meta.dirname, "../../templates");
const names = templates.map(({ name }) => name);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "apimgw-init-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function init(argv: readonly string[], options: TestIoOptions = {}) {
  const { io, stdout, stderr } = createTestIo({ cwd: folder, ...options });
  const code = await main(["init", ...argv], io);
  return { code, stdout: stdout(), stderr: stderr() };
}

function filesIn(path: string): string[] {
  return globSync("**/{*,.gitignore}", { cwd: path, exclude: (name) => name === "node_modules" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => file.includes("."))
    .sort();
}

const written = [
  ".gitignore",
  "gateway.gateway-test.yaml",
  "gateway.schema.json",
  "gateway.yaml",
  "specs/azure-openai.json",
];

describe("init", () => {
  it.each(names)("writes %s: a sound spec, in every environment", async (name) => {
    const { code, stdout, stderr } = await init(["--template", name]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const isWhole = name === "whole-gateway";
    // Its spec names documents that come with apimgw.
    const files = isWhole
      ? [...written.filter((path) => !path.startsWith("specs/")), "morning.yaml"]
      : written;
    expect(filesIn(folder)).toEqual(files);
    for (const next of ["gateway.yaml", "apimgw lint", "apimgw apply --local"])
      expect(stdout).toContain(next);
    const text = readFileSync(join(folder, "gateway.yaml"), "utf8");
    expect(text).toMatch(/^# yaml-language-server: \$schema=\.\/gateway\.schema\.json\n/);
    for (const environment of [{}, { environment: "prod" }]) {
      expect(parseSpec(text, { file: "gateway.yaml", variables: {}, ...environment }).problems).toEqual([]);
    }
    expect(JSON.parse(readFileSync(join(folder, "gateway.schema.json"), "utf8"))).toMatchObject({
      type: "object",
    });
    expect(readFileSync(join(folder, ".gitignore"), "utf8")).toBe(".apimgw/\n");
  });

  it("lists operations that the OpenAPI document has", () => {
    for (const name of names) {
      const spec = readFileSync(join(templateFolder, name, "gateway.yaml"), "utf8");
      const documents = [...spec.matchAll(/^ +openapi: (\S+)$/gm)].map(([, given = ""]) =>
        given.startsWith("specs/") ? "azure-openai-2025-03-01-preview" : given.replace("@", "-"),
      );
      const openapi = documents
        .map((document) => readFileSync(join(templateFolder, "openapi", `${document}.json`), "utf8"))
        .join("");
      const operations = [...spec.matchAll(/^ {6}(\w+_\w+):/gm)].map(([, id]) => id);
      expect(operations.length).toBeGreaterThan(0);
      for (const id of operations) expect(openapi.includes(`"${id}"`), `${name}: ${id}`).toBe(true);
    }
  });

  it("writes to a folder that need not be there, and says how to enter it", async () => {
    const { code, stdout } = await init(["sub/gate way", "--template", "simple"]);
    expect(code).toBe(0);
    expect(filesIn(join(folder, "sub/gate way"))).toEqual(written);
    expect(stdout).toContain("cd 'sub/gate way'");
  });

  it("overwrites nothing: names all files in the way and writes none", async () => {
    writeFileSync(join(folder, "gateway.yaml"), "mine");
    writeFileSync(join(folder, "gateway.schema.json"), "mine");
    const { code, stderr } = await init(["--template", "simple"]);
    expect(code).toBe(1);
    expect(stderr).toContain("not overwriting what is there: gateway.yaml, gateway.schema.json");
    expect(stderr).toContain("--force");
    expect(filesIn(folder)).toEqual(["gateway.schema.json", "gateway.yaml"]);
    expect(JSON.parse((await init(["--template", "simple", "--format", "json"])).stdout)).toMatchObject({
      error: { code: "INIT.EXISTS" },
    });
  });

  it("overwrites with --force, and adds to a .gitignore once", async () => {
    writeFileSync(join(folder, "gateway.yaml"), "mine");
    writeFileSync(join(folder, ".gitignore"), "node_modules/\n");
    expect((await init(["--template", "facade", "--force"])).code).toBe(0);
    expect(readFileSync(join(folder, "gateway.yaml"), "utf8")).toBe(
      readFileSync(join(templateFolder, "facade/gateway.yaml"), "utf8"),
    );
    expect(readFileSync(join(folder, ".gitignore"), "utf8")).toBe("node_modules/\n.apimgw/\n");
  });

  it.each([
    ["burst-breker", "Did you mean burst-breaker?"],
    ["Simple", "Did you mean simple?"],
    ["loadbalance", "Did you mean load-balance?"],
    ["kubernetes", "The patterns are simple, facade"],
  ])("does not know the pattern %s", async (name, remedy) => {
    const { code, stderr } = await init(["--template", name]);
    expect(code).toBe(64);
    expect(stderr).toContain(remedy);
    expect(stderr).toContain(names.join(", "));
    expect(filesIn(folder)).toEqual([]);
  });

  it("needs --template when nobody is there to ask", async () => {
    const { code, stderr } = await init([]);
    expect(code).toBe(64);
    expect(stderr).toContain("--template");
    expect(stderr).toContain(names.join(", "));
  });

  it("asks at a terminal", async () => {
    const { code, stderr } = await init([], { isTTY: true, input: "burst-retry\n" });
    expect(code).toBe(0);
    for (const name of names) expect(stderr).toContain(name);
    expect(filesIn(folder)).toEqual(written);
    expect((await init(["other"], { isTTY: true, input: "\n" })).code).toBe(64);
  });
});

describe("init --list", () => {
  it("shows every pattern", async () => {
    const { code, stdout } = await init(["--list"]);
    expect(code).toBe(0);
    for (const { name, title, description } of templates) {
      for (const text of [name, title, description]) expect(stdout).toContain(text);
    }
    expect(filesIn(folder)).toEqual([]);
  });

  it("as JSON", async () => {
    const { stdout } = await init(["--list", "--format", "json"]);
    expect(JSON.parse(stdout)).toEqual({ formatVersion: 1, templates });
  });
});
