import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/run-cli.ts";
import { runInProcess } from "../support/run-in-process.ts";

const head = `apimgw: 1
name: team-a
service: { subscriptionId: 00000000-0000-0000-0000-000000000001, resourceGroup: rg-ai, name: contoso-apim }
`;
const openApi = JSON.stringify({
  openapi: "3.0.1",
  info: { title: "Small", version: "1" },
  paths: {
    "/chat": { post: { operationId: "Chat", responses: { 200: { description: "OK" } } } },
    "/images": { post: { operationId: "Images", responses: { 200: { description: "OK" } } } },
    "/text": { post: { operationId: "Text", responses: { 200: { description: "OK" } } } },
  },
});

type PlanJson = {
  formatVersion: number;
  service: { name: string };
  changes: {
    action: string;
    kind: string;
    id: string;
    path: string;
    before: unknown;
    after: unknown;
    diff: string;
  }[];
  unchanged: number;
  summary: Record<string, number>;
  digest: string;
};

/** A folder with a spec, and the commands on it against its own local APIM. */
function project(spec: string) {
  const folder = temporaryFolder();
  const write = (text: string): void => writeFileSync(join(folder, "gateway.yaml"), head + text);
  write(spec);
  writeFileSync(join(folder, "openapi.json"), openApi);
  const run = (...args: string[]) => runInProcess(folder, args);
  return {
    folder,
    write,
    run,
    plan: async (...more: string[]): Promise<PlanJson> => {
      const { stdout, stderr, code } = await run("plan", "--local", "--format", "json", ...more);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      return JSON.parse(stdout) as PlanJson;
    },
    apply: async (...more: string[]) => {
      const result = await run("apply", "--local", "--auto-approve", ...more);
      expect(result, result.stdout + result.stderr).toMatchObject({ code: 0 });
      return result;
    },
  };
}

const backends = `backends:
  a: { url: https://a.example/openai }
  b: { url: https://b.example/openai }
`;
const api = (operations: string, more = ""): string => `apis:
  small:
    path: small
    openapi: openapi.json
    managedIdentity: https://cognitiveservices.azure.com/
${more}    operations:
${operations}`;
const twoOperations =
  backends + api("      Chat: { backend: a, fallback: [b] }\n      Images: { backend: b }\n");

const actions = (plan: PlanJson): string[] =>
  plan.changes.map(({ action, kind, id }) => `${action} ${kind} ${id}`);

describe("plan and apply on the local APIM", () => {
  it("creates in the order of dependencies, and then has nothing to do", async () => {
    const { plan, apply, run } = project(twoOperations);
    const first = await plan();
    expect(first).toMatchObject({
      formatVersion: 1,
      unchanged: 0,
      summary: { create: 6, update: 0, adopt: 0, delete: 0 },
    });
    expect(actions(first)).toEqual([
      "create backend a",
      "create backend b",
      "create api small",
      "create policy small",
      "create policy small/Chat",
      "create policy small/Images",
    ]);
    await apply();
    const second = await run("plan", "--local", "--detailed-exitcode");
    expect(second).toMatchObject({
      code: 0,
      stdout: "No changes. The service matches the spec (6 resources).\n",
    });
  });

  it("shows only the lines of a document that change", async () => {
    const { plan, apply, write, run } = project(twoOperations);
    await apply();
    write(
      backends +
        api("      Chat: { backend: a, retry: { count: 1, interval: 2 } }\n      Images: { backend: b }\n"),
    );
    const { changes, summary } = await plan();
    expect(summary).toEqual({ create: 0, update: 1, adopt: 0, delete: 0 });
    expect(changes[0]).toMatchObject({
      action: "update",
      path: "apis/small/operations/Chat/policies/policy",
    });
    const lines = changes[0]!.diff.split("\n").filter((line) => /^[-+] /.test(line));
    expect(lines.filter((line) => line.startsWith("-")).join()).toContain("set-backend-service");
    expect(lines.join()).not.toContain("authentication-managed-identity");
    expect(await run("plan", "--local", "--detailed-exitcode")).toMatchObject({ code: 2 });
    await apply();
    expect((await plan()).changes).toEqual([]);
  });

  it("deletes what has left the spec, after the writes, and nothing of others", async () => {
    const { plan, apply, write } = project(twoOperations);
    await apply();
    write(backends.replace(/^ {2}b.*\n/m, "") + api("      Chat: { backend: a }\n"));
    const planned = await plan();
    expect(actions(planned)).toEqual([
      "update policy small/Chat",
      "delete policy small/Images",
      "delete backend b",
    ]);
    await apply();
    expect((await plan()).changes).toEqual([]);
  });

  it("adopts what is there without a mark, with its diff, and keeps the old text in the journal", async () => {
    const { plan, apply, write, folder } = project(twoOperations);
    await apply();
    const stored = join(folder, ".apimgw/local");
    const file = readdirSync(stored, { recursive: true, encoding: "utf8" }).find((name) =>
      /operations.Images.*policy/i.test(name),
    );
    const path = join(stored, file ?? "");
    const text = readFileSync(path, "utf8");
    expect(text).toContain("Managed by apimgw");
    writeFileSync(path, text.replace(/<!--.*?-->/, "").replace('backend-id=\\"b\\"', 'backend-id=\\"a\\"'));
    const { changes } = await plan();
    expect(changes.map(({ action, id }) => [action, id])).toEqual([["adopt", "small/Images"]]);
    expect(changes[0]!.diff).toContain('+    <set-backend-service backend-id="b" />');
    await apply();
    const journals = readdirSync(join(folder, ".apimgw/journal")).sort();
    const journal = readFileSync(join(folder, ".apimgw/journal", journals.at(-1) ?? ""), "utf8");
    expect(journal).toContain('backend-id=\\"a\\"');
    expect((await plan()).changes).toEqual([]);
    write(twoOperations);
  });

  it("refuses to touch what carries another spec's mark", async () => {
    const { apply, folder, run } = project(twoOperations);
    await apply();
    const spec = readFileSync(join(folder, "gateway.yaml"), "utf8").replace("name: team-a", "name: team-b");
    writeFileSync(join(folder, "gateway.yaml"), spec);
    const { code, stderr } = await run("plan", "--local");
    expect(code).toBe(1);
    expect(stderr).toContain("backend `a` belongs to `team-a`");
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it("removes unlisted operations, and listing one again imports it", async () => {
    const { plan, apply, write } = project(
      backends + api("      Chat: { backend: a }\n", "    unlisted: remove\n"),
    );
    await apply();
    expect((await plan()).changes).toEqual([]);
    write(
      backends + api("      Chat: { backend: a }\n      Text: { backend: b }\n", "    unlisted: remove\n"),
    );
    expect(actions(await plan())).toEqual(["update api small", "create policy small/Text"]);
    await apply();
    write(backends + api("      Text: { backend: b }\n", "    unlisted: remove\n"));
    expect(actions(await plan())).toEqual(
      expect.arrayContaining(["update api small", "delete operation small/Chat"]),
    );
    await apply();
    expect((await plan()).changes).toEqual([]);
  });

  it("imports again when the OpenAPI document changes, and says so", async () => {
    const { plan, apply, folder } = project(twoOperations);
    await apply();
    writeFileSync(join(folder, "openapi.json"), openApi.replace("/text", "/texts"));
    const { changes } = await plan();
    expect(changes.map(({ path, action }) => [action, path])).toEqual([["update", "apis/small"]]);
    expect(changes[0]!.diff).toContain("~ openapi: ");
    await apply();
    expect((await plan()).changes).toEqual([]);
  });

  it("says of secrets that they cannot be compared, never shows them, and writes them again when asked", async () => {
    const { plan, apply, run, folder } = project(
      `${twoOperations}namedValues: { key: { value: "hunter2-hunter2", secret: true } }\n`,
    );
    const first = await run("plan", "--local", "--format", "json", "--out", "saved.json");
    const applied = await apply("--format", "json");
    const notes = await run("plan", "--local");
    expect(notes.stdout).toContain("cannot be compared");
    expect((await plan("--rewrite-secrets")).changes.map(({ action, id }) => [action, id])).toEqual([
      ["update", "key"],
    ]);
    const journal = join(folder, ".apimgw/journal", readdirSync(join(folder, ".apimgw/journal"))[0] ?? "");
    const texts = [
      first.stdout,
      readFileSync(join(folder, "saved.json"), "utf8"),
      applied.stdout,
      applied.stderr,
      notes.stdout,
      readFileSync(journal, "utf8"),
    ];
    for (const text of texts) expect(text).not.toContain("hunter2");
  });

  it("applies a saved plan exactly, or says what changed since and writes nothing", async () => {
    const { run, apply, plan, folder, write } = project(twoOperations);
    expect(await run("plan", "--local", "--out", "first.plan")).toMatchObject({ code: 0 });
    expect(await run("apply", "first.plan", "--local")).toMatchObject({ code: 0 });
    expect((await plan()).changes).toEqual([]);
    await run("plan", "--local", "--out", "nothing.plan");
    const nothing = await run("apply", "nothing.plan", "--local");
    expect(nothing).toMatchObject({
      code: 0,
      stdout: "No changes. The service matches the spec (6 resources).\n",
    });
    write(twoOperations.replace("https://b.example/openai", "https://c.example/openai"));
    await run("plan", "--local", "--out", "second.plan");
    write(twoOperations.replace("https://b.example/openai", "https://d.example/openai"));
    await apply();
    write(twoOperations.replace("https://b.example/openai", "https://c.example/openai"));
    const { code, stderr } = await run("apply", "second.plan", "--local");
    expect(code).toBe(1);
    expect(stderr).toContain("changed on the service since the plan: backends/b");
    const elsewhere = await run("apply", "first.plan", "--local", "other-place");
    expect(elsewhere).toMatchObject({ code: 1, stdout: "" });
    expect(elsewhere.stderr).toContain("the plan was made against the local APIM in");
    expect(await run("apply", "first.plan", "--local", "--env", "prod")).toMatchObject({ code: 64 });
    writeFileSync(join(folder, "broken.plan"), "{}");
    expect(await run("apply", "broken.plan", "--local")).toMatchObject({ code: 1 });
  });

  it("destroys what it owns and nothing else", async () => {
    const { run, apply, folder, plan } = project(twoOperations);
    await apply();
    const other = readFileSync(join(folder, "gateway.yaml"), "utf8").replace("name: team-a", "name: team-b");
    writeFileSync(
      join(folder, "other.yaml"),
      other
        .replace(/^ {2}small:/m, "  other:")
        .replace("path: small", "path: other")
        .replaceAll(/\ba: \{ url/g, "oa: { url")
        .replaceAll(/\bb: \{ url/g, "ob: { url")
        .replaceAll("backend: a", "backend: oa")
        .replaceAll("backend: b", "backend: ob")
        .replaceAll("[b]", "[ob]"),
    );
    await apply("-f", "other.yaml");
    const asked = await run("destroy", "--local");
    expect(asked.code).toBe(64);
    expect(asked.stderr).toContain("--auto-approve");
    expect(await run("destroy", "--local", "--auto-approve")).toMatchObject({ code: 0 });
    expect((await plan()).summary).toEqual({ create: 6, update: 0, adopt: 0, delete: 0 });
    const untouched = await run("plan", "--local", "-f", "other.yaml", "--detailed-exitcode");
    expect(untouched, untouched.stdout).toMatchObject({ code: 0 });
    expect(await run("destroy", "--local", "--auto-approve")).toMatchObject({ code: 0 });
    const again = await run("destroy", "--local", "--format", "json");
    expect(again).toMatchObject({ code: 0 });
    expect(again.stderr).toMatch(/^Nothing on .* carries the mark of `team-a`\.\n$/);
  });

  it("checks APIs that it does not import against the service", async () => {
    const { run, apply, write, plan } = project(twoOperations);
    const missing = await run("plan", "--local", "-f", "gateway.yaml");
    expect(missing.code).toBe(0);
    await apply();
    write(backends + "apis: { smal: { operations: { Chat: { backend: a } } } }\n");
    const wrongApi = await run("plan", "--local");
    expect(wrongApi.code).toBe(1);
    expect(wrongApi.stderr).toContain("API `smal` does not exist on the service");
    write(backends + "apis: { small: { operations: { Chatt: { backend: a } } } }\n");
    const wrongOperation = await run("plan", "--local");
    expect(wrongOperation.stderr).toContain("no operation `Chatt`, did you mean `Chat`?");
    write(backends + "apis: { small: { displayName: Renamed, operations: { Chat: { backend: b } } } }\n");
    await apply();
    expect((await plan()).changes).toEqual([]);
  });
});

describe("render", () => {
  it("writes every file below the folder, under the paths of ARM", async () => {
    const { run, folder } = project(twoOperations);
    expect(await run("render", "-o", "out", "-q")).toEqual({ code: 0, stdout: "", stderr: "" });
    const written = readdirSync(join(folder, "out"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, "out").length + 1));
    expect(written.sort()).toEqual([
      "apis/small.json",
      "apis/small/operations/Chat/policy.xml",
      "apis/small/operations/Images/policy.xml",
      "apis/small/policy.xml",
      "backends/a.json",
      "backends/b.json",
    ]);
  });
});

describe("lint", () => {
  it("finds everything at once, with places, as text and as JSON", async () => {
    const { run } = project(`backends: { a: { url: https://a.example/openai, circutBreaker: {} } }
apis: { small: { path: small, openapi: openapi.json, operations: { Chatt: { backend: a }, Images: { backend: c } } } }
`);
    const text = await run("lint");
    expect(text.code).toBe(1);
    expect(text.stdout).toContain("did you mean `circuitBreaker`?");
    expect(text.stdout).toContain("unknown-backend");
    const { stdout, code } = await run("lint", "--format", "json");
    expect(code).toBe(1);
    const json = JSON.parse(stdout) as {
      formatVersion: number;
      problems: { file: string; line: number; column: number }[];
      summary: object;
    };
    expect(json.formatVersion).toBe(1);
    expect(json.summary).toMatchObject({
      files: expect.any(Number) as number,
      errors: json.problems.length,
      warnings: 0,
    });
    for (const problem of json.problems)
      expect(problem).toMatchObject({ file: "gateway.yaml", line: expect.any(Number) as number });
  });

  it("checks hand-written policies like loose ones, and severities are the spec's to set", async () => {
    const handWritten = `      Chat:
        backend: a
        policies:
          inbound: |
            <set-variable name="x" value="@(context.Requst.Url)" />
            <forward-request />
`;
    const { run, write } = project(backends.replace(/^ {2}b.*\n/m, "") + api(handWritten));
    const places = async (): Promise<string[]> => {
      const { stdout } = await run("lint", "--format", "json");
      const { problems } = JSON.parse(stdout) as {
        problems: { rule: string; line: number; column: number; severity: string }[];
      };
      return problems.map(({ rule, line, column, severity }) => `${line}:${column} ${severity} ${rule}`);
    };
    expect(await places()).toEqual([
      "16:53 error unknown-context-member",
      "17:14 error policy-in-wrong-section",
    ]);
    write(
      `${backends.replace(/^ {2}b.*\n/m, "")}${api(handWritten)}lint: { rules: { policy-in-wrong-section: off } }\n`,
    );
    expect(await places()).toEqual(["16:53 error unknown-context-member"]);
    write(
      `${backends.replace(/^ {2}b.*\n/m, "")}${api(handWritten)}lint: { rules: { policy-in-wrong-sectio: off } }\n`,
    );
    expect((await places()).at(-1)).toMatch(/^18:\d+ error unknown-rule$/);
  });

  it("refuses to remove every operation of an API", async () => {
    const { run } = project("apis: { small: { path: small, openapi: openapi.json, unlisted: remove } }\n");
    expect(await run("lint")).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("(nothing-left)") as string,
    });
  });

  it("places errors of hand-written policies inside the spec and inside policy files", async () => {
    const { run, folder } = project(
      backends +
        api(`      Chat:
        backend: a
        policies:
          inbound: |
            <set-header name="x">
            <include-fragment fragment-id="nope" />
          outbound: { file: out.xml }
      Images:
        backend: b
        policies:
          inbound: |
            <set-variable name="x" value="@(1)" />
            <set-backend-service backend-id="c" />
`),
    );
    writeFileSync(join(folder, "out.xml"), '<set-header name="x" exists-action="delete">\n</set-headr>\n');
    const { stdout } = await run("lint", "--format", "json");
    const { problems } = JSON.parse(stdout) as {
      problems: { rule: string; file: string; line: number; column: number }[];
    };
    const places = problems
      .filter(({ rule }) => rule !== "backend-unused")
      .map(({ rule, file, line }) => `${rule} ${file}:${line}`);
    expect(places).toContain("policy-syntax out.xml:2");
    expect(places).toContain("unknown-backend gateway.yaml:25");
    expect(
      places.some((place) => /^policy-syntax gateway\.yaml:1[78]$/.test(place)),
      places.join(),
    ).toBe(true);
  });
});
