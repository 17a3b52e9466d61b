/** A baseline: findings that were there when lint was taken up, so that only new ones count. */
import { createHash } from "node:crypto";
import { Failure } from "../../failure.ts";
import { isJsonObject } from "../../json.ts";
import { compareProblems, compareText } from "../../problem.ts";
import type { Problem } from "../../problem.ts";
import { engineSeverity } from "./engine-rules.ts";

export type BaselineEntry = {
  /** With `/`, as lint shows it. */
  readonly file: string;
  readonly rule: string;
  /** Of the line's text, white space aside: lines may move, and the finding is still the same. */
  readonly fingerprint: string;
  /** How many such findings there are. */
  readonly count: number;
};

/** Lines of a file by its name; undefined when there is no text. */
export type LineText = (file: string, line: number) => string | undefined;

/** Sixteen hex digits that stay the same when lines are added above or the indentation changes. */
function fingerprint({ rule, at }: Problem, lineText: string | undefined): string {
  const text = (lineText ?? "").trim().replaceAll(/\s+/g, " ");
  return createHash("sha256")
    .update(`${rule}\n${fileKey(at.file)}\n${text}`)
    .digest("hex")
    .slice(0, 16);
}

export function baselineEntries(problems: readonly Problem[], lineText: LineText): BaselineEntry[] {
  const counts = new Map<string, BaselineEntry>();
  for (const problem of problems) {
    const { rule, at } = problem;
    if (rule === "baseline-outdated") continue;
    const print = fingerprint(problem, lineText(at.file, at.line));
    const key = keyOf(fileKey(at.file), rule, print);
    const count = (counts.get(key)?.count ?? 0) + 1;
    counts.set(key, { file: fileKey(at.file), rule, fingerprint: print, count });
  }
  return [...counts.values()].sort(
    (a, b) =>
      compareText(a.file, b.file) || compareText(a.rule, b.rule) || compareText(a.fingerprint, b.fingerprint),
  );
}

/** One entry a line, so that changes can be read in a diff. */
export function printBaseline(entries: readonly BaselineEntry[]): string {
  const lines = entries.map(
    ({ file, rule, fingerprint: print, count }) =>
      `    ${JSON.stringify({ file, rule, fingerprint: print, count })}`,
  );
  const findings = lines.length === 0 ? "[]" : `[\n${lines.join(",\n")}\n  ]`;
  return `{\n  "formatVersion": 1,\n  "findings": ${findings}\n}\n`;
}

/** Throws Failure `BASELINE.UNREADABLE` when the text is no baseline. */
export function parseBaseline(text: string, file: string): BaselineEntry[] {
  const value = parseJson(text);
  const findings = isJsonObject(value) && value["formatVersion"] === 1 ? value["findings"] : undefined;
  if (!Array.isArray(findings)) throw unreadable(file);
  return findings.map((item: unknown) => {
    if (!isJsonObject(item)) throw unreadable(file);
    const { file: name, rule, fingerprint: print, count } = item;
    const isSound =
      typeof name === "string" &&
      typeof rule === "string" &&
      typeof print === "string" &&
      typeof count === "number" &&
      Number.isInteger(count) &&
      count > 0;
    if (!isSound) throw unreadable(file);
    return { file: name, rule, fingerprint: print, count };
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unreadable(file: string): Failure {
  return new Failure("BASELINE.UNREADABLE", `${file} is no baseline`, {
    remedy: "Write one with `--write-baseline`.",
  });
}

/** Takes known findings away, file by file, and says in the end which of them are gone. */
export class BaselineFilter {
  readonly #left = new Map<string, { readonly entry: BaselineEntry; count: number }>();
  readonly #seen = new Set<string>();

  constructor(entries: readonly BaselineEntry[]) {
    for (const entry of entries) {
      this.#left.set(keyOf(entry.file, entry.rule, entry.fingerprint), { entry, count: entry.count });
    }
  }

  /** The findings of one file that the baseline does not hold. */
  keepNew(file: string, problems: readonly Problem[], lineText: LineText): Problem[] {
    this.#seen.add(fileKey(file));
    return problems.toSorted(compareProblems).filter((problem) => {
      const print = fingerprint(problem, lineText(problem.at.file, problem.at.line));
      const known = this.#left.get(keyOf(fileKey(problem.at.file), problem.rule, print));
      if (known === undefined || known.count === 0) return true;
      known.count -= 1;
      return false;
    });
  }

  /** Findings of files that were looked at and that are no longer there, one problem for each file and rule. */
  outdated(baselineFile: string, baselineText: string): Problem[] {
    const gone = new Map<string, { readonly entry: BaselineEntry; count: number }>();
    for (const { entry, count } of this.#left.values()) {
      if (count === 0 || !this.#seen.has(entry.file)) continue;
      const key = keyOf(entry.file, entry.rule, "");
      const before = gone.get(key);
      gone.set(key, { entry: before?.entry ?? entry, count: (before?.count ?? 0) + count });
    }
    const lines = baselineText.split("\n");
    return [...gone.values()].map(({ entry, count }) => ({
      rule: "baseline-outdated",
      severity: engineSeverity("baseline-outdated"),
      message: `${count === 1 ? "a finding" : `${count} findings`} of \`${entry.rule}\` in ${entry.file} ${count === 1 ? "is" : "are"} gone`,
      at: { file: baselineFile, line: lineOf(lines, entry), column: 1 },
      help: "write the baseline again with `--write-baseline`",
    }));
  }
}

function lineOf(lines: readonly string[], { file, fingerprint: print }: BaselineEntry): number {
  const index = lines.findIndex((line) => line.includes(print) && line.includes(JSON.stringify(file)));
  return index < 0 ? 1 : index + 1;
}

function fileKey(file: string): string {
  return file.replaceAll("\\", "/").replace(/^\.\//, "");
}

function keyOf(...parts: readonly string[]): string {
  return parts.join("\n");
}
