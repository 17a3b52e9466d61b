/** Finds policy files on disk by path, folder and pattern, and reads them without trusting their size or encoding. */
import { readdir } from "node:fs";
import type { Stats } from "node:fs";
import { open, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { glob, isDynamicPattern } from "tinyglobby";
import { Failure } from "../../core/failure.ts";
import type { FoundFile, PolicyFiles, ReadText } from "../../core/lint/policy/policy-files.ts";
import { compareText } from "../../core/problem.ts";
import { codeOf, fileFailure } from "./file-failure.ts";
import { createGitIgnore } from "./git-ignore.ts";

/** What this process already has open. */
const opened = /^\/(?:dev\/(?:fd\/|stdin$)|proc\/self\/fd\/)/;
const headBytes = 64 * 1024;
const neverSearched = ["**/node_modules/**", "**/.git/**"];

/** The disk, relative paths counting from `cwd`. `input` is standard input; it is opened only when it is read. */
export function createPolicyFiles(cwd: string, input: () => AsyncIterable<unknown>): PolicyFiles {
  return {
    find: (paths) => findFiles(cwd, paths, "**/*.xml"),
    readText: (path, limit) => readText(resolve(cwd, path), limit),
    readHead: (path) => readHead(resolve(cwd, path)),
    readInput: (limit) => readInput(input(), limit),
    listFolder: (path) => listFolder(resolve(cwd, path)),
  };
}

/**
 * Files by name, by pattern, and below folders those that fit `inFolders`, without what git ignores; sorted by path. Throws Failure
 * `FILE.NOT_FOUND` and `FILE.UNREADABLE`.
 */
export async function findFiles(
  cwd: string,
  paths: readonly string[],
  inFolders: string,
): Promise<FoundFile[]> {
  const found = new Map<string, FoundFile>();
  const isIgnored = createGitIgnore();
  for (const path of paths) {
    for (const file of await findPath(cwd, path, inFolders, isIgnored)) {
      const known = found.get(file.path);
      if (known?.isNamed !== true) found.set(file.path, file);
    }
  }
  return [...found.values()].sort((a, b) => compareText(a.path, b.path));
}

type IsIgnored = (path: string) => Promise<boolean>;

async function findPath(
  cwd: string,
  path: string,
  inFolders: string,
  isIgnored: IsIgnored,
): Promise<FoundFile[]> {
  const absolute = resolve(cwd, path);
  const existing = await statIfThere(absolute, path);
  if (existing?.isDirectory() === true) return search(cwd, absolute, inFolders, isIgnored);
  if (existing !== undefined) return [{ path: shown(cwd, absolute), isNamed: true }];
  if (!isDynamicPattern(path)) {
    throw new Failure("FILE.NOT_FOUND", `there is no file or folder ${path}`, {
      remedy: "Check the path; a relative one starts at the folder the command runs in.",
    });
  }
  const pattern = path.replaceAll("\\", "/");
  const files = await search(cwd, cwd, isAbsolute(path) ? pattern : pattern.replace(/^\.\//, ""), isIgnored);
  if (files.length > 0) return files;
  throw new Failure("FILE.NOT_FOUND", `no file fits ${path}`, {
    remedy: "Check the pattern; quote it, so that the shell leaves it alone.",
  });
}

/**
 * Symbolic links are not followed: they may lead back up, and what they lead to is found where it stands. A folder that cannot be
 * listed is among the files: reading it says why.
 */
async function search(
  cwd: string,
  folder: string,
  pattern: string,
  isIgnored: IsIgnored,
): Promise<FoundFile[]> {
  const closed: string[] = [];
  const files = await glob(pattern, {
    fs: { readdir: watchReaddir((path) => closed.push(path)) },
    cwd: folder,
    absolute: true,
    dot: true,
    expandDirectories: false,
    followSymbolicLinks: false,
    ignore: neverSearched,
    caseSensitiveMatch: pattern !== "**/*.xml",
  });
  const found: FoundFile[] = [];
  for (const file of files) {
    if (await isIgnored(file)) continue;
    found.push({ path: shown(cwd, resolve(file)), isNamed: false });
  }
  for (const path of closed) {
    if (await isIgnored(join(path, "any.xml"))) continue;
    found.push({ path: `${shown(cwd, resolve(path))}/`, isNamed: false });
  }
  return found;
}

/** The search passes over folders that it cannot list; `onClosed` is told of them. One that has just been deleted is none. */
function watchReaddir(onClosed: (path: string) => void): typeof readdir {
  return new Proxy(readdir, {
    apply(target, self, given: readonly unknown[]) {
      const done = given.at(-1);
      const tell = (error: unknown, entries: unknown): void => {
        if (error instanceof Error && codeOf(error) !== "ENOENT") onClosed(String(given[0]));
        if (typeof done === "function") Reflect.apply(done, undefined, [error, entries]);
      };
      Reflect.apply(target, self, [...given.slice(0, -1), tell]);
    },
  });
}

async function statIfThere(absolute: string, path: string): Promise<Stats | undefined> {
  try {
    return await stat(absolute);
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "ENAMETOOLONG"].includes(codeOf(error) ?? "")) return undefined;
    throw fileFailure("FILE.UNREADABLE", path, error);
  }
}

function shown(cwd: string, absolute: string): string {
  const below = relative(cwd, absolute);
  const isOutside = below.startsWith("..") || isAbsolute(below);
  return (isOutside ? absolute : below).replaceAll(sep, "/");
}

async function readText(path: string, limit: number): Promise<ReadText> {
  return withFile(path, async (file) => {
    const { size } = await file.stat();
    if (size > limit) return { kind: "too-large", bytes: size };
    return readStream(file.createReadStream({ autoClose: false }), limit);
  });
}

async function withFile(path: string, work: (file: FileHandle) => Promise<ReadText>): Promise<ReadText> {
  let file: FileHandle | undefined;
  try {
    // Opening a pipe waits until somebody writes to it. Those that the shell has opened are at hand: `<(command)`.
    if (!opened.test(path) && (await stat(path)).isFIFO()) {
      return { kind: "unreadable", why: "it is a pipe; give its text on standard input, as `-`" };
    }
    file = await open(path);
    return await work(file);
  } catch (error) {
    const failure = fileFailure("FILE.UNREADABLE", path, error);
    if (!(failure instanceof Failure)) throw error;
    return { kind: "unreadable", why: failure.message.replace(/^cannot read .*?: (?=[^:]*$)/, "") };
  } finally {
    await file?.close();
  }
}

/** Pipes and devices have no size to look at first. */
async function readStream(stream: AsyncIterable<unknown>, limit: number): Promise<ReadText> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    const part = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    if (!(part instanceof Uint8Array)) throw new Error("a stream of bytes gave something else");
    bytes += part.length;
    if (bytes > limit) return { kind: "too-large", bytes: undefined };
    chunks.push(part);
  }
  return decode(Buffer.concat(chunks));
}

async function readInput(input: AsyncIterable<unknown>, limit: number): Promise<ReadText> {
  try {
    return await readStream(input, limit);
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return { kind: "unreadable", why: `standard input cannot be read: ${codeOf(error) ?? ""}` };
  }
}

function decode(bytes: Uint8Array): ReadText {
  try {
    return { kind: "text", text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch (error) {
    if (codeOf(error) !== "ERR_ENCODING_INVALID_ENCODED_DATA") throw error;
  }
  if (utf16Encoding(bytes) !== undefined) {
    return { kind: "not-utf8", why: "it is UTF-16, not UTF-8", before: "" };
  }
  return { kind: "not-utf8", why: "it is not text in UTF-8", before: soundStart(bytes) };
}

/** The text before the first byte that UTF-8 does not have. */
function soundStart(bytes: Uint8Array): string {
  const lossy = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  let offset = 0;
  for (const character of lossy) {
    const length = Buffer.byteLength(character);
    const isReplaced =
      character === "\uFFFD" &&
      !(bytes[offset] === 0xef && bytes[offset + 1] === 0xbf && bytes[offset + 2] === 0xbd);
    if (isReplaced) break;
    offset += length;
  }
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(0, offset));
}

function utf16Encoding(bytes: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  return bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : undefined;
}

async function readHead(path: string): Promise<string> {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, null);
    const bytes = buffer.subarray(0, bytesRead);
    return new TextDecoder(utf16Encoding(bytes) ?? "utf-8").decode(bytes);
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return "";
  } finally {
    await file?.close();
  }
}

async function listFolder(path: string): Promise<readonly string[] | undefined> {
  const existing = await statIfThere(path, path);
  if (existing?.isDirectory() !== true) return undefined;
  const files = await glob("**/*", {
    cwd: path,
    dot: true,
    expandDirectories: false,
    followSymbolicLinks: false,
    ignore: neverSearched,
  });
  return files.map((file) => join(file).replaceAll(sep, "/")).sort(compareText);
}
