/** A YAML document that is not a gateway spec: its text to a typed value, or all that is wrong with it. */
import type { z } from "zod";
import { compareProblems } from "../problem.ts";
import type { Problem } from "../problem.ts";
import { toProblem } from "./finding.ts";
import type { Finding } from "./finding.ts";
import { readYaml } from "./read-yaml.ts";
import type { SpecSource } from "./source.ts";
import { createSpecSource } from "./spec-source.ts";
import { indexLines } from "./text-position.ts";
import { validateTree } from "./validate.ts";

/** What the document is, for people. */
export type DocumentWords = {
  /** `the scenario`. */
  readonly name: string;
  /** Keys that it has, as a message names them. */
  readonly keys: string;
  /** What to write, when there is nothing. */
  readonly emptyHelp: string;
};

/** `value` is there exactly when there is no problem; problems are sorted by place. */
export type ParsedDocument<Value> =
  | { readonly value: Value; readonly source: SpecSource; readonly problems: readonly [] }
  | { readonly value?: undefined; readonly source?: undefined; readonly problems: readonly Problem[] };

/** Reads a document and checks it against its schema; every deviation is reported with its place. */
export function parseDocument<Value>(
  text: string,
  file: string,
  schema: z.ZodType<Value>,
  words: DocumentWords,
): ParsedDocument<Value> {
  const { root, findings } = readYaml(text, words.keys);
  const found: Finding[] = findings.map((finding) =>
    finding.rule === "empty-spec"
      ? { ...finding, message: `${words.name} is empty`, help: words.emptyHelp }
      : finding,
  );
  const value = root && validateTree(root, schema, (finding) => found.push(finding));
  const lines = indexLines(text);
  if (root !== undefined && value !== undefined && found.length === 0) {
    return { value, source: createSpecSource(file, text, lines, root), problems: [] };
  }
  return { problems: found.map((finding) => toProblem(finding, file, lines)).sort(compareProblems) };
}
