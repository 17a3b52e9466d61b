/**
 * Files of the store. A file is written beside its place and renamed, so at any moment it is whole: killing the process
 * loses at most the write that had not been answered. (A power cut is another matter: nothing is flushed to the platter.)
 */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Failure } from "../../core/failure.ts";
import { compareText } from "../../core/problem.ts";

const temporarySuffix = ".tmp";
const longestName = 120;
/** Device names that Windows will not take as a file name, with or without an ending. */
const windowsDevice = /^(?:con|prn|aux|nul|com\d|lpt\d)$/;

/**
 * A segment of an ARM path as a file name: the same on every file system and for every case of the id. Lower-case letters,
 * digits, `-` and `_` stand for themselves, the rest is percent-encoded UTF-8; what gets too long ends in a hash. No dot is
 * ever in it, so that `x.json` and the folder `x` cannot meet another id's.
 */
export function fileNameOf(segment: string): string {
  const lower = segment.toLowerCase();
  const encoded = Array.from(new TextEncoder().encode(lower), encodeByte).join("");
  if (encoded.length > longestName) {
    return `${encoded.slice(0, longestName - 33)}~${createHash("sha256").update(lower).digest("hex").slice(0, 32)}`;
  }
  return windowsDevice.test(encoded) ? `~${encoded}` : encoded;
}

function encodeByte(byte: number): string {
  const char = String.fromCharCode(byte);
  return /[a-z0-9_-]/.test(char) ? char : `%${byte.toString(16).padStart(2, "0")}`;
}

/** File of a resource: its ARM path below the service's folder. */
export function resourceFile(folder: string, path: string): string {
  return `${join(folder, ...path.split("/").map(fileNameOf))}.json`;
}

/** Writes the whole file or nothing. */
export function writeWhole(file: string, text: string): void {
  const temporary = `${file}.${process.pid}${temporarySuffix}`;
  try {
    writeFileSync(temporary, text);
  } catch (error) {
    if (!isMissing(error)) throw error;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(temporary, text);
  }
  renameSync(temporary, file);
}

/** Deletes a file and the folders it leaves empty, up to `root`. */
export function removeFile(file: string, root: string): void {
  rmSync(file, { force: true });
  for (let folder = dirname(file); folder.length > root.length; folder = dirname(folder)) {
    try {
      rmdirSync(folder);
    } catch {
      return; // not empty, or gone already
    }
  }
}

/** All files below a folder, sorted; temporary leftovers of a killed process are deleted on the way. */
export function filesBelow(folder: string): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    if (entry.name.endsWith(temporarySuffix)) rmSync(file, { force: true });
    else found.push(file);
  }
  return found.sort(compareText);
}

/** The JSON value in a file. Throws Failure `LOCAL.CORRUPT` when there is none. */
export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw corrupt(file, error instanceof Error ? error.message : String(error));
  }
}

export function corrupt(file: string, why: string): Failure {
  return new Failure("LOCAL.CORRUPT", `${file} is not a file of the local APIM`, {
    why,
    remedy: "Delete that file to lose this one resource, or the whole folder to start with an empty service.",
  });
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
