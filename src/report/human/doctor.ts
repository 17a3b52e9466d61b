import type { CheckName, DoctorFinding, DoctorReport, FindingStatus } from "../../core/doctor/finding.ts";
import { checkNames } from "../../core/doctor/finding.ts";
import { formatLocation } from "../../core/location.ts";
import { plural } from "../count.ts";
import { palette, type ReportStyle } from "../style.ts";
import { visible, visibleLine } from "../visible.ts";

const titles: Readonly<Record<CheckName, string>> = {
  "sign-in": "Sign-in",
  service: "Service",
  workspace: "Workspace",
  tier: "Tier",
  identity: "Identity",
  account: "Accounts",
  role: "Roles on the accounts",
  network: "Networks",
  deployments: "Deployments",
  "key-vault": "Named values from Key Vault",
  logger: "Loggers",
  metrics: "Metrics",
};

const symbols: Readonly<Record<FindingStatus, string>> = { ok: "✓", warning: "!", error: "✗", unknown: "?" };

/** The findings by check, each with its remedy, and how many there are of each sort. */
export function formatDoctor(
  report: DoctorReport,
  style: ReportStyle & { readonly local: string | undefined },
): string {
  const { bold } = palette(style);
  const blocks = checkNames.flatMap((check) => {
    const found = report.findings.filter((finding) => finding.check === check);
    if (found.length === 0) return [];
    return [[bold(titles[check]), ...found.map((finding) => formatFinding(finding, style))].join("\n")];
  });
  const { name, resourceGroup } = report.service;
  const where = style.local === undefined ? `resource group ${resourceGroup}` : `local APIM, ${style.local}`;
  return [bold(visibleLine(`${name} (${where})`)), ...blocks, formatSummary(report, style)].join("\n\n");
}

function formatFinding({ status, subject, message, remedy, at }: DoctorFinding, style: ReportStyle): string {
  const { dim } = palette(style);
  const place = at === undefined || status === "ok" ? "" : `  ${dim(visibleLine(formatLocation(at)))}`;
  const line = `  ${paint(status, style)(symbols[status])} ${visibleLine(subject)}: ${visible(message)}${place}`;
  return remedy === undefined || status === "ok" ? line : `${line}\n    fix: ${visible(remedy)}`;
}

function paint(status: FindingStatus, style: ReportStyle): (text: string) => string {
  const { green, yellow, red, cyan } = palette(style);
  return { ok: green, warning: yellow, error: red, unknown: cyan }[status];
}

function formatSummary({ summary }: DoctorReport, style: ReportStyle): string {
  const { bold, green } = palette(style);
  const { error, warning, unknown } = summary;
  if (error + warning + unknown === 0) return green("Nothing is amiss.");
  const counts = [
    ...(error === 0 ? [] : [plural(error, "error")]),
    ...(warning === 0 ? [] : [plural(warning, "warning")]),
    ...(unknown === 0 ? [] : [`${unknown} not checked`]),
  ];
  return bold(`${counts.join(", ")}.`);
}
