/** What lint says by itself, without a rule that looks at a document: about files, suppressions and baselines. */
import type { Severity } from "../../problem.ts";

export type EngineRule = {
  readonly id: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly why: string;
  readonly examples?: { readonly bad: string; readonly good: string };
};

const section = (comment: string, element: string): string => `<policies>
  <inbound>
    <base />
    ${comment}
    ${element}
  </inbound>
  <backend><base /></backend>
  <outbound><base /></outbound>
  <on-error><base /></on-error>
</policies>`;

const setHeader = '<set-header name="x-team" exists-action="override"><value>a</value></set-header>';

/** By id; the order is that of the documentation. */
const engineRules = {
  "policy-syntax": {
    severity: "error",
    summary: "The document is not well-formed, in neither of the two ways in which policies are written.",
    why: "The service parses a document before anything else and refuses it at its first fault. Expressions may be written as they are (format rawxml) or with entities (format xml); lint reads both.",
    examples: {
      bad: section("", '<set-header name="x-team" exists-action="override"><value>a</set-header>'),
      good: section("", setHeader),
    },
  },
  "file-too-large": {
    severity: "error",
    summary: "The file has more than 8 MiB and was not read.",
    why: "The service takes documents of at most 256 KiB, so that this cannot be one.",
  },
  "file-encoding": {
    severity: "error",
    summary: "The file is not text in UTF-8.",
    why: "The management API takes documents as JSON strings in UTF-8: whatever sends this file would send other characters than it shows.",
  },
  "file-unreadable": {
    severity: "error",
    summary: "The file was found and cannot be read.",
    why: "What cannot be read has not been checked.",
  },
  "suppression-without-reason": {
    severity: "warning",
    summary: "A comment switches a rule off and does not say why.",
    why: "Whoever comes next has to know whether the reason still holds. It stands after the rule's id.",
    examples: {
      bad: section("<!-- apimgw-disable-next-line unknown-policy -->", "<brand-new-policy />"),
      good: section(
        "<!-- apimgw-disable-next-line unknown-policy in preview since May -->",
        "<brand-new-policy />",
      ),
    },
  },
  "suppression-unknown-rule": {
    severity: "warning",
    summary: "A comment switches off a rule that does not exist.",
    why: "It does nothing: the finding that it was written for is still there, or the rule has been renamed.",
    examples: {
      bad: section("<!-- apimgw-disable-next-line unknwon-policy in preview -->", "<brand-new-policy />"),
      good: section("<!-- apimgw-disable-next-line unknown-policy in preview -->", "<brand-new-policy />"),
    },
  },
  "suppression-malformed": {
    severity: "warning",
    summary: "A comment starts with apimgw-disable and is not one of the two forms.",
    why: "The forms are `apimgw-disable-next-line RULE[, RULE] reason` and `apimgw-disable-file RULE[, RULE] reason`; anything else switches nothing off.",
    examples: {
      bad: section("<!-- apimgw-disable-line unknown-policy in preview -->", setHeader),
      good: section("<!-- a team's own header -->", setHeader),
    },
  },
  "suppression-unused": {
    severity: "warning",
    summary: "A comment switches a rule off where it finds nothing.",
    why: "What it was written for has been put right; left in place it would hide the next fault on that line.",
    examples: {
      bad: section("<!-- apimgw-disable-next-line policy-syntax generated -->", setHeader),
      good: section("", setHeader),
    },
  },
  "baseline-outdated": {
    severity: "info",
    summary: "The baseline holds findings that are no longer there.",
    why: "They have been put right. `--write-baseline` again, so that they cannot come back unseen.",
  },
} as const satisfies Record<string, Omit<EngineRule, "id">>;

export type EngineRuleId = keyof typeof engineRules;

/** The severity of one of these rules when nobody says otherwise. */
export function engineSeverity(id: EngineRuleId): Severity {
  return engineRules[id].severity;
}

/** The same as a list. */
export function listEngineRules(): EngineRule[] {
  return Object.entries(engineRules).map(([id, rule]) => ({ id, ...rule }));
}
