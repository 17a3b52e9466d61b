/** Lays policy documents out in the canonical way: rawxml, one element a line, comments and expressions kept. */
import { engineSeverity } from "../core/lint/policy/engine-rules.ts";
import { locateRange } from "../core/lint/policy/lint-policy.ts";
import { largestFile } from "../core/lint/policy/policy-files.ts";
import type { PolicyFiles, ReadText } from "../core/lint/policy/policy-files.ts";
import { parsePolicyDocument } from "../core/policy/parse.ts";
import { printPolicyDocument } from "../core/policy/print.ts";
import type { Files } from "../core/ports.ts";
import type { Problem } from "../core/problem.ts";
import { readPolicyFile, stdinName, unreadableProblem } from "./lint-policies.ts";

export type FileFormat = {
  readonly file: string;
  /** The canonical text; undefined when the document cannot be read, which the problems tell. */
  readonly text: string | undefined;
  readonly source: string | undefined;
  readonly isChanged: boolean;
  readonly problems: readonly Problem[];
};

/** The canonical text of a document, or why it cannot be read. */
export function formatPolicyText(
  text: string,
  file: string,
): { readonly text: string } | { readonly problems: readonly Problem[] } {
  const parsed = parsePolicyDocument(text, { dialect: "auto" });
  if (parsed.ok) return { text: printPolicyDocument(parsed.document, { dialect: "rawxml" }) };
  const problems = parsed.problems.map(({ message, range, help }): Problem => ({
    rule: "policy-syntax",
    severity: engineSeverity("policy-syntax"),
    message,
    at: locateRange(file, range),
    ...(help === undefined ? {} : { help }),
  }));
  return { problems };
}

export type FormatPoliciesRequest = {
  /** Files, folders, patterns. */
  readonly paths: readonly string[];
  /** False: nothing is written, only told. */
  readonly writes: boolean;
  /** Documents found in folders that are left alone, by `apimgw.lint.yaml`. */
  readonly isIgnored: (path: string) => boolean;
};

/** Formats each document that the paths mean, in the order of their names. Throws Failure `FILE.*`. */
export async function* formatPolicyFiles(
  { files, disk }: { readonly files: Files; readonly disk: PolicyFiles },
  { paths, writes, isIgnored }: FormatPoliciesRequest,
): AsyncGenerator<FileFormat> {
  for (const file of await disk.find(paths)) {
    if (!file.isNamed && isIgnored(file.path)) continue;
    const read = await readPolicyFile(disk, file);
    if (read === undefined) continue;
    const result = formatRead(read, file.path);
    if (writes && result.isChanged && result.text !== undefined) await files.write(file.path, result.text);
    yield result;
  }
}

/** Formats standard input. */
export async function formatInput(disk: PolicyFiles, name = stdinName): Promise<FileFormat> {
  return formatRead(await disk.readInput(largestFile), name);
}

function formatRead(read: ReadText, file: string): FileFormat {
  const nothing = { file, text: undefined, source: undefined, isChanged: false };
  if (read.kind !== "text") return { ...nothing, problems: [unreadableProblem(file, read)] };
  const formatted = formatPolicyText(read.text, file);
  if ("problems" in formatted) return { ...nothing, source: read.text, problems: formatted.problems };
  const { text } = formatted;
  return { file, text, source: read.text, isChanged: text !== read.text, problems: [] };
}
