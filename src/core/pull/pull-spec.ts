/**
 * Live service → gateway.yaml and policy files. What the spec can say in words is recognised; everything that was written is
 * then read back, compiled and compared with the service, and what does not come out the same is taken as it is, or left out
 * and said to be. So that planning right after shows no change never depends on how well something was recognised.
 */
import type { LiveModel } from "../plan/live.ts";
import type { Change, PlanNote } from "../plan/plan.ts";
import { compareText } from "../problem.ts";
import { isSecretNamedValue } from "../model/kinds/named-value.ts";
import { namedValuesIn } from "../model/kind-definition.ts";
import { buildSpec } from "./build-spec.ts";
import type { SpecIdentity } from "./build-spec.ts";
import { Concessions } from "./concessions.ts";
import { findMisfits } from "./find-misfits.ts";
import type { PolicyFile } from "./policy-files.ts";
import { printSpec } from "./print-spec.ts";
import { selectEntries } from "./select.ts";
import type { Selection } from "./select.ts";

export type PullRequest = SpecIdentity & {
  /** Ids of the APIs to pull with what they use; absent: everything. */
  readonly apis?: readonly string[];
  /** Path keys of entries whose documents cannot be parsed. */
  readonly unreadable: ReadonlySet<string>;
};

export type PulledSpec = {
  /** Text of gateway.yaml. */
  readonly text: string;
  readonly files: readonly PolicyFile[];
  /** What was left out, and what the user may want to change. Sorted by path. */
  readonly notes: readonly PlanNote[];
  /** What planning shows nonetheless: deletes of what is this spec's and could not be written into it. */
  readonly remaining: readonly Change[];
};

/** Pure: the same service gives the same spec. */
export function pullSpec(live: LiveModel, request: PullRequest): PulledSpec {
  const selection = selectEntries(live, {
    owner: request.name,
    service: request.service,
    unreadable: request.unreadable,
    ...(request.apis === undefined ? {} : { apis: request.apis }),
  });
  const concessions = new Concessions();
  for (;;) {
    const { spec, files, comments } = buildSpec(request, live, selection, concessions);
    const text = printSpec(spec, { head: headLines(request), above: withHeadings(comments, request) });
    const { misfits, changes } = findMisfits(text, files, live);
    // Each round gives in somewhere, and there is only so much to give.
    const given = misfits.filter((misfit) => concessions.give(misfit));
    if (misfits.length > 0 && given.length === 0) {
      throw new Error(
        `pull cannot get past: ${misfits.map(({ path, why }) => `${path}: ${why}`).join("; ")}`,
      );
    }
    if (given.length === 0) {
      return { text, files, notes: notesOf(selection, concessions), remaining: changes };
    }
  }
}

function headLines({ service }: PullRequest): string[] {
  const workspace = service.workspace === undefined ? "" : `workspace ${service.workspace} of `;
  return [
    "yaml-language-server: $schema=./gateway.schema.json",
    "",
    `What ${workspace}API Management service ${service.name} held when this was written by \`apimgw pull\`.`,
    "`apimgw plan` compares this file with the service again, `apimgw apply` changes the service.",
  ];
}

/** What the parts of a spec are, for those who have not written it. */
const headings: Readonly<Record<string, string>> = {
  name: "Whose resources these are: what apply changes gets this mark, and only what has it is ever deleted.",
  namedValues: "Values that policies read as {{name}}. `secret: true` alone: the value stays on the service.",
  serviceDiagnostics: "For every API of the service that has none of its own.",
  policies: "The global document: what every call runs through.",
  existing: "On the service, and named here, without being this spec's: never written.",
};

/** The same where a workspace is what everything is in. */
const workspaceHeadings: Readonly<Record<string, string>> = {
  ...headings,
  serviceDiagnostics: "For every API of the workspace that has none of its own.",
  policies: "The document of the workspace: what every call of its APIs runs through, after the global one.",
  existing: "In the workspace, and named here, without being this spec's: never written.",
};

function withHeadings(
  comments: ReadonlyMap<string, readonly string[]>,
  { service }: PullRequest,
): ReadonlyMap<string, readonly string[]> {
  return new Map([
    ...Object.entries(service.workspace === undefined ? headings : workspaceHeadings).map(
      ([key, line]) => [`/${key}`, [line]] as const,
    ),
    ...comments,
  ]);
}

function notesOf(selection: Selection, concessions: Concessions): PlanNote[] {
  const below = selection.apis.flatMap(({ entry, policy, operations, diagnostics }) => [
    entry,
    ...(policy === undefined ? [] : [policy]),
    ...operations,
    ...diagnostics,
  ]);
  const given = concessions.notes([...selection.others, ...selection.documents, ...below]);
  const secrets = selection.others.flatMap(({ kind, id, path, properties }): PlanNote[] => {
    const isKept =
      kind === "namedValue" && isSecretNamedValue(properties) && properties.keyVault === undefined;
    const note = "its value is secret and stays on the service; give `value` to have apply write it";
    return isKept && !concessions.isLeftOut(path) ? [{ kind, id, path, note }] : [];
  });
  const loggers = selection.others.flatMap(({ kind, id, path, properties }): PlanNote[] => {
    const made =
      kind === "logger" ? namedValuesIn(properties).find((name) => name.startsWith("Logger-")) : undefined;
    const note = `its credentials are in the named value \`${made ?? ""}\`, which the service made`;
    return made === undefined || concessions.isLeftOut(path) ? [] : [{ kind, id, path, note }];
  });
  const all = [...selection.notes, ...given, ...secrets, ...loggers];
  return all.sort((a, b) => compareText(a.path, b.path) || compareText(a.note, b.note));
}
