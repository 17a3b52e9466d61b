/** Lint results as SARIF 2.1.0 (OASIS), which GitHub code scanning and Azure DevOps show. */
import type { Json } from "../core/json.ts";
import type { Location } from "../core/location.ts";
import { compareProblems, compareText } from "../core/problem.ts";
import type { Problem, Severity } from "../core/problem.ts";

/** What SARIF says of a rule; `why` and the examples become its help text. */
export type SarifRule = {
  readonly id: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly why?: string;
  readonly group?: string;
  readonly examples?: {
    readonly language: string;
    readonly bad: { readonly text: string };
    readonly good: { readonly text: string };
  };
};

export type SarifOptions = {
  /** Version of apimgw. */
  readonly version: string;
  /** All rules; those that found nothing are left out of the report. */
  readonly rules: readonly SarifRule[];
};

const levels: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "note" };

export function formatLintSarif(problems: readonly Problem[], { version, rules }: SarifOptions): string {
  const ids = [...new Set(problems.map(({ rule }) => rule))].sort(compareText);
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const index = new Map(ids.map((id, position) => [id, position]));
  const run: Json = {
    tool: { driver: { name: "apimgw", version, rules: ids.map((id) => ruleJson(id, byId.get(id))) } },
    columnKind: "utf16CodeUnits",
    results: problems
      .toSorted(compareProblems)
      .map((problem) => resultJson(problem, index.get(problem.rule) ?? -1)),
  };
  return JSON.stringify(
    { $schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] },
    null,
    2,
  );
}

function ruleJson(id: string, rule: SarifRule | undefined): Json {
  if (rule === undefined) return { id };
  const { severity, summary, why, group } = rule;
  return {
    id,
    shortDescription: { text: summary },
    fullDescription: { text: why ?? summary },
    help: {
      text: [summary, why].filter((part) => part !== undefined).join("\n\n"),
      markdown: markdownOf(rule),
    },
    defaultConfiguration: { level: levels[severity] },
    ...(group === undefined ? {} : { properties: { tags: [group] } }),
  };
}

function markdownOf({ summary, why, examples }: SarifRule): string {
  const block = (title: string, { text }: { readonly text: string }): string =>
    `${title}\n\n\`\`\`${examples?.language ?? ""}\n${text}\n\`\`\``;
  const shown = examples === undefined ? [] : [block("Found:", examples.bad), block("Fine:", examples.good)];
  return [summary, ...(why === undefined ? [] : [why]), ...shown].join("\n\n");
}

function resultJson({ rule, severity, message, help, at }: Problem, ruleIndex: number): Json {
  const text = help === undefined ? message : `${message}\n${help}`;
  return {
    ruleId: rule,
    ruleIndex,
    level: levels[severity],
    message: { text },
    locations: [{ physicalLocation: { artifactLocation: artifactOf(at.file), region: regionOf(at) } }],
  };
}

/** An end that lies before the start says nothing and would be refused. */
function regionOf({ line, column, endLine, endColumn }: Location): Json {
  const start = { startLine: line, startColumn: column };
  if (endLine === undefined || endColumn === undefined) return start;
  const isOrdered = endLine > line || (endLine === line && endColumn >= column);
  return isOrdered ? { ...start, endLine, endColumn } : start;
}

/** Relative paths count from the root of the source tree; others are file URIs. */
function artifactOf(file: string): Json {
  const path = file.replaceAll("\\", "/");
  const uri = path.split("/").map(encodeSegment).join("/");
  if (path.startsWith("//")) return { uri: `file:${uri}` };
  if (path.startsWith("/")) return { uri: `file://${uri}` };
  if (/^[A-Za-z]:\//.test(path)) return { uri: `file:///${uri}` };
  // A colon in the first segment would be read as the end of a scheme.
  return { uri: /^[^/]*:/.test(uri) ? `./${uri}` : uri, uriBaseId: "%SRCROOT%" };
}

function encodeSegment(segment: string): string {
  return encodeURIComponent(segment.toWellFormed()).replaceAll("%3A", ":");
}
