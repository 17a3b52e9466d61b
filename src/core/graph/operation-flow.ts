/** What becomes of an operation's calls: who gets them, in which order, or which answer the gateway gives by itself. */
import type { ApiConfig, GatewayConfig, OperationConfig, ProductConfig } from "../gateway/config.ts";
import { contextParts } from "../gateway/context-parts.ts";
import { broadScopes } from "../gateway/broad-scopes.ts";
import type { ScopeDocument } from "../gateway/prepare.ts";
import { Evaluator } from "./evaluate.ts";
import type { Statuses } from "./evaluate.ts";
import { followPolicies, union } from "./follow-policies.ts";
import type { Guard, SideCall } from "./follow-policies.ts";
import type { OwnAnswer, RouteState, Run, Target } from "./route-state.ts";

/** Calls to one target. Those of order 1 are made first, the others after what `on` says. */
export type RouteStep = {
  readonly order: number;
  readonly target: Target;
  /** Conditions that must hold; empty for none. */
  readonly when: readonly string[];
  /** Answers of the step before after which this one is made; undefined for the first. */
  readonly on: Statuses;
  readonly retries: number;
  readonly retryOn: readonly number[];
  readonly interval: string | undefined;
  readonly timeout: string | undefined;
};

export type ConditionalAnswer = OwnAnswer & { readonly when: readonly string[] };

export type OperationFlow = {
  readonly steps: readonly RouteStep[];
  /** Answers that the gateway gives before anybody is called. */
  readonly answers: readonly ConditionalAnswer[];
  readonly guards: readonly Guard[];
  readonly sideCalls: readonly SideCall[];
};

/** The flow of one operation for the callers of one product, or of none. */
export function operationFlow(
  config: GatewayConfig,
  api: ApiConfig,
  operation: OperationConfig,
  product: ProductConfig | undefined,
): OperationFlow {
  const { ways, guards, sideCalls } = followPolicies({
    scopes: scopesOf(config, api, operation, product),
    config,
    operation: { api, operation },
    evaluator: new Evaluator(contextParts(api, operation, product, config.workspace)),
  });
  return { steps: stepsOf(ways), answers: answersOf(ways), guards, sideCalls };
}

/** The documents that are effective, from broad to narrow. */
function scopesOf(
  config: GatewayConfig,
  api: ApiConfig,
  operation: OperationConfig,
  product: ProductConfig | undefined,
): readonly ScopeDocument[] {
  const at = (scope: ScopeDocument["scope"], path: string): readonly ScopeDocument[] => {
    const document = config.policies.get(path.toLowerCase());
    return document === undefined ? [] : [{ scope, document }];
  };
  return [
    ...broadScopes(config),
    ...(product === undefined ? [] : at("product", `products/${product.id}`)),
    ...at("api", `apis/${api.id}`),
    ...at("operation", `apis/${api.id}/operations/${operation.id}`),
  ];
}

/** Whether callers get nothing but refusals. */
export function isDenied({ steps, answers }: OperationFlow): boolean {
  return steps.length === 0 && answers.every(({ status }) => (status ?? 200) >= 400);
}

function stepsOf(ways: readonly RouteState[]): readonly RouteStep[] {
  const steps = new Map<string, RouteStep>();
  for (const way of ways) {
    for (const [index, run] of way.runs.entries()) {
      const step = stepOf(run, index + 1, [...way.when, ...run.when]);
      const key = JSON.stringify([step.order, step.target, step.when, step.timeout]);
      const known = steps.get(key);
      steps.set(key, known === undefined ? step : joined(known, step));
    }
  }
  return [...steps.values()].sort((a, b) => a.order - b.order);
}

function stepOf(run: Run, order: number, when: readonly string[]): RouteStep {
  const { target, on, retries, retryOn, interval, timeout } = run;
  return { order, target, when, on, retries, retryOn, interval, timeout };
}

/** A call that succeeds at once and one that is tried again are two ways through one step. */
function joined(a: RouteStep, b: RouteStep): RouteStep {
  return {
    ...a,
    on: a.on === undefined || b.on === undefined ? undefined : union(a.on, b.on),
    retries: Math.max(a.retries, b.retries),
    retryOn: union(a.retryOn, b.retryOn),
    interval: a.interval ?? b.interval,
  };
}

function answersOf(ways: readonly RouteState[]): readonly ConditionalAnswer[] {
  return ways.flatMap(({ runs, answer, when }) => {
    if (runs.length > 0) return [];
    return [{ ...(answer ?? { status: 200, reason: "no backend is called" }), when }];
  });
}
