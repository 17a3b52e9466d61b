import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { fileNameOf } from "../../../src/adapters/local/disk.ts";
import { startLocalApim } from "../../../src/adapters/local/local-apim.ts";
import {
  document,
  importBody,
  namesOf,
  propertiesOf,
  refusalOf,
  send,
  serviceId,
  single,
  start,
  subscriptionId,
  temporaryDirectory,
} from "./support.ts";
import type { Client } from "./support.ts";

const serviceFolder = (directory: string): string => join(directory, subscriptionId, "rg1", "apimservice1");

test("what was stored is there after a restart, byte for byte and with its ETags", async () => {
  const first = await start();
  await fill(first);
  const paths = [
    "backends/Sweden",
    "namedValues/key",
    "apis/Chat",
    "apis/Chat/operations/Chat",
    "apis/Chat/operations/Chat/policies/policy",
  ];
  const before = await Promise.all(paths.map((path) => first.get(path)));
  await first.close();
  const second = await start({ directory: first.directory });
  const after = await Promise.all(paths.map((path) => second.get(path)));
  expect(after.map(({ body }) => body)).toEqual(before.map(({ body }) => body));
  expect(after.map(({ headers }) => headers.get("etag"))).toEqual(
    before.map(({ headers }) => headers.get("etag")),
  );
  expect((await second.call("POST", "namedValues/key/listValue")).body).toEqual({ value: "s3cret" });
  expect(refusalOf(await second.remove("backends/Sweden")).status).toBe(400);
});

async function fill({ put, settle }: Client): Promise<void> {
  await put("backends/Sweden", single);
  await put("namedValues/key", { displayName: "key", value: "s3cret", secret: true });
  await settle(await put("apis/Chat", importBody("chat", "Chat")));
  await put("apis/Chat/operations/Chat/policies/policy", {
    value: document('<set-backend-service backend-id="sweden" />'),
  });
}

test("the files mirror ARM's paths, one resource each", async () => {
  const client = await start();
  await fill(client);
  const files = readdirSync(serviceFolder(client.directory), { recursive: true, encoding: "utf8" }).filter(
    (file) => file.includes("."),
  );
  expect(files.sort()).toEqual([
    "apis/chat.json",
    "apis/chat/operations/chat.json",
    "apis/chat/operations/chat/policies/policy.json",
    "backends/sweden.json",
    "namedvalues/key.json",
    "service.json",
  ]);
});

test("deleting leaves no files and no empty folders behind", async () => {
  const client = await start();
  await fill(client);
  await client.settle(await client.remove("apis/chat"));
  expect(readdirSync(serviceFolder(client.directory)).sort()).toEqual([
    "backends",
    "namedvalues",
    "service.json",
  ]);
});

test.each([
  ["gpt-4o_mini", "gpt-4o_mini"],
  ["GPT", "gpt"],
  ["a.json", "a%2ejson"],
  ["naïve id", "na%c3%afve%20id"],
  ["..", "%2e%2e"],
  ["con", "~con"],
  ["COM1", "~com1"],
])("the file of %s is %s", (id, name) => {
  expect(fileNameOf(id)).toBe(name);
});

test("long ids stay apart", () => {
  const [one, two] = [fileNameOf(`${"x".repeat(255)}a`), fileNameOf(`${"x".repeat(255)}b`)];
  expect(one).not.toBe(two);
  expect(Math.max(one.length, two.length)).toBeLessThanOrEqual(120);
});

test("ids that are odd file names are kept apart", async () => {
  const { put, close, directory } = await start();
  const ids = [
    "x",
    "x.json",
    "a b",
    "a%20b",
    "con",
    "~con",
    "é",
    "e\u0301",
    `${"n".repeat(255)}1`,
    `${"n".repeat(255)}2`,
  ];
  for (const [index, id] of ids.entries()) {
    expect(
      (await put(`namedValues/${encodeURIComponent(id)}`, { displayName: `n${index}`, value: id })).status,
    ).toBe(201);
  }
  await close();
  const again = await start({ directory });
  const values = await Promise.all(
    ids.map(async (id) => propertiesOf(await again.get(`namedValues/${encodeURIComponent(id)}`))["value"]),
  );
  expect(values).toEqual(ids);
});

describe("the folder's lock", () => {
  test("a second one in the same folder is refused, also in this process", async () => {
    const { directory } = await start();
    await expect(startLocalApim({ directory })).rejects.toMatchObject({
      code: "LOCAL.IN_USE",
      message: expect.stringContaining(String(process.pid)) as string,
    });
  });

  test("a file is no folder", async () => {
    const file = join(temporaryDirectory(), "plan.json");
    writeFileSync(file, "{}");
    for (const directory of [file, join(file, "below")])
      await expect(startLocalApim({ directory })).rejects.toMatchObject({ code: "LOCAL.NO_FOLDER" });
  });

  test("it is given back", async () => {
    const { directory, close } = await start();
    await close();
    expect(existsSync(join(directory, "lock.json"))).toBe(false);
    await start({ directory });
  });

  test.each([
    ["a process that is gone", JSON.stringify({ pid: 2 ** 22 + 1, token: "x" })],
    ["an earlier process with our pid", JSON.stringify({ pid: process.pid, token: "x" })],
    ["nobody", "{"],
  ])("a lock of %s is taken over", async (_, content) => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "lock.json"), content);
    const { get } = await start({ directory });
    expect((await get("backends")).status).toBe(200);
  });

  test("a living process keeps it", async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "lock.json"), JSON.stringify({ pid: process.ppid, token: "x" }));
    await expect(startLocalApim({ directory })).rejects.toMatchObject({ code: "LOCAL.IN_USE" });
    expect(existsSync(join(directory, "lock.json"))).toBe(true);
  });
});

test.each([
  ["broken JSON", "{"],
  ["JSON that is no resource", '{"a":1}'],
])("%s in the store is named, and the folder is free again", async (_, content) => {
  const { directory, put, close } = await start();
  await put("backends/a", single);
  await close();
  const file = join(serviceFolder(directory), "backends", "a.json");
  writeFileSync(file, content);
  await expect(startLocalApim({ directory })).rejects.toMatchObject({
    code: "LOCAL.CORRUPT",
    message: expect.stringContaining(file) as string,
  });
  rmSync(file);
  const again = await start({ directory });
  expect((await again.get("backends/a")).status).toBe(404);
});

test("temporary leftovers are cleaned, an interrupted change is carried out to its end", async () => {
  const { directory, put, close } = await start();
  await put("backends/a", single);
  await put("backends/b", single);
  await close();
  const folder = serviceFolder(directory);
  const a = JSON.parse(readFileSync(join(folder, "backends", "a.json"), "utf8")) as object;
  writeFileSync(join(folder, "backends", "x.json.1.tmp"), "{");
  const edits = [{ put: { ...a, path: "backends/c" } }, { remove: "backends/b" }];
  writeFileSync(join(folder, "intent.json"), JSON.stringify({ edits }));
  const again = await start({ directory });
  expect(namesOf(await again.get("backends"))).toEqual(["a", "c"]);
  expect(readdirSync(join(folder, "backends")).sort()).toEqual(["a.json", "c.json"]);
  expect(existsSync(join(folder, "intent.json"))).toBe(false);
});

test("closing ends the imports that were accepted", async () => {
  const { directory, put, close } = await start({ importDelayMs: 1_000_000 });
  expect((await put("apis/a", importBody("a", "Chat"))).status).toBe(202);
  await close();
  const again = await start({ directory });
  expect(namesOf(await again.get("apis/a/operations"))).toEqual(["Chat"]);
});

test("a disk that refuses is a 500, and nothing has changed", async () => {
  const { directory, put, get } = await start();
  await put("backends/a", single);
  rmSync(join(serviceFolder(directory), "backends"), { recursive: true });
  writeFileSync(join(serviceFolder(directory), "backends"), "in the way");
  expect((await put("backends/b", single)).status).toBe(500);
  expect((await get("backends/b")).status).toBe(404);
  rmSync(join(serviceFolder(directory), "backends"));
  mkdirSync(join(serviceFolder(directory), "backends"));
  expect((await put("backends/b", single)).status).toBe(201);
});

describe("killed in the middle of writes", () => {
  test.each([0, 1, 2, 3, 4])(
    "every file is whole, and every change happened fully or not at all (%i)",
    async (round) => {
      const directory = temporaryDirectory();
      const child = await startChild(directory);
      const acknowledged = await writeUntilKilled(child, 20 + round * 25);
      const again = await start({ directory });
      const folder = serviceFolder(directory);
      for (const file of existsSync(folder)
        ? readdirSync(folder, { recursive: true, encoding: "utf8" })
        : []) {
        expect(file).not.toMatch(/\.tmp$|intent\.json$/);
      }
      expect(acknowledged.backends.length).toBeGreaterThanOrEqual(20 + round * 25);
      expect(await allBackends(again)).toEqual(expect.arrayContaining(acknowledged.backends.sort()));
      for (const api of acknowledged.apis)
        expect(namesOf(await again.get(`apis/${api}/operations`))).toHaveLength(20);
      for (const api of namesOf(await again.get("apis")))
        expect(namesOf(await again.get(`apis/${api}/operations`))).toHaveLength(20);
    },
  );
});

async function allBackends({ get }: Client): Promise<string[]> {
  const names: string[] = [];
  for (;;) {
    const page = namesOf(await get("backends", { $skip: String(names.length) }));
    if (page.length === 0) return names;
    names.push(...page);
  }
}

type Child = { readonly process: ChildProcess; readonly endpoint: string };

async function startChild(directory: string): Promise<Child> {
  const repository = resolve(import.meta.dirname, "../../..");
  const arguments_ = ["--import", "tsx", join(import.meta.dirname, "child.ts"), directory];
  const child = spawn(process.execPath, arguments_, {
    cwd: repository,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const endpoint = await new Promise<string>((done, failed) => {
    child.stdout.once("data", (data: Buffer) => done(data.toString().trim()));
    child.once("exit", (code) => failed(new Error(`the child ended with ${String(code)}`)));
  });
  return { process: child, endpoint };
}

/** Writes backends and imports side by side and kills the process after so many answers; returns what was acknowledged. */
async function writeUntilKilled(
  child: Child,
  answers: number,
): Promise<{ backends: string[]; apis: string[] }> {
  const done = { backends: [] as string[], apis: [] as string[] };
  const exit = new Promise((resolve) => child.process.once("exit", resolve));
  const operations = Array.from({ length: 20 }, (_, index) => `Op${index}`);
  const put = (path: string, properties: unknown) =>
    send(`${child.endpoint}${serviceId}/${path}?api-version=2024-05-01`, "PUT", { body: { properties } });
  const writeBackends = async (prefix: string): Promise<void> => {
    for (let index = 0; ; index += 1) {
      const name = `${prefix}${String(index).padStart(5, "0")}`;
      expect((await put(`backends/${name}`, single)).status).toBe(201);
      done.backends.push(name);
      if (done.backends.length >= answers) child.process.kill("SIGKILL");
    }
  };
  const importApis = async (): Promise<void> => {
    for (let index = 0; ; index += 1) {
      let reply = await put(`apis/api${index}`, importBody(`p${index}`, ...operations));
      while (reply.status === 202) reply = await send(reply.headers.get("location") ?? "", "GET", {});
      if (reply.status === 201) done.apis.push(`api${index}`);
    }
  };
  await Promise.allSettled([writeBackends("a"), writeBackends("b"), importApis()]);
  child.process.kill("SIGKILL"); // in case writing ended for another reason
  await exit;
  return done;
}
