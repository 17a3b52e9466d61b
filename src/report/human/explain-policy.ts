/** Policies as `explain` shows them: where they stand, and how the gateway on the desk runs them. */
import type { Fidelity } from "../../core/gateway/policy-definition.ts";
import { palette, type ReportStyle } from "../style.ts";

export type ExplainedPolicy = {
  readonly name: string;
  readonly sections: readonly string[];
  readonly scopes: readonly string[];
  readonly source: string;
  /** Absent: it is not run. */
  readonly fidelity?: Fidelity;
};

const levels: Readonly<Record<Fidelity["level"], string>> = {
  full: "runs as documented",
  partial: "runs in part",
  recorded: "is recorded, and sent nowhere",
};

/** The policies that are run, one a line. */
export function formatPolicyList(policies: readonly ExplainedPolicy[], style: ReportStyle): string {
  const { bold } = palette(style);
  const width = Math.max(0, ...policies.map(({ name }) => name.length));
  const lines = policies.map(({ name, fidelity }) => `  ${name.padEnd(width)}  ${howItRuns(fidelity)}`);
  return [bold("Policies that simulate runs"), ...lines].join("\n");
}

export function formatPolicy(
  { name, sections, scopes, source, fidelity }: ExplainedPolicy,
  style: ReportStyle,
): string {
  const { bold, dim } = palette(style);
  const places = [
    `Sections: ${sections.join(", ")}`,
    ...(scopes.length === 0 ? [] : [`Scopes: ${scopes.join(", ")}`]),
    `Source: ${source}`,
  ];
  const notes = (fidelity?.notes ?? []).map(([text, evidence]) => `  ${text} ${dim(`(${evidence})`)}`);
  const run = [`${bold("In simulate:")} ${howItRuns(fidelity)}`, ...notes];
  return [`${bold(name)} (policy)`, places.join("\n"), run.join("\n")].join("\n\n");
}

export function formatPolicyJson(policy: ExplainedPolicy): string {
  return JSON.stringify({ formatVersion: 1, policy: policyJson(policy) }, null, 2);
}

/** One policy for scripts. */
export function policyJson({ name, sections, scopes, source, fidelity }: ExplainedPolicy): object {
  const notes = (fidelity?.notes ?? []).map(([text, evidence]) => ({ text, evidence }));
  return { name, sections, scopes, source, simulated: fidelity?.level ?? "no", notes };
}

function howItRuns(fidelity: Fidelity | undefined): string {
  return fidelity === undefined
    ? "is not run; it stops the request, or is passed over"
    : levels[fidelity.level];
}
