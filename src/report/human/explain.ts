import type { Severity } from "../../core/problem.ts";
import { policyJson } from "./explain-policy.ts";
import type { ExplainedPolicy } from "./explain-policy.ts";
import { formatSeverity, indent } from "./problem.ts";
import { palette, type ReportStyle } from "../style.ts";

type Example = { readonly text: string; readonly circumstances: string };

/** A rule as `explain` shows it. */
export type ExplainedRule = {
  readonly id: string;
  readonly group: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly why?: string;
  readonly examples?: { readonly bad: Example; readonly good: Example };
};

/** The rules by group, in the order they come in. */
export function formatRuleList(
  rules: readonly ExplainedRule[],
  titles: Readonly<Record<string, string>>,
  style: ReportStyle,
): string {
  const { bold } = palette(style);
  const width = Math.max(...rules.map(({ id }) => id.length));
  const groups = [...Map.groupBy(rules, ({ group }) => group)].map(([group, members]) => {
    const lines = members.map(({ id, severity, summary }) => {
      const gap = " ".repeat("warning".length - severity.length);
      return `  ${id.padEnd(width)}  ${formatSeverity(severity, style)}${gap}  ${summary}`;
    });
    return [bold(titles[group] ?? group), ...lines].join("\n");
  });
  return groups.join("\n\n");
}

export function formatRule(rule: ExplainedRule, style: ReportStyle): string {
  const { bold } = palette(style);
  const { id, severity, summary, why, examples } = rule;
  const head = `${bold(id)} (${formatSeverity(severity, style)})`;
  const example = (title: string, { text, circumstances }: Example): string => {
    const where = circumstances === "" ? "" : ` (${circumstances})`;
    return `${bold(title)}${where}\n${indent(text)}`;
  };
  const shown =
    examples === undefined ? [] : [example("Found:", examples.bad), example("Fine:", examples.good)];
  return [`${head}\n${summary}`, ...(why === undefined ? [] : [`${bold("Why:")} ${why}`]), ...shown].join(
    "\n\n",
  );
}

export function formatListJson(
  rules: readonly ExplainedRule[],
  policies: readonly ExplainedPolicy[],
): string {
  return JSON.stringify(
    { formatVersion: 1, rules: rules.map(ruleJson), policies: policies.map(policyJson) },
    null,
    2,
  );
}

export function formatRuleJson(rule: ExplainedRule): string {
  return JSON.stringify({ formatVersion: 1, rule: ruleJson(rule) }, null, 2);
}

function ruleJson({ id, group, severity, summary, why, examples }: ExplainedRule): object {
  return {
    id,
    group,
    severity,
    summary,
    why: why ?? null,
    examples: examples === undefined ? null : { bad: examples.bad.text, good: examples.good.text },
  };
}
