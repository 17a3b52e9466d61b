/** One process at a time has a folder: a lock file with its pid, taken over when that process is gone. */
import { randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../../core/failure.ts";
import { isJsonObject } from "../../core/json.ts";
import { isMissing } from "./disk.ts";

type Holder = { readonly pid: number; readonly token: string };

/** Folders this process holds: a lock with our own pid that is not here was left by an earlier process of that pid. */
const heldHere = new Set<string>();

/** Takes the folder, making it if need be. Returns what gives it back. Throws Failure `LOCAL.IN_USE`, `LOCAL.NO_FOLDER`. */
export function lockDirectory(directory: string): () => void {
  makeFolder(directory);
  const folder = realpathSync(directory);
  const file = join(folder, "lock.json");
  const own: Holder = { pid: process.pid, token: randomUUID() };
  for (let attempt = 0; attempt < 5; attempt += 1) {
    if (tryCreate(file, own)) {
      heldHere.add(folder);
      return () => {
        heldHere.delete(folder);
        if (readHolder(file)?.token === own.token) rmSync(file, { force: true });
      };
    }
    const holder = readHolder(file);
    if (holder !== undefined && isAlive(holder.pid, folder)) throw inUse(directory, holder.pid);
    if (!setAside(file, holder)) throw inUse(directory, undefined);
  }
  throw inUse(directory, undefined);
}

function makeFolder(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Failure("LOCAL.NO_FOLDER", `the local APIM cannot keep its state in ${directory}`, {
      why,
      remedy:
        "--local takes what follows it for its folder: name one that can be written, and other arguments before it, as in `apimgw apply plan.json --local`.",
    });
  }
}

/** Creates the lock with its content in one step, so that nobody ever reads half a lock. */
function tryCreate(file: string, holder: Holder): boolean {
  const draft = `${file}.${holder.token}.tmp`;
  writeFileSync(draft, JSON.stringify(holder));
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    return hasCode(error, "EEXIST") ? false : tryCreateWithoutLinks(file, holder);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** For file systems without hard links. */
function tryCreateWithoutLinks(file: string, holder: Holder): boolean {
  try {
    writeFileSync(file, JSON.stringify(holder), { flag: "wx" });
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

/** Moves a stale lock away; false when it turned out to be somebody's fresh one. */
function setAside(file: string, stale: Holder | undefined): boolean {
  const aside = `${file}.${randomUUID()}.tmp`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (isMissing(error)) return true;
    throw error;
  }
  const moved = readHolder(aside);
  const isTheStaleOne = moved?.token === stale?.token;
  if (!isTheStaleOne) renameSync(aside, file);
  rmSync(aside, { force: true });
  return isTheStaleOne;
}

function readHolder(file: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (isJsonObject(value) && typeof value["pid"] === "number" && typeof value["token"] === "string") {
      return { pid: value["pid"], token: value["token"] };
    }
  } catch {
    // Gone or not a lock: nobody holds it.
  }
  return undefined;
}

function isAlive(pid: number, folder: string): boolean {
  if (pid === process.pid) return heldHere.has(folder);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, "EPERM");
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

function inUse(directory: string, pid: number | undefined): Failure {
  const who = pid === undefined ? "another process" : `process ${pid}`;
  return new Failure("LOCAL.IN_USE", `the local APIM in ${directory} is in use by ${who}`, {
    remedy:
      "Wait until it is done, stop it, or name another folder. What `apimgw dev` serves is reached with --arm-endpoint.",
  });
}
