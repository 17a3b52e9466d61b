/**
 * Writes docs/gateway-policies.md, what the gateway runs and how faithfully: `tsx scripts/gateway-docs.ts`.
 */
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { policyRunners } from "../src/core/gateway/policies/index.ts";
import type { PolicyRunner } from "../src/core/gateway/policy-definition.ts";
import { allPolicies } from "../src/core/policy/catalogue/catalogue.ts";

export const gatewayPoliciesFile = join(resolve(import.meta.dirname, "../docs"), "gateway-policies.md");

/** The page as it is to be. */
export function gatewayPolicies(): string {
  const names = new Set(policyRunners.map(({ name }) => name));
  const others = allPolicies()
    .filter(({ name, sections }) => sections.length > 0 && !names.has(name))
    .map(({ name }) => `\`${name}\``)
    .sort();
  return [
    "# Policies that the gateway runs",
    "",
    "_full_: as documented. _partial_: some of it differs or is refused. _recorded_: written down with the request, sent nowhere. What",
    "the marks mean: [gateway.md](gateway.md).",
    "",
    ...policyRunners.flatMap(section),
    "## What it does not run",
    "",
    "These stop the request with a text that names them, or are passed over with `--skip-unsupported`:",
    "",
    `${others.join(", ")}.`,
    "",
  ].join("\n");
}

function section({ name, fidelity }: PolicyRunner): string[] {
  const notes = fidelity.notes.map(([text, evidence]) => `- ${text} (${evidence})`);
  return [`## ${name}`, "", `_${fidelity.level}_`, "", ...notes, ""];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  writeFileSync(gatewayPoliciesFile, gatewayPolicies());
}
