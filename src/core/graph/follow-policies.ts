/**
 * All ways that a call of one operation may take through its effective policy. What is known beforehand decides conditions as the
 * gateway would; what is not known makes two ways.
 */
import type { GatewayConfig } from "../gateway/config.ts";
import type { ScopeName } from "../gateway/exchange.ts";
import type { ScopeDocument } from "../gateway/prepare.ts";
import { expressionOf, startsAsExpression } from "../policy/expression/scan.ts";
import { attributeValue, childElement, childElements } from "../policy/tree.ts";
import type { PolicyElement } from "../policy/tree.ts";
import { shortDuration } from "../spec/duration.ts";
import type { SectionName } from "../spec/schema.ts";
import { conditionText } from "./condition-text.ts";
import { assume, forgetRequest, forgetVariable } from "./assumptions.ts";
import { anyStatus } from "./evaluate.ts";
import type { Evaluator, Outcome } from "./evaluate.ts";
import { guardTexts, sideCall } from "./guard-facts.ts";
import type { GuardedOperation, GuardText } from "./guard-facts.ts";
import { unknownVariable } from "./known-context.ts";
import { initialState, mergeResults, mergeStates, otherwise, withCondition } from "./route-state.ts";
import type { OwnAnswer, RouteState, Run, Target } from "./route-state.ts";

/** A limit or a check that calls come to. */
export type Guard = GuardText & {
  readonly scope: ScopeName;
  /** The conditions around it that are not known beforehand. */
  readonly when: readonly string[];
};

export type SideCall = { readonly backend: string; readonly purpose: string };

export type FollowedPolicies = {
  /** The ways, those that end with an answer of the gateway's own among them. */
  readonly ways: readonly RouteState[];
  readonly guards: readonly Guard[];
  readonly sideCalls: readonly SideCall[];
};

export type FollowRequest = {
  /** From broad to narrow. */
  readonly scopes: readonly ScopeDocument[];
  readonly config: GatewayConfig;
  readonly operation: GuardedOperation;
  readonly evaluator: Evaluator;
};

/** The states after the inbound and the backend section. The C# grammar must be loaded where there are expressions. */
export function followPolicies(request: FollowRequest): FollowedPolicies {
  return new Follower(request).follow();
}

type Place = {
  readonly section: SectionName;
  /** Index of the scope whose document it is in. */
  readonly index: number;
  /** Fragments around it. */
  readonly depth: number;
  /** Conditions around it that are not known beforehand. */
  readonly when: readonly string[];
  /** What the retry around it waits between tries. */
  readonly interval: string | undefined;
};

/** A fragment that includes itself would have no end. */
const deepestFragment = 10;
/** The most that `retry` takes (learn.microsoft.com/azure/api-management/retry-policy). */
const mostRetries = 50;

type States = readonly RouteState[];

class Follower {
  readonly #request: FollowRequest;
  readonly #guards = new Map<string, Guard>();
  readonly #sideCalls = new Map<string, SideCall>();

  constructor(request: FollowRequest) {
    this.#request = request;
  }

  follow(): FollowedPolicies {
    const inbound = this.#section("inbound", [initialState]);
    const ways = this.#section("backend", inbound);
    return {
      ways: mergeResults(ways),
      guards: [...this.#guards.values()],
      sideCalls: [...this.#sideCalls.values()],
    };
  }

  #section(section: SectionName, states: States): States {
    const index = this.#request.scopes.length - 1;
    return this.#scope({ section, index, depth: 0, when: [], interval: undefined }, states);
  }

  /** The section as it is at the scope of that index: a section that is absent is inherited. */
  #scope(place: Place, states: States): States {
    const scope = this.#request.scopes[place.index];
    if (scope === undefined) return states;
    const element = childElement(scope.document.root, place.section);
    return element === undefined
      ? this.#scope({ ...place, index: place.index - 1 }, states)
      : this.#children(element, place, states);
  }

  #children(parent: PolicyElement, place: Place, states: States): States {
    return childElements(parent).reduce((before, element) => {
      const live = before.filter(({ answer }) => answer === undefined);
      if (live.length === 0) return before;
      const ended = before.filter(({ answer }) => answer !== undefined);
      return [...ended, ...this.#element(element, place, live)];
    }, states);
  }

  #element(element: PolicyElement, place: Place, states: States): States {
    this.#note(element, place);
    switch (element.name) {
      case "base":
        return this.#scope({ ...place, index: place.index - 1 }, states);
      case "include-fragment":
        return this.#fragment(element, place, states);
      case "choose":
        return states.flatMap((state) => this.#choose(childElements(element), place, state));
      case "retry":
        return states.flatMap((state) => this.#retry(element, place, state));
      case "limit-concurrency":
      case "wait":
        return this.#children(element, place, states);
      case "set-variable":
        return states.map((state) => this.#setVariable(element, state));
      case "set-backend-service":
        return states.map((state) => this.#setBackend(element, this.#scopeName(place), state));
      case "invoke-dapr-binding":
        return states;
      case "forward-request":
        return states.map((state) => forward(element, place, state));
      case "return-response":
        return states.map((state) => ({ ...state, answer: this.#ownAnswer(element, state) }));
      case "mock-response":
        return states.map((state) => ({ ...state, answer: mockAnswer(element) }));
      default:
        return states.map((state) => forgetOutputs(element, state));
    }
  }

  #scopeName({ index }: Place): ScopeName {
    return this.#request.scopes[index]?.scope ?? "global";
  }

  #note(element: PolicyElement, place: Place): void {
    const scope = this.#scopeName(place);
    for (const { text, counts } of guardTexts(element, this.#request.operation)) {
      this.#guards.set(JSON.stringify([text, scope, place.when]), { text, counts, scope, when: place.when });
    }
    const side = sideCall(element);
    if (side !== undefined) this.#sideCalls.set(JSON.stringify(side), side);
  }

  #fragment(element: PolicyElement, place: Place, states: States): States {
    const id = attributeValue(element, "fragment-id") ?? "";
    const fragment = this.#request.config.fragments.get(id.toLowerCase());
    if (fragment === undefined || place.depth >= deepestFragment) return states;
    return this.#children(fragment.root, { ...place, depth: place.depth + 1 }, states);
  }

  #choose(branches: readonly PolicyElement[], place: Place, from: RouteState): States {
    const results: RouteState[] = [];
    let pending: States = [from];
    let isDoubtful = false;
    for (const branch of branches) {
      const condition = branch.name === "when" ? attributeValue(branch, "condition") : undefined;
      if (branch.name === "when" && condition === undefined) continue;
      const next: RouteState[] = [];
      const [certain, doubtful]: [RouteState[], RouteState[]] = [[], []];
      for (const state of pending) {
        for (const outcome of this.#outcomes(condition, state)) {
          const narrowed = { ...state, statuses: outcome.statuses };
          const assumed = (holds: boolean) =>
            outcome.value === undefined && condition !== undefined
              ? assume(narrowed, condition, holds)
              : narrowed;
          if (outcome.value === true)
            certain.push(isDoubtful ? withCondition(narrowed, otherwise) : narrowed);
          else next.push(assumed(false));
          if (outcome.value === undefined)
            doubtful.push(withCondition(assumed(true), conditionText(condition ?? "")));
        }
      }
      if (certain.length > 0) {
        const when = isDoubtful ? [...place.when, otherwise] : place.when;
        results.push(...this.#children(branch, { ...place, when }, certain));
      }
      if (doubtful.length > 0) {
        const when = [...place.when, conditionText(condition ?? "")];
        results.push(...this.#children(branch, { ...place, when }, doubtful));
      }
      isDoubtful ||= doubtful.length > 0;
      pending = next;
    }
    results.push(...pending.map((state) => (isDoubtful ? withCondition(state, otherwise) : state)));
    return mergeStates(results, from);
  }

  #outcomes(condition: string | undefined, { variables, statuses, assumed }: RouteState): readonly Outcome[] {
    const value = condition === undefined ? true : assumed.get(condition);
    if (condition === undefined || value !== undefined) return [{ value, statuses }];
    return this.#request.evaluator.condition(condition, variables, statuses);
  }

  #retry(element: PolicyElement, place: Place, from: RouteState): States {
    const condition = attributeValue(element, "condition") ?? "true";
    const most = this.#retries(attributeValue(element, "count") ?? "0", from);
    const inner = { ...place, interval: intervalOf(element) };
    const results: RouteState[] = [];
    let current: States = [from];
    for (let retry = 0; current.length > 0; retry += 1) {
      const after = this.#children(element, inner, current);
      results.push(...after.filter(({ answer }) => answer !== undefined));
      const live = after.filter(({ answer }) => answer === undefined);
      if (retry === most) {
        results.push(...live);
        break;
      }
      const again: RouteState[] = [];
      for (const state of live) {
        for (const { value, statuses } of this.#outcomes(condition, state)) {
          const narrowed = { ...state, statuses };
          if (value !== true) results.push(narrowed);
          if (value === true) again.push(narrowed);
          if (value === undefined) again.push(withCondition(narrowed, conditionText(condition)));
        }
      }
      // A condition that is not known stays, even where it is the only way on.
      current = again.length > 1 ? mergeStates(again, from) : again;
    }
    return results;
  }

  /** Where an expression gives a number that is not known, one retry stands for all. */
  #retries(text: string, { variables, statuses }: RouteState): number {
    const count = Number(this.#request.evaluator.plain(text, variables, statuses) ?? 1);
    return Number.isInteger(count) ? Math.min(mostRetries, Math.max(0, count)) : 1;
  }

  #setVariable(element: PolicyElement, state: RouteState): RouteState {
    const name = attributeValue(element, "name");
    const text = attributeValue(element, "value");
    if (name === undefined || text === undefined) return state;
    const value = this.#request.evaluator.plain(text, state.variables, state.statuses);
    const variables = new Map(state.variables).set(name, value === undefined ? unknownVariable : value);
    return { ...forgetVariable(state, name), variables };
  }

  /** A `base-url` does not override a `backend-id` that a broader scope has set. */
  #setBackend(element: PolicyElement, scope: ScopeName, state: RouteState): RouteState {
    const id = attributeValue(element, "backend-id");
    const url = attributeValue(element, "base-url");
    const text = id ?? url;
    if (text === undefined) return state;
    const { target, targetScope, variables, statuses } = state;
    if (id === undefined && target.kind === "backend" && targetScope !== scope) return state;
    const value = this.#request.evaluator.plain(text, variables, statuses);
    return { ...state, target: this.#target(text, value, id !== undefined), targetScope: scope };
  }

  #target(text: string, value: unknown, isBackend: boolean): Target {
    if (typeof value !== "string") {
      const { backends } = this.#request.config;
      const literals = expressionOf(text)?.code.match(/"[^"\\]*"/g) ?? [];
      const ids = literals.flatMap((literal) => backends.get(literal.slice(1, -1).toLowerCase())?.id ?? []);
      const candidates = isBackend ? [...new Set(ids)].sort() : [];
      return { kind: "computed", expression: conditionText(text), candidates };
    }
    if (!isBackend) return { kind: "url", url: value.replace(/\/+$/, "") };
    return { kind: "backend", id: this.#request.config.backends.get(value.toLowerCase())?.id ?? value };
  }

  #ownAnswer(element: PolicyElement, { variables, statuses }: RouteState): OwnAnswer {
    const stored = attributeValue(element, "response-variable-name") !== undefined;
    const status = childElement(element, "set-status");
    const code = status === undefined ? undefined : attributeValue(status, "code");
    if (code === undefined) return { status: stored ? undefined : 200, reason: "" };
    const value = Number(this.#request.evaluator.plain(code, variables, statuses) ?? Number.NaN);
    const reason = attributeValue(status ?? element, "reason") ?? "";
    return {
      status: Number.isInteger(value) ? value : undefined,
      reason: startsAsExpression(reason) ? "" : reason.trim(),
    };
  }
}

function mockAnswer(element: PolicyElement): OwnAnswer {
  const code = Number(attributeValue(element, "status-code") ?? "200");
  return { status: Number.isInteger(code) ? code : undefined, reason: "mock" };
}

/** What a policy leaves in variables is not known. */
function forgetOutputs(element: PolicyElement, state: RouteState): RouteState {
  const names = element.attributes.flatMap(({ name, value }) => (/variable-name$/.test(name) ? [value] : []));
  const variables = new Map(state.variables);
  for (const name of names) variables.set(name, unknownVariable);
  const asked = names.reduce(forgetVariable, forgetRequest(state, element.name));
  return { ...asked, variables };
}

/** `10s`; undefined for none, or for one that an expression gives. */
function intervalOf(element: PolicyElement): string | undefined {
  const seconds = Number(attributeValue(element, "interval") ?? "0");
  return Number.isFinite(seconds) && seconds > 0 ? shortDuration(seconds * 1000) : undefined;
}

function timeoutOf(element: PolicyElement): string | undefined {
  const milliseconds = attributeValue(element, "timeout-ms");
  const seconds = attributeValue(element, "timeout");
  if (milliseconds === undefined && seconds === undefined) return undefined;
  const value = milliseconds === undefined ? Number(seconds) * 1000 : Number(milliseconds);
  return Number.isFinite(value) ? shortDuration(value) : undefined;
}

function forward(element: PolicyElement, { interval }: Place, state: RouteState): RouteState {
  const { target, runs, since, statuses } = state;
  const timeout = timeoutOf(element);
  const last = runs.at(-1);
  const goesOn =
    last !== undefined &&
    since.length === 0 &&
    last.timeout === timeout &&
    JSON.stringify(last.target) === JSON.stringify(target);
  const run: Run = goesOn
    ? {
        ...last,
        retries: last.retries + 1,
        retryOn: union(last.retryOn, statuses ?? anyStatus),
        interval: interval ?? last.interval,
      }
    : {
        target,
        when: since,
        on: last === undefined ? undefined : (statuses ?? anyStatus),
        retries: 0,
        retryOn: [],
        interval: undefined,
        timeout,
      };
  return {
    ...state,
    runs: [...(goesOn ? runs.slice(0, -1) : runs), run],
    statuses: anyStatus,
    since: [],
  };
}

/** Rising, each once. */
export function union(a: readonly number[], b: readonly number[]): readonly number[] {
  return [...new Set([...a, ...b])].sort((x, y) => x - y);
}
