/** The operations of an API with what becomes of their calls, those that fare the same together. */
import type { ApiConfig, GatewayConfig, OperationConfig } from "../gateway/config.ts";
import { compareText } from "../problem.ts";
import type { CallerEntry } from "./caller-entries.ts";
import type { Guard, SideCall } from "./follow-policies.ts";
import { isDenied, operationFlow } from "./operation-flow.ts";
import type { ConditionalAnswer, OperationFlow, RouteStep } from "./operation-flow.ts";
import { conditions } from "./step-text.ts";

export type OperationGroup = {
  readonly operations: readonly OperationConfig[];
  readonly isDenied: boolean;
  readonly steps: readonly RouteStep[];
  readonly answers: readonly ConditionalAnswer[];
  readonly sideCalls: readonly SideCall[];
  /** Limits and checks that hold for these operations alone. */
  readonly guards: readonly string[];
};

export type ApiFlows = {
  readonly groups: readonly OperationGroup[];
  /** Limits and checks that hold for every open operation of the API. */
  readonly guards: readonly string[];
  /** Those that hold for the callers of one entry, by its name: in every API, and in this one. */
  readonly ofProduct: ReadonlyMap<string, readonly string[]>;
  readonly ofCaller: ReadonlyMap<string, readonly string[]>;
};

/** One operation as the callers of one entry meet it. */
type Passage = {
  readonly entry: CallerEntry;
  readonly operation: OperationConfig;
  readonly flow: OperationFlow;
};

/** `selected` are those of the API's operations that are wanted; what is said of the API holds for all. */
export function apiFlows(
  config: GatewayConfig,
  api: ApiConfig,
  entries: readonly CallerEntry[],
  selected: readonly OperationConfig[],
): ApiFlows {
  const passages = api.operations.flatMap((operation) =>
    entries.map((entry): Passage => ({
      entry,
      operation,
      flow: operationFlow(config, api, operation, entry.product),
    })),
  );
  const open = passages.filter(({ flow }) => !isDenied(flow));
  const common = open.length === 0 ? [] : commonGuards(open);
  const ofCaller = new Map(
    entries.map(({ name }) => {
      const own = open.filter(({ entry }) => entry.name === name);
      const guards = own.length === 0 ? [] : commonGuards(own).filter((text) => !common.includes(text));
      return [name, guards] as const;
    }),
  );
  const ofProduct = new Map(entries.map(({ name }) => [name, productGuards(open, name)] as const));
  const operations = selected.map((operation) => {
    const own = passages.filter((passage) => passage.operation === operation);
    return operationGroup(operation, own, (text, { name }) =>
      [...common, ...(ofCaller.get(name) ?? [])].includes(text),
    );
  });
  return { groups: sameTogether(operations), guards: common, ofProduct, ofCaller };
}

/**
 * Guards of all these passages. A counter of an operation's own document counts for itself, so that equal words in two
 * documents are not one limit; a check is the same wherever it stands.
 */
function commonGuards(passages: readonly Passage[]): readonly string[] {
  const liftable = passages.map(({ flow }) =>
    flow.guards
      .filter(({ scope }) => scope !== "product")
      .filter(({ scope, counts }) => scope !== "operation" || !counts)
      .map(guardText),
  );
  const [first = [], ...others] = liftable;
  return [...new Set(first)].filter((text) => others.every((texts) => texts.includes(text)));
}

function productGuards(passages: readonly Passage[], name: string): readonly string[] {
  const own = passages.filter(({ entry }) => entry.name === name);
  const guards = own.flatMap(({ flow }) => flow.guards.filter(({ scope }) => scope === "product"));
  return [...new Set(guards.map(guardText))];
}

function guardText({ text, when }: Guard): string {
  return when.length === 0 ? text : `${text} ${conditions(when)}`;
}

/** What becomes of an operation's calls, whoever makes them; where that differs, the entry is a condition. */
function operationGroup(
  operation: OperationConfig,
  passages: readonly Passage[],
  isLifted: (text: string, entry: CallerEntry) => boolean,
): OperationGroup {
  const denied = passages.every(({ flow }) => isDenied(flow));
  const routes = byEntry(passages, ({ steps, answers }) => ({ steps, answers }));
  const steps = routes.flatMap(([{ steps }, who]) =>
    steps.map((step) => ({ ...step, when: [...who, ...step.when] })),
  );
  const answers = routes.flatMap(([{ answers }, who]) =>
    answers.map((answer) => ({ ...answer, when: [...who, ...answer.when] })),
  );
  const sideCalls = new Map(
    passages.flatMap(({ flow }) => flow.sideCalls.map((side) => [JSON.stringify(side), side] as const)),
  );
  return {
    operations: [operation],
    isDenied: denied,
    steps,
    answers,
    sideCalls: denied ? [] : [...sideCalls.values()],
    guards: denied ? [] : ownGuards(passages, isLifted),
  };
}

/** Each guard that is not said elsewhere, with the entries that it holds for where that are not all. */
function ownGuards(
  passages: readonly Passage[],
  isLifted: (text: string, entry: CallerEntry) => boolean,
): readonly string[] {
  const open = passages.filter(({ flow }) => !isDenied(flow));
  const holders = new Map<string, string[]>();
  for (const { entry, flow } of open) {
    for (const guard of flow.guards) {
      const text = guardText(guard);
      if (guard.scope === "product" || isLifted(text, entry)) continue;
      const known = holders.get(text) ?? [];
      holders.set(text, known.includes(entry.title) ? known : [...known, entry.title]);
    }
  }
  return [...holders].map(([text, titles]) =>
    titles.length === open.length ? text : `${text} for ${titles.join(", ")}`,
  );
}

/** The different values, each with the condition which entries have it: none when all have the same. */
function byEntry<Value>(
  passages: readonly Passage[],
  valueOf: (flow: OperationFlow) => Value,
): readonly (readonly [Value, readonly string[]])[] {
  const values = Map.groupBy(passages, ({ flow }) => JSON.stringify(valueOf(flow)));
  return [...values.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const who = group.map(({ entry }) => entry.title).join(" or ");
    return [[valueOf(first.flow), values.size === 1 ? [] : [who]] as const];
  });
}

function sameTogether(groups: readonly OperationGroup[]): readonly OperationGroup[] {
  const keyOf = (group: OperationGroup) => JSON.stringify({ ...group, operations: [] });
  const merged = [...Map.groupBy(groups, keyOf).values()].flatMap((same) => {
    const [first] = same;
    return first === undefined
      ? []
      : [{ ...first, operations: same.flatMap(({ operations }) => operations) }];
  });
  return merged.sort(
    (a, b) =>
      Number(a.isDenied) - Number(b.isDenied) ||
      compareText(a.operations[0]?.id ?? "", b.operations[0]?.id ?? ""),
  );
}
