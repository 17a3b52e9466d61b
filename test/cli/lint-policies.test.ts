/** The command line over policy documents on disk. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/run-cli.ts";
import { runInProcess } from "../support/run-in-process.ts";

const sound =
  "<policies><inbound><base /></inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>\n";
const broken = "<policies>\n  <inbound>\n</policies>\n";
const doubtful = `<policies>
  <inbound />
  <backend>
    <retry condition="@(context.Response.StatusCode == 429)" count="1" interval="1">
      <forward-request />
    </retry>
  </backend>
  <outbound />
  <on-error />
</policies>
`;
const wrongCode = sound.replace("<base />", '<base /><set-variable name="a" value="@(1 +)" />');

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

describe("lint policies", () => {
  it("is content with sound documents", async () => {
    const run = await runInProcess(folderOf({ "a.xml": sound, "b.xml": sound }), ["lint", "policies", "."]);
    expect(run).toEqual({ code: 0, stdout: "No problems in 2 files.\n", stderr: "" });
  });

  it("shows what is wrong, with the line, and fails", async () => {
    const { code, stdout, stderr } = await runInProcess(folderOf({ "a.xml": broken, "b.xml": sound }), [
      "lint",
      "policies",
      ".",
    ]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(stdout)
      .toBe(`a.xml:3:3 error </policies> does not close <inbound>, which starts one line above (policy-syntax)
  3 | </policies>
    |   ^^^^^^^^

1 error, 0 warnings in 2 files.
`);
  });

  it.each(["text", "json", "sarif", "junit", "github", "azure-devops"])(
    "gives the same %s twice",
    async (format) => {
      const folder = folderOf({ "a.xml": broken, "b.xml": doubtful, "c.xml": wrongCode });
      const args = ["lint", "policies", ".", "--format", format];
      const [first, second] = await Promise.all([
        runInProcess(folder, args),
        runInProcess(folder, [...args]),
      ]);
      expect(first).toEqual(second);
      expect(first).toMatchObject({ code: 1, stderr: "" });
      expect(first.stdout).toContain("policy-syntax");
    },
  );

  it("counts warnings when asked to", async () => {
    const folder = folderOf({ "a.xml": doubtful });
    const args = ["lint", "policies", "a.xml", "--no-expressions"];
    expect(await runInProcess(folder, args)).toMatchObject({ code: 0 });
    const strict = await runInProcess(folder, [...args, "--max-warnings", "0"]);
    expect(strict).toMatchObject({ code: 1 });
    expect(strict.stderr).toContain("--max-warnings allows none");
    const off = ["--rule", "retry-without-buffered-body=off"];
    expect(await runInProcess(folder, [...args, "--max-warnings", "0", ...off])).toMatchObject({ code: 0 });
  });

  it("starts clean from a baseline, and finds what is new", async () => {
    const folder = folderOf({ "a.xml": doubtful });
    const lint = (...more: string[]) =>
      runInProcess(folder, ["lint", "policies", "a.xml", "--max-warnings", "0", ...more]);
    expect(await lint("--write-baseline", "base.json")).toMatchObject({ code: 0, stdout: "" });
    expect(await lint("--baseline", "base.json")).toMatchObject({ code: 0 });
    writeFileSync(join(folder, "a.xml"), `<!-- moved -->\n${doubtful}`);
    expect(await lint("--baseline", "base.json")).toMatchObject({ code: 0 });
    writeFileSync(join(folder, "a.xml"), broken);
    expect(await lint("--baseline", "base.json")).toMatchObject({ code: 1 });
    writeFileSync(join(folder, "a.xml"), sound);
    const gone = await lint("--baseline", "base.json");
    expect(gone).toMatchObject({ code: 0 });
    expect(gone.stdout).toContain("(baseline-outdated)");
  });

  it("fixes, shows what it would fix, and has nothing to fix after that", async () => {
    const folder = folderOf({ "a.xml": doubtful });
    const shown = await runInProcess(folder, ["lint", "policies", "a.xml", "--fix", "--dry-run"]);
    expect(shown.stdout).toContain('+      <forward-request buffer-request-body="true" />');
    expect(readFileSync(join(folder, "a.xml"), "utf8")).toBe(doubtful);
    await runInProcess(folder, ["lint", "policies", "a.xml", "--fix"]);
    const fixed = readFileSync(join(folder, "a.xml"), "utf8");
    expect(fixed).toContain('<forward-request buffer-request-body="true" />');
    expect(await runInProcess(folder, ["lint", "policies", "a.xml", "--fix", "--dry-run"])).toMatchObject({
      stdout: "",
    });
  });

  it("fails when there is nothing to check, or no such path", async () => {
    const folder = folderOf({ "a.txt": "" });
    const nothing = await runInProcess(folder, ["lint", "policies", "."]);
    expect(nothing).toMatchObject({ code: 1, stdout: "" });
    expect(nothing.stderr).toContain("there is no policy document in .");
    expect(await runInProcess(folder, ["lint", "policies", "nowhere"])).toMatchObject({ code: 1 });
    const asJson = await runInProcess(folder, ["lint", "policies", "nowhere", "--format", "json"]);
    expect(JSON.parse(asJson.stdout)).toMatchObject({ error: { code: "FILE.NOT_FOUND" } });
  });
});

describe("fmt", () => {
  it("formats once, and --check says what is left", async () => {
    const folder = folderOf({ "a.xml": sound });
    expect(await runInProcess(folder, ["fmt", "--check"])).toMatchObject({ code: 1, stdout: "a.xml\n" });
    expect(await runInProcess(folder, ["fmt"])).toMatchObject({ code: 0, stdout: "a.xml\n" });
    expect(await runInProcess(folder, ["fmt", "--check"])).toMatchObject({ code: 0, stdout: "" });
    expect(readFileSync(join(folder, "a.xml"), "utf8")).toContain("  <inbound>\n    <base />\n");
  });
});

describe("explain", () => {
  it("lists the rules and explains one", async () => {
    const folder = temporaryFolder();
    const list = await runInProcess(folder, ["explain"]);
    expect(list).toMatchObject({ code: 0, stderr: "" });
    expect(list.stdout).toMatch(/^ {2}retry-without-buffered-body +warning {2}/m);
    const one = await runInProcess(folder, ["explain", "retry-without-buffered-body"]);
    for (const part of ["Why:", "Found:", "Fine:"]) expect(one.stdout).toContain(part);
    const asJson = await runInProcess(folder, ["explain", "policy-syntax", "--format", "json"]);
    expect(JSON.parse(asJson.stdout)).toMatchObject({ formatVersion: 1, rule: { id: "policy-syntax" } });
  });
});
