/** What a call may have come to on its way through the policies. */
import type { ScopeName } from "../gateway/exchange.ts";
import { statusesKey, variablesKey } from "./evaluate.ts";
import type { Statuses } from "./evaluate.ts";
import { unknownVariable } from "./known-context.ts";
import type { KnownVariables } from "./known-context.ts";

/** Where a call goes. */
export type Target =
  /** A backend or a pool. */
  | { readonly kind: "backend"; readonly id: string }
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "serviceUrl" }
  /** An expression decides: among these backends, if any are named in it. */
  | { readonly kind: "computed"; readonly expression: string; readonly candidates: readonly string[] };

/** Calls to one target, one after the other. */
export type Run = {
  readonly target: Target;
  /** What must hold to get here, beyond what held for the run before. */
  readonly when: readonly string[];
  /** The answers of the run before after which this one begins; undefined for the first. */
  readonly on: Statuses;
  /** How often it is called again at most. */
  readonly retries: number;
  readonly retryOn: readonly number[];
  /** Between two tries, `10s`. */
  readonly interval: string | undefined;
  readonly timeout: string | undefined;
};

/** An answer of the gateway's own. */
export type OwnAnswer = { readonly status: number | undefined; readonly reason: string };

export type RouteState = {
  readonly target: Target;
  readonly targetScope: ScopeName;
  readonly variables: KnownVariables;
  readonly statuses: Statuses;
  /** Conditions that are not known beforehand, by their texts: how they have come out on this way. */
  readonly assumed: ReadonlyMap<string, boolean>;
  /** What must have held before the first call, in order. */
  readonly when: readonly string[];
  /** What must have held since the last call. */
  readonly since: readonly string[];
  readonly runs: readonly Run[];
  /** Set when the gateway has answered: nothing runs any more. */
  readonly answer: OwnAnswer | undefined;
};

export const initialState: RouteState = {
  target: { kind: "serviceUrl" },
  targetScope: "global",
  variables: new Map(),
  statuses: undefined,
  assumed: new Map(),
  when: [],
  since: [],
  runs: [],
  answer: undefined,
};

/** More ways than this through one document are no longer told apart by their variables. */
const mostStates = 100;

type Conditions = Pick<RouteState, "when" | "since">;

/**
 * States that have come to the same become one. Conditions beyond those of `from` are what told them apart: they go when
 * together they always hold, or when what is left behind refusals is all that goes on; else they are joined by `or`.
 */
export function mergeStates(states: readonly RouteState[], from: Conditions): readonly RouteState[] {
  const merged = mergeEqual(states, from);
  return merged.length <= mostStates ? merged : mergeEqual(forgetVariables(merged), from);
}

/** The same at the end, where variables and the last status no longer count. */
export function mergeResults(states: readonly RouteState[]): readonly RouteState[] {
  const results = states.map((state): RouteState => ({
    ...state,
    variables: new Map(),
    statuses: undefined,
  }));
  return mergeEqual(results, initialState);
}

/** The state with one more condition that must have held. */
export function withCondition(state: RouteState, condition: string): RouteState {
  const { when, since, runs } = state;
  if (runs.length > 0) return { ...state, since: added(since, condition) };
  return { ...state, when: added(when, condition) };
}

/** Said once, where it is asked twice; `otherwise` is about another question each time. */
function added(conditions: readonly string[], condition: string): readonly string[] {
  const isSaid = condition !== otherwise && conditions.includes(condition);
  return isSaid ? conditions : [...conditions, condition];
}

function mergeEqual(states: readonly RouteState[], from: Conditions): readonly RouteState[] {
  const live = states.filter(({ answer }) => answer === undefined);
  return [...Map.groupBy(states, stateKey).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const merged = (name: keyof Conditions): readonly string[] => {
      const added = (state: RouteState) => allOf(state[name].slice(from[name].length));
      const own = new Set(group.map(added));
      const covers = (all: readonly RouteState[]) => all.every((state) => own.has(added(state)));
      const isWhatIsLeft = first.answer === undefined && own.size === 1 && own.has(otherwise) && covers(live);
      const isCertain = own.has("") || covers(states) || isWhatIsLeft;
      return [...first[name].slice(0, from[name].length), ...(isCertain ? [] : [[...own].join(" or ")])];
    };
    const assumed = commonEntries(group.map((state) => state.assumed));
    return [{ ...first, assumed, when: merged("when"), since: merged("since") }];
  });
}

function commonEntries(maps: readonly ReadonlyMap<string, boolean>[]): ReadonlyMap<string, boolean> {
  const [first = new Map<string, boolean>(), ...others] = maps;
  if (others.length === 0) return first;
  return new Map([...first].filter(([key, value]) => others.every((map) => map.get(key) === value)));
}

function allOf(conditions: readonly string[]): string {
  return conditions.join(" and ");
}

/** The condition of what is left when none of the others hold. */
export const otherwise = "otherwise";

function stateKey({ target, targetScope, variables, statuses, runs, answer }: RouteState): string {
  return JSON.stringify([
    [target, targetScope, answer],
    runs.map((run) => ({ ...run, on: statusesKey(run.on), retryOn: statusesKey(run.retryOn) })),
    variablesKey(variables),
    statusesKey(statuses),
  ]);
}

/** Variables that differ between the states are not known in any. */
function forgetVariables(states: readonly RouteState[]): readonly RouteState[] {
  const names = new Set(states.flatMap(({ variables }) => [...variables.keys()]));
  const differing = [...names].filter(
    (name) => new Set(states.map(({ variables }) => variables.get(name))).size > 1,
  );
  return states.map((state) => ({
    ...state,
    variables: new Map([...state.variables, ...differing.map((name) => [name, unknownVariable] as const)]),
  }));
}
