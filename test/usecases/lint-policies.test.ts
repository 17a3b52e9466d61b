import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, it, onTestFinished } from "vitest";
import { createDiskFiles } from "../../src/adapters/files/disk-files.ts";
import { createPolicyFiles } from "../../src/adapters/files/find-files.ts";
import { BaselineFilter, baselineEntries } from "../../src/core/lint/policy/baseline.ts";
import type { Files } from "../../src/core/ports.ts";
import { formatPolicyFiles, formatPolicyText } from "../../src/usecases/format-policies.ts";
import { loadKnown, loadLintConfig } from "../../src/usecases/lint-config.ts";
import { linesOf, lintPolicyFiles, looksLikePolicy } from "../../src/usecases/lint-policies.ts";
import type { FileLint, LintPoliciesRequest } from "../../src/usecases/lint-policies.ts";
import { policyRuleIds } from "../../src/core/lint/policy/policy-rules.ts";

const sound =
  "<policies><inbound><base /></inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>\n";
const broken = "<policies><inbound></policies>";

const bomb = `<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>\n<policies>&b;</policies>`;
const outside = `<!DOCTYPE policies [<!ENTITY e SYSTEM "file:///etc/passwd">]><policies>&e;</policies>`;

type Tree = Readonly<Record<string, string | Uint8Array>>;

/** A folder with these files, gone after the test. */
function folderOf(tree: Tree): string {
  const folder = mkdtempSync(join(tmpdir(), "apimgw-lint-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(tree)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

function filesIn(folder: string): Files {
  const files = createDiskFiles();
  return {
    read: (path) => files.read(join(folder, path)),
    exists: (path) => files.exists(path.startsWith("/") ? path : join(folder, path)),
    write: (path, text) => files.write(join(folder, path), text),
    append: (path, text) => files.append(join(folder, path), text),
  };
}

async function lint(
  folder: string,
  paths: readonly string[],
  more: Partial<LintPoliciesRequest> & { readonly input?: string } = {},
): Promise<FileLint[]> {
  const disk = createPolicyFiles(folder, () => Readable.from([Buffer.from(more.input ?? "")]));
  const files = { ...filesIn(folder), read: (path: string) => createDiskFiles().read(path) };
  const config = await loadLintConfig(files, folder, policyRuleIds);
  const request: LintPoliciesRequest = { paths, config, severities: config.config.rules, ...more };
  const results: FileLint[] = [];
  for await (const result of lintPolicyFiles({ files: filesIn(folder), disk }, request)) results.push(result);
  return results;
}

function rulesOf(results: readonly FileLint[]): Record<string, readonly string[]> {
  return Object.fromEntries(results.map(({ file, problems }) => [file, problems.map(({ rule }) => rule)]));
}

describe("finding files", () => {
  const tree = {
    "b/policy.xml": sound,
    "a.xml": broken,
    "UPPER.XML": sound,
    "web.config.xml": "<configuration />",
    "pom.xml": "<?xml version='1.0'?><!-- <policies> --><project />",
    "notes.txt": sound,
    "node_modules/x/policy.xml": broken,
    "build/policy.xml": broken,
    "b/skipped.xml": broken,
    "b/kept.xml": sound,
    ".gitignore": "build/\nskipped.xml\nkept.xml\n",
    "b/.gitignore": "!kept.xml\n",
    "empty.xml": "",
  };

  it("takes the policy documents of a folder, in order, and passes over the rest", async () => {
    const folder = folderOf(tree);
    expect(rulesOf(await lint(folder, ["."]))).toEqual({
      "UPPER.XML": [],
      "a.xml": ["policy-syntax"],
      "b/kept.xml": [],
      "b/policy.xml": [],
    });
  });

  it("takes what is named, whatever it is, and each file once", async () => {
    const results = await lint(folderOf(tree), [
      "empty.xml",
      "b",
      "b/policy.xml",
      "./b/skipped.xml",
      "pom.xml",
    ]);
    expect(Object.keys(rulesOf(results))).toEqual([
      "b/kept.xml",
      "b/policy.xml",
      "b/skipped.xml",
      "empty.xml",
      "pom.xml",
    ]);
    for (const file of ["b/skipped.xml", "empty.xml", "pom.xml"])
      expect(rulesOf(results)[file]).not.toEqual([]);
  });

  it("asks git's files as git does: what stands in a folder that is ignored cannot be taken back there", async () => {
    const folder = folderOf({
      ".git/HEAD": "",
      ".gitignore": "gen/\n*.tmp.xml\n/only/*\n!/only/kept/\n",
      "gen/.gitignore": "!a.xml\n",
      "gen/a.xml": sound,
      "gen/deep/.gitignore": "!*\n",
      "gen/deep/a.xml": sound,
      "src/.gitignore": "!b.tmp.xml\n",
      "src/a.tmp.xml": sound,
      "src/b.tmp.xml": sound,
      "only/a.xml": sound,
      "only/kept/a.xml": sound,
    });
    const expected = ["only/kept/a.xml", "src/b.tmp.xml"];
    expect(Object.keys(rulesOf(await lint(folder, ["."])))).toEqual(expected);
  });

  it("takes patterns", async () => {
    expect(Object.keys(rulesOf(await lint(folderOf(tree), ["**/policy.xml", "./*.xml"])))).toEqual([
      "a.xml",
      "b/policy.xml",
    ]);
  });

  it.each(["missing.xml", "none/**/*.xml"])("fails for %s", async (path) => {
    await expect(lint(folderOf(tree), [path])).rejects.toMatchObject({ code: "FILE.NOT_FOUND" });
  });

  it("follows no symbolic links but those that are named: they may lead in circles", async () => {
    const folder = folderOf({ "a/policy.xml": sound });
    symlinkSync("..", join(folder, "a/up"));
    symlinkSync("nowhere", join(folder, "a/dangling.xml"));
    symlinkSync("policy.xml", join(folder, "a/link.xml"));
    expect(rulesOf(await lint(folder, ["."]))).toEqual({ "a/policy.xml": [] });
    expect(rulesOf(await lint(folder, ["a/link.xml"]))).toEqual({ "a/link.xml": [] });
  });

  it.each<[string, boolean]>([
    ["<policies>", true],
    ["\uFEFF<?xml version='1.0'?>\r\n<!-- a -->\n<fragment/>", true],
    ["<policiesX>", false],
    ["<!-- <policies> -->", false],
    ["", false],
    ["text <policies>", false],
  ])("tells a policy document by its root: %j", (text, is) => {
    expect(looksLikePolicy(text)).toBe(is);
  });
});

describe("fragments that include each other", () => {
  const including = (...ids: readonly string[]): string =>
    `<fragment>${ids.map((id) => `<include-fragment fragment-id="${id}" />`).join("")}</fragment>`;
  const rings = (results: readonly FileLint[]) =>
    results.flatMap(({ problems }) =>
      problems.flatMap(({ message, at }) =>
        /ring|itself/.test(message) ? [`${at.file}:${at.line}:${at.column} ${message}`] : [],
      ),
    );

  it("are said once, with the chain, at the include that closes it", async () => {
    const folder = folderOf({
      "out/policyFragments/a.xml": including("b"),
      "out/policyFragments/b.xml": including("none", "C"),
      "out/policyFragments/c.xml": including("a"),
      "out/policyFragments/d.xml": including("a", "d"),
      "out/policyFragments/e.xml": "<fragment><base /></fragment>",
      "elsewhere/a.xml": including("a"),
    });
    const results = await lint(folder, ["."]);
    expect(rings(results)).toEqual([
      "out/policyFragments/c.xml:1:42 fragments include each other in a ring: `a` → `b` → `c` → `a`",
      "out/policyFragments/d.xml:1:78 the fragment `d` includes itself",
    ]);
    const severities = new Map([["fragment-content", "off" as const]]);
    expect(rings(await lint(folder, ["."], { severities }))).toEqual([]);
  });
});

describe("what cannot be read", () => {
  it("is said of a pipe, without waiting for somebody to write to it", async () => {
    const folder = folderOf({ "a.xml": sound });
    execFileSync("mkfifo", [join(folder, "pipe.xml")]);
    expect(rulesOf(await lint(folder, ["."]))).toEqual({ "a.xml": [] });
    expect(rulesOf(await lint(folder, ["pipe.xml"]))).toEqual({ "pipe.xml": ["file-unreadable"] });
  });

  it("is said of a link that leads nowhere", async () => {
    const folder = folderOf({});
    symlinkSync("nowhere", join(folder, "link.xml"));
    await expect(lint(folder, ["link.xml"])).rejects.toMatchObject({ code: "FILE.NOT_FOUND" });
  });

  it("is said of a folder among others, not passed over", async () => {
    const tree = { "a.xml": sound, "closed/b.xml": sound, "gone/c.xml": sound, ".gitignore": "gone/\n" };
    const folder = folderOf(tree);
    for (const name of ["closed", "gone"]) chmodSync(join(folder, name), 0o000);
    onTestFinished(() => {
      for (const name of ["closed", "gone"]) chmodSync(join(folder, name), 0o700);
    });
    // Root may read everything.
    const isRoot = process.getuid?.() === 0;
    expect(rulesOf(await lint(folder, ["."]))).toEqual(
      isRoot ? { "a.xml": [], "closed/b.xml": [] } : { "a.xml": [], "closed/": ["file-unreadable"] },
    );
  });
});

describe("files that are no text", () => {
  const place = (results: readonly FileLint[]) =>
    results.map(({ problems }) => problems.map(({ rule, at }) => `${rule} ${at.line}:${at.column}`));

  it("is not read when it is too large", async () => {
    const folder = folderOf({
      "large.xml": "<policies>" + "x".repeat(8 * 1024 * 1024),
      "other.xml": "<a>" + "x".repeat(9 * 1024 * 1024),
    });
    // 50 MiB without a byte on the disk.
    truncateSync(join(folder, "large.xml"), 50 * 1024 * 1024);
    expect(rulesOf(await lint(folder, ["."]))).toEqual({ "large.xml": ["file-too-large"] });
  });

  it.each<[string, Uint8Array, string]>([
    [
      "a byte that UTF-8 has not",
      Buffer.from("<policies>\n  \xe9</policies>", "latin1"),
      "file-encoding 2:3",
    ],
    ["UTF-16", Buffer.from("\uFEFF<policies />", "utf16le"), "file-encoding 1:1"],
    ["nothing", Buffer.from(""), "policy-syntax 1:1"],
    ["entities in entities", Buffer.from(bomb), "policy-syntax 2:1"],
    ["an entity of another file", Buffer.from(outside), "policy-syntax 1:1"],
    ["10,000 levels", Buffer.from("<policies>".repeat(10_000)), "policy-syntax 1:2002"],
    ["NUL", Buffer.from("<policies>\u0000</policies>"), "policy-syntax 1:11"],
    ["a lone surrogate", Buffer.from([...Buffer.from("<policies>"), 0xed, 0xa0, 0x80]), "file-encoding 1:11"],
  ])("%s", async (_what, bytes, expected) => {
    expect(place(await lint(folderOf({ "p.xml": bytes }), ["p.xml"]))).toEqual([[expected]]);
  });

  it("may be standard input", async () => {
    const [result] = await lint(folderOf({}), ["-"], { input: broken, stdinFilename: "apis/a/policy.xml" });
    expect(result).toMatchObject({
      file: "apis/a/policy.xml",
      problems: [{ rule: "policy-syntax", at: { file: "apis/a/policy.xml" } }],
    });
    const [unnamed] = await lint(folderOf({}), ["-"], { input: "x".repeat(9 * 1024 * 1024) });
    expect(unnamed).toMatchObject({ file: "stdin.xml", problems: [{ rule: "file-too-large" }] });
  });
});

describe("apimgw.lint.yaml", () => {
  it("is found above, and its patterns count from there", async () => {
    const folder = folderOf({
      "apimgw.lint.yaml": "rules: { policy-syntax: info }\nignore: [deep/gen]\n",
      "deep/a.xml": broken,
      "deep/gen/b.xml": broken,
    });
    const results = await lint(join(folder, "deep"), ["."]);
    expect(results.map(({ file, problems }) => [file, problems[0]?.severity])).toEqual([["a.xml", "info"]]);
  });

  it("fails with the places of all its faults", async () => {
    const folder = folderOf({ "apimgw.lint.yaml": "rules: { nope: off }\nrulez: {}\n", "a.xml": sound });
    await expect(lint(folder, ["."])).rejects.toMatchObject({
      code: "LINT.CONFIG_INVALID",
      problems: [{ at: { file: "apimgw.lint.yaml", line: 1 } }, { at: { line: 2 } }],
    });
  });
});

it("--known reads a folder or a list", async () => {
  const folder = folderOf({
    "out/backends/a.json": "{}",
    "out/namedValues/n.json": '{"properties":{"displayName":"named value"}}',
    "known.json": '{"backends":["a"]}',
    "other.json": "[]",
  });
  const disk = createPolicyFiles(folder, () => Readable.from([]));
  expect((await loadKnown(filesIn(folder), disk, "out")).known).toMatchObject({
    backends: ["a"],
    namedValues: ["named value"],
  });
  expect((await loadKnown(filesIn(folder), disk, "known.json")).known).toMatchObject({
    backends: ["a"],
    namedValues: [],
  });
  await expect(loadKnown(filesIn(folder), disk, "other.json")).rejects.toMatchObject({
    code: "LINT.KNOWN_UNREADABLE",
  });
  await expect(loadKnown(filesIn(folder), disk, "missing")).rejects.toMatchObject({ code: "FILE.NOT_FOUND" });
});

it("--known reads the fragments of a folder, for what they bring where they are included", async () => {
  const folder = folderOf({
    "out/policyFragments/Paths.xml": '<fragment><rewrite-uri template="/v2" /></fragment>',
    "out/policyFragments/broken.xml": "<fragment>",
    "a.xml":
      '<policies><outbound><base /><include-fragment fragment-id="paths" /><include-fragment fragment-id="broken" /></outbound></policies>',
  });
  const disk = createPolicyFiles(folder, () => Readable.from([]));
  const service = await loadKnown(filesIn(folder), disk, "out");
  expect(rulesOf(await lint(folder, ["a.xml"], service))).toEqual({ "a.xml": ["policy-in-wrong-section"] });
});

it("--known knows what documents of products and the global one name", async () => {
  const policies = (inbound: string) =>
    `<policies><inbound>${inbound}</inbound><backend><forward-request /></backend><outbound /><on-error /></policies>`;
  const folder = folderOf({
    "out/policy.xml": policies('<include-fragment fragment-id="audit" />'),
    "out/products/a/policy.xml": policies('<base /><llm-content-safety backend-id="safety" />'),
    "out/backends/safety.json": "{}",
    "out/policyFragments/audit.xml": "<fragment />",
    "less.json": "{}",
  });
  const disk = createPolicyFiles(folder, () => Readable.from([]));
  const names = async (known: string) => {
    const found = rulesOf(await lint(folder, ["out"], await loadKnown(filesIn(folder), disk, known)));
    return Object.entries(found).flatMap(([file, rules]) =>
      rules.filter((rule) => rule.startsWith("unknown-")).map((rule) => `${file} ${rule}`),
    );
  };
  expect(await names("out")).toEqual([]);
  expect(await names("less.json")).toEqual([
    "out/policy.xml unknown-fragment",
    "out/products/a/policy.xml unknown-backend",
  ]);
});

describe("--fix", () => {
  const retry =
    '<policies><inbound /><backend><retry condition="@(true)" count="1" interval="1"><forward-request /></retry></backend><outbound /><on-error /></policies>\n';

  it("writes what it fixes, and nothing the second time", async () => {
    const folder = folderOf({ "p.xml": retry });
    const [shown] = await lint(folder, ["p.xml"], { fix: "show" });
    expect(readFileSync(join(folder, "p.xml"), "utf8")).toBe(retry);
    expect(shown?.fixed?.diff).toMatch(/^--- a\/p.xml\n\+\+\+ b\/p.xml\n@@ -1/);
    const [first] = await lint(folder, ["p.xml"], { fix: "write" });
    expect(first?.fixed?.count).toBeGreaterThan(0);
    const written = readFileSync(join(folder, "p.xml"), "utf8");
    expect(written).toBe(first?.text);
    expect(written).not.toBe(retry);
    const [second] = await lint(folder, ["p.xml"], { fix: "write" });
    expect(second?.fixed).toBeUndefined();
    expect(readFileSync(join(folder, "p.xml"), "utf8")).toBe(written);
  });

  it("keeps line ends, the byte order mark and the file's mode, and leaves no other file", async () => {
    const windows = `\uFEFF${retry.replaceAll("><", ">\r\n<")}`;
    const folder = folderOf({ "p.xml": windows });
    chmodSync(join(folder, "p.xml"), 0o640);
    const [result] = await lint(folder, ["p.xml"], { fix: "write" });
    const forward = '<forward-request buffer-request-body="true" />';
    expect(readFileSync(join(folder, "p.xml"), "utf8")).toBe(windows.replace("<forward-request />", forward));
    expect(result?.fixed?.count).toBe(1);
    expect(statSync(join(folder, "p.xml")).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder)).toEqual(["p.xml"]);
  });
});

it("knows findings of a baseline again when the line ends have changed", async () => {
  const text = sound.replaceAll("><", ">\n<").replace("<base />", "<brand-new />");
  const folder = folderOf({ "a.xml": text });
  const [before] = await lint(folder, ["."]);
  const lines = linesOf(before?.text);
  const entries = baselineEntries(before?.problems ?? [], (_file, line) => lines(line));
  expect(entries).not.toEqual([]);
  writeFileSync(join(folder, "a.xml"), text.replaceAll("\n", "\r\n"));
  const [after] = await lint(folder, ["."], { baseline: new BaselineFilter(entries) });
  expect(after?.problems).toEqual([]);
});

describe("fmt", () => {
  it("writes what is not laid out, once", async () => {
    const folder = folderOf({
      "a.xml": sound,
      "b.xml": broken,
      "c.xml":
        "\uFEFF<fragment>\r\n\t<!-- c --><set-header name=\"a&quot;\" exists-action='skip' />\r\n</fragment>",
      "generated.xml": sound,
    });
    const run = async (writes: boolean) => {
      const disk = createPolicyFiles(folder, () => Readable.from([]));
      const results: [string, boolean, number][] = [];
      for await (const { file, isChanged, problems } of formatPolicyFiles(
        { files: filesIn(folder), disk },
        { paths: ["."], writes, isIgnored: (path) => path === "generated.xml" },
      )) {
        results.push([file, isChanged, problems.length]);
      }
      return results;
    };
    expect(await run(false)).toEqual([
      ["a.xml", true, 0],
      ["b.xml", false, 1],
      ["c.xml", true, 0],
    ]);
    expect(readFileSync(join(folder, "a.xml"), "utf8")).toBe(sound);
    await run(true);
    expect(await run(true)).toEqual([
      ["a.xml", false, 0],
      ["b.xml", false, 1],
      ["c.xml", false, 0],
    ]);
    expect(readFileSync(join(folder, "b.xml"), "utf8")).toBe(broken);
    expect(readFileSync(join(folder, "c.xml"), "utf8")).toContain("<!-- c -->");
  });

  it("keeps expressions, in rawxml", () => {
    const xml =
      '<fragment><set-variable name="a" value="@(1 &lt; 2 &amp;&amp; &quot;a&quot; == &quot;b&quot;)" /></fragment>';
    expect(formatPolicyText(xml, "f")).toEqual({
      text: '<fragment>\n  <set-variable name="a" value="@(1 < 2 && "a" == "b")" />\n</fragment>\n',
    });
  });
});

it("counts lines as positions do", () => {
  const line = linesOf("a\r\nb\rc\nd");
  expect([0, 1, 2, 3, 4, 5].map(line)).toEqual([undefined, "a", "b", "c", "d", undefined]);
});
