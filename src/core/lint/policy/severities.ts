/** How bad each finding is, as the user decides. */
import { nearestName } from "../../nearest-name.ts";
import type { Problem, Severity } from "../../problem.ts";
import { didYouMean } from "../../spec/suggestion.ts";

export const ruleSettings = ["off", "info", "warning", "error"] as const;
export type RuleSetting = (typeof ruleSettings)[number];

/** By rule id; a rule that is not in it keeps the severities of its findings. */
export type Severities = ReadonlyMap<string, RuleSetting>;

export type ReadRuleSetting =
  | { readonly ok: true; readonly id: string; readonly setting: RuleSetting }
  | { readonly ok: false; readonly message: string; readonly help: string };

export function isRuleSetting(value: unknown): value is RuleSetting {
  return ruleSettings.some((setting) => setting === value);
}

/** Reads `id=severity`. `ids` are the rules there are. */
export function readRuleSetting(text: string, ids: readonly string[]): ReadRuleSetting {
  const [id = "", setting, ...rest] = text.split("=").map((part) => part.trim());
  if (setting === undefined || rest.length > 0) {
    return {
      ok: false,
      message: `\`${text}\` is no rule with a severity`,
      help: `write RULE=${ruleSettings.join("|")}`,
    };
  }
  if (!ids.includes(id)) return { ok: false, ...describeUnknownRule(id, ids) };
  if (isRuleSetting(setting)) return { ok: true, id, setting };
  const message = `${id}: \`${setting}\` is no severity${didYouMean(nearestName(setting, ruleSettings))}`;
  return { ok: false, message, help: `a severity is one of ${ruleSettings.join(", ")}` };
}

/** The words for a rule id that does not exist. */
export function describeUnknownRule(id: string, ids: readonly string[]): { message: string; help: string } {
  return {
    message: `there is no rule \`${id}\`${didYouMean(nearestName(id, ids))}`,
    help: "`apimgw explain` lists the rules",
  };
}

/** What is said of a finding: undefined when its rule is switched off. */
export function decideSeverity(
  severities: Severities | undefined,
  rule: string,
  own: Severity,
): Severity | undefined {
  const setting = severities?.get(rule);
  if (setting === undefined) return own;
  return setting === "off" ? undefined : setting;
}

/** The problems with the severities that the user gave them, without those that are switched off. */
export function applySeverities(problems: readonly Problem[], severities: Severities): Problem[] {
  return problems.flatMap((problem) => {
    const severity = decideSeverity(severities, problem.rule, problem.severity);
    return severity === undefined ? [] : [{ ...problem, severity }];
  });
}
