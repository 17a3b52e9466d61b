import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDiskFiles } from "../../../src/adapters/files/disk-files.ts";
import { fileFailure } from "../../../src/adapters/files/file-failure.ts";
import { Failure } from "../../../src/core/failure.ts";

const files = createDiskFiles();
let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "apimgw-files-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function failureOf(call: Promise<unknown>): Promise<Failure> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error("the call succeeded");
}

describe("read", () => {
  it.each([
    ["plain text", Buffer.from("grün 🚀\r\n"), "grün 🚀\r\n"],
    ["a byte order mark, which is taken off", Buffer.from("\uFEFFa: 1\n"), "a: 1\n"],
    ["nothing", Buffer.alloc(0), ""],
  ])("reads %s", async (_, bytes, text) => {
    const path = join(folder, "a.yaml");
    await writeFile(path, bytes);
    expect(await files.read(path)).toBe(text);
  });

  it.each([
    ["Latin-1", Buffer.from([0x67, 0x72, 0xfc, 0x6e]), "it is not text in UTF-8"],
    ["UTF-16", Buffer.from("\uFEFFa", "utf16le"), "it is UTF-16, not UTF-8"],
  ])("refuses %s", async (_, bytes, why) => {
    const path = join(folder, "a.yaml");
    await writeFile(path, bytes);
    const failure = await failureOf(files.read(path));
    expect(failure).toMatchObject({
      code: "FILE.UNREADABLE",
      message: `cannot read ${path}: ${why}`,
      remedy: "Save it as UTF-8.",
    });
  });

  it("says when there is no such file", async () => {
    const path = join(folder, "none.yaml");
    expect(await failureOf(files.read(path))).toMatchObject({
      code: "FILE.NOT_FOUND",
      message: `there is no file ${path}`,
    });
  });

  it.each([
    ["a folder", () => folder, "it is a folder"],
    ["a path through a file", () => join(folder, "file", "x"), "a part of the path is a file, not a folder"],
    ["a circle of links", () => join(folder, "circle"), "too many levels of symbolic links"],
    [
      "a name that is too long",
      () => join(folder, "x".repeat(300)),
      "the name is too long for the file system",
    ],
    ["a null character", () => join(folder, "a\0b"), "the path holds a null character"],
  ])("says that it is %s", async (_, path, why) => {
    await writeFile(join(folder, "file"), "");
    await symlink("circle", join(folder, "circle"));
    const failure = await failureOf(files.read(path()));
    expect(failure).toMatchObject({ code: "FILE.UNREADABLE", message: `cannot read ${path()}: ${why}` });
    expect((await failureOf(files.write(path(), "x"))).code).toBe("FILE.UNWRITABLE");
    expect((await failureOf(files.append(path(), "x"))).code).toBe("FILE.UNWRITABLE");
    expect((await readdir(folder)).sort()).toEqual(["circle", "file"]);
  });
});

describe("exists", () => {
  it("is true for files and folders only", async () => {
    await writeFile(join(folder, "file"), "");
    await symlink("nowhere", join(folder, "dangling"));
    const paths = ["file", ".", "none", "file/x", "dangling"].map((name) => join(folder, name));
    expect(await Promise.all(paths.map((path) => files.exists(path)))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it("does not take what cannot be looked at for missing", async () => {
    await symlink("circle", join(folder, "circle"));
    expect((await failureOf(files.exists(join(folder, "circle")))).code).toBe("FILE.UNREADABLE");
  });
});

describe("write", () => {
  it("makes folders and leaves nothing else behind", async () => {
    const path = join(folder, "a", "b", "c.xml");
    await files.write(path, "grün");
    expect(await readFile(path, "utf8")).toBe("grün");
    expect(await readdir(join(folder, "a", "b"))).toEqual(["c.xml"]);
  });

  it.each([0o600, 0o640, 0o755])("replaces a file and keeps its mode %o", async (mode) => {
    const path = join(folder, "a.sh");
    await writeFile(path, "old and longer");
    await chmod(path, mode);
    await files.write(path, "new");
    expect(await readFile(path, "utf8")).toBe("new");
    expect((await stat(path)).mode & 0o777).toBe(mode);
    expect(await readdir(folder)).toEqual(["a.sh"]);
  });

  it.each(["real/a.yaml", "real/new.yaml"])(
    "writes to what a link means (%s) and keeps the link",
    async (target) => {
      await mkdir(join(folder, "real"));
      await writeFile(join(folder, "real/a.yaml"), "old");
      await symlink(target, join(folder, "link"));
      await files.write(join(folder, "link"), "new");
      expect((await lstat(join(folder, "link"))).isSymbolicLink()).toBe(true);
      expect(await readFile(join(folder, target), "utf8")).toBe("new");
    },
  );

  it("writes into a device instead of replacing it", async () => {
    await files.write("/dev/null", "x");
    expect((await stat("/dev/null")).isCharacterDevice()).toBe(true);
  });

  it("makes the same new folders for many files at once", async () => {
    const paths = Array.from({ length: 60 }, (_, index) =>
      join(folder, "a/b/c", String(index % 7), "d", `${index}.txt`),
    );
    await Promise.all(paths.map((path) => files.write(path, path)));
    for (const path of paths) expect(await readFile(path, "utf8")).toBe(path);
  });

  it.skipIf(process.platform !== "linux")("gives up where the file system takes no folders", async () => {
    await expect(files.write("/proc/apimgw/x.txt", "x")).rejects.toMatchObject({ code: "FILE.UNWRITABLE" });
  });

  it("writes thousands of files side by side", async () => {
    const names = Array.from({ length: 1500 }, (_, index) => `f${index}`);
    await Promise.all(names.map((name) => files.write(join(folder, name), name)));
    const texts = await Promise.all(names.map((name) => files.read(join(folder, name))));
    expect(texts).toEqual(names);
  });
});

describe("append", () => {
  it("makes the file and adds to its end", async () => {
    const path = join(folder, "journal", "a.jsonl");
    await files.append(path, "1\n");
    await files.append(path, "2\n");
    expect(await readFile(path, "utf8")).toBe("1\n2\n");
  });
});

describe("fileFailure", () => {
  it.each([
    ["EACCES", "no permission"],
    ["ENOSPC", "the disk is full"],
    ["EROFS", "the file system is read-only"],
    ["EBUSY", "it is in use by another program, or is a mount point"],
    ["EWEIRD", "the operating system says EWEIRD"],
  ])("has words for %s", (code, why) => {
    const failure = fileFailure("FILE.UNWRITABLE", "out/a.xml", Object.assign(new Error("x"), { code }));
    expect(failure).toMatchObject({ code: "FILE.UNWRITABLE", message: `cannot write out/a.xml: ${why}` });
  });

  it("leaves a bug a bug", () => {
    const bug = new TypeError("x is undefined");
    expect(fileFailure("FILE.UNWRITABLE", "a", bug)).toBe(bug);
  });
});
