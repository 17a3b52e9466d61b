import { randomBytes } from "node:crypto";
import type { Stats } from "node:fs";
import { access, appendFile, chmod, constants, lstat, mkdir, readFile, readlink } from "node:fs/promises";
import { rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Failure } from "../../core/failure.ts";
import type { Files } from "../../core/ports.ts";
import { limitConcurrency } from "../limit-concurrency.ts";
import { codeOf, fileFailure } from "./file-failure.ts";

/** Far below the files a process may have open, far above what a disk can use. */
const filesAtOnce = 32;
/** As many links as Linux follows before it says ELOOP. */
const longestLinkChain = 40;

/** The disk. Callers may start thousands of reads or writes side by side: only a few files are open at once. */
export function createDiskFiles(): Files {
  const limited = limitConcurrency(filesAtOnce);
  return {
    read: (path) => limited(() => read(path)),
    exists: (path) => limited(() => exists(path)),
    write: (path, text) => limited(() => write(path, text)),
    append: (path, text) => limited(() => append(path, text)),
  };
}

async function read(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw fileFailure("FILE.UNREADABLE", path, error);
  });
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (codeOf(error) !== "ERR_ENCODING_INVALID_ENCODED_DATA")
      throw fileFailure("FILE.UNREADABLE", path, error);
    const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    const why = isUtf16 ? "it is UTF-16, not UTF-8" : "it is not text in UTF-8";
    throw new Failure("FILE.UNREADABLE", `cannot read ${path}: ${why}`, { remedy: "Save it as UTF-8." });
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(codeOf(error) ?? "")) return false;
    throw fileFailure("FILE.UNREADABLE", path, error);
  }
}

async function write(path: string, text: string): Promise<void> {
  try {
    const target = await followLinks(path);
    const existing = await statIfThere(target);
    await makeFolder(dirname(target));
    // A device, a pipe or a folder cannot be replaced by a rename: it is written to, or refuses.
    if (existing !== undefined && !existing.isFile()) await writeFile(target, text);
    else await replaceFile(target, text, existing);
  } catch (error) {
    throw fileFailure("FILE.UNWRITABLE", path, error);
  }
}

async function append(path: string, text: string): Promise<void> {
  try {
    await makeFolder(dirname(path));
    await appendFile(path, text);
  } catch (error) {
    throw fileFailure("FILE.UNWRITABLE", path, error);
  }
}

/**
 * A folder and those above it. Not `mkdir` with `recursive`: that one never returns where a file system refuses new folders with
 * ENOENT, as /proc does.
 */
async function makeFolder(path: string): Promise<void> {
  if (await madeFolder(path)) return;
  // Somebody may be making the parent at this very moment: whether it is there is asked once, then the folder is tried again.
  const parent = dirname(path);
  if (!(await exists(parent))) await makeFolder(parent);
  if (!(await madeFolder(path))) await mkdir(path);
}

/** False when the parent is missing, or the file system says so. */
async function madeFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST" && (await stat(path)).isDirectory()) return true;
    if (codeOf(error) === "ENOENT" && dirname(path) !== path) return false;
    throw error;
  }
}

async function replaceFile(target: string, text: string, existing: Stats | undefined): Promise<void> {
  // A rename would replace a file that its owner has made read-only.
  if (existing !== undefined) await access(target, constants.W_OK);
  const temporary = join(dirname(target), `.apimgw-${randomBytes(8).toString("hex")}.tmp`);
  try {
    await writeFile(temporary, text, { flag: "wx" });
    if (existing !== undefined) await chmod(temporary, existing.mode & 0o7777);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** The file that a path means, so that writing to a symbolic link keeps the link; the file itself need not exist. */
async function followLinks(path: string): Promise<string> {
  let target = resolve(path);
  for (let followed = 0; followed < longestLinkChain; followed += 1) {
    const found = await lstat(target).catch(undefinedIfMissing);
    if (found?.isSymbolicLink() !== true) return target;
    target = resolve(dirname(target), await readlink(target));
  }
  return target;
}

async function statIfThere(path: string): Promise<Stats | undefined> {
  return stat(path).catch(undefinedIfMissing);
}

function undefinedIfMissing(error: unknown): undefined {
  if (codeOf(error) !== "ENOENT") throw error;
  return undefined;
}
