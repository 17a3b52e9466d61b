/** Machine-readable output. Every document has `formatVersion: 1` and its keys in a fixed order. */
import type { DoctorReport } from "../core/doctor/finding.ts";
import { ServiceFailure, type Failure } from "../core/failure.ts";
import { isJsonObject, type Json, type JsonObject } from "../core/json.ts";
import type { Location } from "../core/location.ts";
import type { LintResult } from "../core/lint/lint-result.ts";
import type { DriftReport } from "../core/plan/drift.ts";
import type { ApplyEvent, Change, FleetSummary, Plan } from "../core/plan/plan.ts";
import { planRisks, type Risk } from "../core/plan/risks.ts";
import { serviceRef, type ServiceRef } from "../core/ports.ts";
import { compareProblems, type Problem } from "../core/problem.ts";
import { countProblems } from "./count.ts";

const formatVersion = 1;

export function formatLintJson(result: LintResult): string {
  const { error: errors, warning: warnings } = countProblems(result.problems);
  return pretty({
    formatVersion,
    problems: result.problems.toSorted(compareProblems).map(problemJson),
    summary: { files: result.files, errors, warnings },
  });
}

export function formatDoctorJson({ service, findings, summary }: DoctorReport): string {
  const { ok, warning, error, unknown } = summary;
  return pretty({
    formatVersion,
    service: serviceJson(service),
    findings: findings.map(({ check, subject, status, message, remedy, at }) => ({
      check,
      subject,
      status,
      message,
      remedy: remedy ?? null,
      file: at?.file ?? null,
      line: at?.line ?? null,
      column: at?.column ?? null,
    })),
    summary: { ok, warning, error, unknown },
  });
}

/** The plan as scripts read it, with the risks of each change. */
export function formatPlanJson(plan: Plan): string {
  return pretty(planJson(plan));
}

/** The plans of several environments, and what they come to. */
export function formatFleetPlanJson(
  plans: readonly { readonly environment: string; readonly plan: Plan }[],
): string {
  const sum = (action: keyof Plan["summary"]): number =>
    plans.reduce((total, { plan }) => total + plan.summary[action], 0);
  return pretty({
    formatVersion,
    plans: plans.map(({ environment, plan }) => ({ environment, ...planJson(plan) })),
    summary: { create: sum("create"), update: sum("update"), adopt: sum("adopt"), delete: sum("delete") },
  });
}

function planJson(plan: Plan): JsonObject {
  const risks = planRisks(plan);
  const { service, name, changes, unchanged, unmarked, summary, leftOut, notes, digest } = plan;
  return {
    formatVersion,
    service: serviceJson(service),
    name,
    changes: changes.map((change) => changeJson(change, risks.get(change) ?? [])),
    unchanged,
    unmarked,
    summary: {
      create: summary.create,
      update: summary.update,
      adopt: summary.adopt,
      delete: summary.delete,
    },
    leftOut: leftOut.map(({ action, kind, id, path }) => ({ action, kind, id, path })),
    notes: notes.map(({ kind, id, path, note }) => ({ kind, id, path, note })),
    digest,
  };
}

/** What others have changed on the service. */
export function formatDriftJson({ service, name, drift, missing }: DriftReport): string {
  return pretty({
    formatVersion,
    service: serviceJson(service),
    name,
    drift: drift.map(({ kind, id, path, by, diff, origin }) => ({
      kind,
      id,
      path,
      by,
      diff,
      origin: originJson(origin),
    })),
    missing: missing.map(({ kind, id, path, origin }) => ({ kind, id, path, origin: originJson(origin) })),
  });
}

/** `workspace` stands there where there is one. */
function serviceJson(service: ServiceRef): JsonObject {
  return { ...serviceRef(service) };
}

/** One line per event. */
export function formatApplyEventJson(event: ApplyEvent, environment?: string): string {
  const of = environment === undefined ? {} : { environment };
  if (event.event !== "step-failed") return JSON.stringify({ formatVersion, ...of, ...event });
  const { at, places, remedy, ...step } = event;
  const failed = {
    formatVersion,
    ...of,
    ...step,
    ...(at === undefined ? {} : { at: placeJson(at) }),
    ...(places === undefined
      ? {}
      : { places: places.map(({ message, at: place }) => ({ message, at: placeJson(place) })) }),
    ...(remedy === undefined ? {} : { remedy }),
  };
  return JSON.stringify(failed);
}

/** The last line of a run over several environments. */
export function formatFleetSummaryJson(summary: FleetSummary): string {
  return JSON.stringify(summary);
}

/** The files of `render`, when it writes none: path below the service and text. */
export function formatFilesJson(files: readonly { readonly path: string; readonly text: string }[]): string {
  return pretty({ formatVersion, files: files.map(({ path, text }) => ({ path, text })) });
}

/** Why the command could not do its job, on one line. */
export function formatFailureJson(failure: Failure): string {
  const { code, message, why, remedy, diff, problems } = failure;
  const service =
    failure instanceof ServiceFailure
      ? { status: failure.status ?? null, details: failure.details.map((detail) => ({ ...detail })) }
      : {};
  return JSON.stringify({
    formatVersion,
    error: {
      code,
      message,
      why: why ?? null,
      remedy: remedy ?? null,
      ...(diff === undefined ? {} : { diff }),
      problems: problems.map(problemJson),
      ...service,
    },
  });
}

/** A bug in apimgw, in the shape of a failure; its stack goes to stderr. */
export function formatBugJson(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return JSON.stringify({
    formatVersion,
    error: {
      code: "INTERNAL.BUG",
      message,
      why: "This is a bug in apimgw.",
      remedy: "Report it with the text on stderr.",
      problems: [],
    },
  });
}

function problemJson({ rule, severity, message, at, help }: Problem): JsonObject {
  return { rule, severity, message, ...rangeJson(at), help: help ?? null };
}

function placeJson(at: Location): JsonObject {
  return { ...rangeJson(at), ...(at.pointer === undefined ? {} : { pointer: at.pointer }) };
}

/** Without a known end the range is empty: it ends where it starts. */
function rangeJson({ file, line, column, endLine = line, endColumn = column }: Location): JsonObject {
  return { file, line, column, endLine, endColumn };
}

function changeJson(change: Change, risks: readonly Risk[]): JsonObject {
  const { action, kind, id, path, before, after, diff, edits, etag, drift, dependsOn, origin, notes } =
    change;
  return {
    action,
    kind,
    id,
    path,
    before: sortKeys(before),
    after: sortKeys(after),
    diff,
    edits: edits.map((edit) => ({
      path: edit.path,
      ...(edit.before === undefined ? {} : { before: sortKeys(edit.before) }),
      ...(edit.after === undefined ? {} : { after: sortKeys(edit.after) }),
      ...(edit.isSecret === undefined ? {} : { isSecret: edit.isSecret }),
    })),
    etag,
    drift,
    dependsOn: [...dependsOn],
    origin: originJson(origin),
    notes: [...notes],
    risks: risks.map(({ kind: risk, message }) => ({ kind: risk, message })),
  };
}

/** Places hold scalars only: sorting keeps every key there is. */
function originJson(origin: Location | null): Json {
  return sortKeys(origin === null ? null : { ...origin });
}

/** Equal values give equal text, whatever the order in which the service sent their keys. */
function sortKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => sortKeys(item));
  if (!isJsonObject(value)) return value;
  const sorted: Record<string, Json> = {};
  for (const key of Object.keys(value).sort()) {
    const member = value[key];
    if (member !== undefined) sorted[key] = sortKeys(member);
  }
  return sorted;
}

function pretty(value: Json): string {
  return JSON.stringify(value, null, 2);
}
