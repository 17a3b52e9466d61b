/** Reads the files that a spec names, for OpenAPI documents and policies. */
import { dirname, isAbsolute, join } from "node:path";
import { Failure } from "../core/failure.ts";
import type { Files } from "../core/ports.ts";
import type { Problem } from "../core/problem.ts";
import type { ParsedSpec } from "../core/spec/source.ts";

export type Reader = (reference: string) => Promise<{ readonly name: string; readonly text: string }>;

/** Reads files named in the spec, which count from its folder, each once. */
export function createReader(files: Files, specFile: string, texts: Map<string, string>): Reader {
  const pending = new Map<string, Promise<string>>();
  return async (reference) => {
    const name = besideSpec(specFile, reference);
    const reading = pending.get(name) ?? files.read(name);
    pending.set(name, reading);
    const text = await reading;
    texts.set(name, text);
    return { name, text };
  };
}

/** A path in the spec counts from the spec's folder. */
export function besideSpec(specFile: string, reference: string): string {
  return isAbsolute(reference) ? reference : join(dirname(specFile), reference);
}

/** What the spec names in several places, by place or by API id, and what could not be read of it. */
export type Read<Value> = {
  readonly values: ReadonlyMap<string, Value>;
  readonly problems: readonly Problem[];
};

/** What the spec names at the pointer `at`, or why it cannot be read. */
export async function readReference(
  reader: Reader,
  source: ParsedSpec["source"],
  at: string,
  reference: string,
): Promise<{ readonly name: string; readonly text: string } | { readonly problem: Problem }> {
  try {
    return await reader(reference);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const help = error.code === "FILE.NOT_FOUND" ? "paths count from the folder of the spec" : error.remedy;
    const rule = error.code === "FILE.NOT_FOUND" ? "missing-file" : "unreadable-file";
    const problem = { rule, severity: "error" as const, message: error.message, at: source.locate(at) };
    return { problem: help === undefined ? problem : { ...problem, help } };
  }
}
