/** What doctor has found. */
import type { Failure } from "../failure.ts";
import type { Location } from "../location.ts";
import type { ServiceRef } from "../ports.ts";

/** In the order in which they are shown. */
export const checkNames = [
  "sign-in",
  "service",
  "workspace",
  "tier",
  "identity",
  "account",
  "role",
  "network",
  "deployments",
  "key-vault",
  "logger",
  "metrics",
] as const;

export type CheckName = (typeof checkNames)[number];

/** `unknown`: it could not be checked. */
export const findingStatuses = ["ok", "warning", "error", "unknown"] as const;

export type FindingStatus = (typeof findingStatuses)[number];

export type DoctorFinding = {
  readonly check: CheckName;
  /** What was looked at: the name of the service, an account, a named value. */
  readonly subject: string;
  readonly status: FindingStatus;
  readonly message: string;
  /** The command or setting that puts it right. */
  readonly remedy?: string;
  /** The place in the spec that it is about. */
  readonly at?: Location;
};

export type DoctorReport = {
  readonly service: ServiceRef;
  readonly findings: readonly DoctorFinding[];
  readonly summary: Readonly<Record<FindingStatus, number>>;
};

/** Something that was read, or why it could not be. */
export type Seen<Value> = { readonly value: Value } | { readonly failure: Failure };

export function isSeen<Value>(seen: Seen<Value>): seen is { readonly value: Value } {
  return "value" in seen;
}

/** The value, or undefined where it could not be read. */
export function seenValue<Value>(seen: Seen<Value>): Value | undefined {
  return isSeen(seen) ? seen.value : undefined;
}

/** For what could not be read: why, and what helps. */
export function unchecked(
  check: CheckName,
  subject: string,
  what: string,
  { message, remedy }: Failure,
): DoctorFinding {
  const finding = {
    check,
    subject,
    status: "unknown",
    message: `${what} could not be checked: ${message}`,
  } as const;
  return remedy === undefined ? finding : { ...finding, remedy };
}

/** Findings in the order of the checks, and how many there are of each sort. */
export function doctorReport(service: ServiceRef, findings: readonly DoctorFinding[]): DoctorReport {
  const ordered = checkNames.flatMap((name) => findings.filter(({ check }) => check === name));
  const count = (status: FindingStatus): number => ordered.filter((each) => each.status === status).length;
  return {
    service,
    findings: ordered,
    summary: { ok: count("ok"), warning: count("warning"), error: count("error"), unknown: count("unknown") },
  };
}
