/** The gateway: one request in, its answer out, through routing, the subscription check and the sections of its policy. */
import { answerOf, refusedAnswer, unroutedAnswer } from "./answer.ts";
import type { GatewayAnswer } from "./answer.ts";
import { answerUse } from "./answer-use.ts";
import type { ApiConfig, GatewayConfig } from "./config.ts";
import type { GatewayContext } from "./context.ts";
import { broadScopes } from "./broad-scopes.ts";
import { contextParts, subscriptionValue } from "./context-parts.ts";
import type { ContextParts } from "./context-parts.ts";
import { enterError, newResponse } from "./error-state.ts";
import type { AnswerUse, Exchange, Statement, Steps } from "./exchange.ts";
import { note, setUrl } from "./exchange.ts";
import { GatewayInstance } from "./instance.ts";
import type { OnTrip, PoolOptions } from "./instance.ts";
import type { GatewayUrl, HeaderMap, MessageBody } from "./message.ts";
import { parseUrl } from "./message.ts";
import { defaultOptions } from "./policy-definition.ts";
import type { GatewayOptions } from "./policy-definition.ts";
import { NotSupported, PolicyError } from "./policy-error.ts";
import { preparePolicy } from "./prepare.ts";
import type { EffectivePolicy, ScopeDocument } from "./prepare.ts";
import { queryValue } from "./query.ts";
import { SemanticCache } from "./semantic-cache.ts";
import { operationNotFound, Router } from "./routing.ts";
import type { Caller, Route } from "./routing.ts";
import { runStatements } from "./run-statements.ts";

export type IncomingRequest = {
  readonly method: string;
  readonly url: GatewayUrl;
  readonly headers: HeaderMap;
  readonly body: MessageBody | null;
  readonly ipAddress: string;
};

/** What is kept of a request beside its answer. */
export type Watch = {
  /** Keeps a line for every policy that ran. */
  readonly traces: boolean;
  /** Says why each backend was chosen. */
  readonly explains: boolean;
};

/** Where time and chance come from. */
export type GatewayPorts = {
  /** Milliseconds since 1970, UTC. */
  readonly now: () => number;
  readonly random: () => number;
  readonly guid: () => string;
};

export type GatewaySetup = {
  readonly config: GatewayConfig;
  readonly ports: GatewayPorts;
  readonly pool?: PoolOptions;
  /** How many gateway instances share the requests, one after the other. */
  readonly instances?: number;
  readonly options?: GatewayOptions;
  readonly onTrip?: OnTrip;
};

/** A request under way: drive the steps to their end, then there is an answer. */
export type GatewayCall = { readonly steps: Steps; readonly answer: () => GatewayAnswer };

type Plan = {
  readonly policy: EffectivePolicy;
  readonly parts: ContextParts;
  readonly base: GatewayUrl | undefined;
  readonly answerUse: AnswerUse;
};

export class Gateway {
  readonly #config: GatewayConfig;
  readonly #ports: GatewayPorts;
  readonly #options: GatewayOptions;
  readonly #router: Router;
  readonly #instances: readonly GatewayInstance[];
  readonly #plans = new Map<string, Plan>();
  #nextInstance = 0;

  constructor({ config, ports, pool, instances = 1, options = defaultOptions, onTrip }: GatewaySetup) {
    this.#config = config;
    this.#ports = ports;
    this.#options = options;
    this.#router = new Router(config);
    const poolOptions = pool ?? { selection: "block", start: 0 };
    const semanticCache = new SemanticCache();
    this.#instances = Array.from(
      { length: instances },
      (_, index) =>
        new GatewayInstance(index + 1, config.backends, poolOptions, ports.random, onTrip, semanticCache),
    );
  }

  get instances(): readonly GatewayInstance[] {
    return this.#instances;
  }

  /** Takes a request. Nothing happens before the steps are driven. */
  call(request: IncomingRequest, watch: Watch): GatewayCall {
    const instance = this.#instances[this.#nextInstance];
    if (instance === undefined) throw new RangeError("a gateway has at least one instance");
    this.#nextInstance = (this.#nextInstance + 1) % this.#instances.length;
    let answer: GatewayAnswer | undefined;
    const steps = this.#run(request, watch, instance, (given) => (answer = given));
    return {
      steps,
      answer: () => {
        if (answer === undefined) throw new Error("the steps of the call were not driven to their end");
        return answer;
      },
    };
  }

  *#run(
    request: IncomingRequest,
    watch: Watch,
    instance: GatewayInstance,
    done: (answer: GatewayAnswer) => void,
  ): Steps {
    let exchange: Exchange | undefined;
    try {
      const route = this.#router.route(request);
      const admission = route.isPreflight ? nobody : this.#admit(route.api, request);
      const caller = admission instanceof PolicyError ? nobody : admission;
      const plan = this.#plan(route, caller);
      exchange = this.#exchange(request, route, caller, plan, instance, watch);
      if (admission instanceof PolicyError) yield* failed(exchange, plan.policy, admission);
      else if (route.isPreflight) yield* preflight(exchange, plan.policy);
      else yield* sections(exchange, plan.policy);
      done(answerOf(exchange));
    } catch (error) {
      if (error instanceof NotSupported) done(refusedAnswer(error, instance, exchange));
      else if (error instanceof PolicyError) done(unroutedAnswer(error, instance, this.#ports.guid()));
      else throw error;
    } finally {
      if (exchange !== undefined) atEnd(exchange);
    }
  }

  #admit(api: ApiConfig, request: IncomingRequest): Caller | PolicyError {
    try {
      return this.#router.admit(api, request);
    } catch (error) {
      if (error instanceof PolicyError) return error;
      throw error;
    }
  }

  /** The effective policy of an operation for a product, made with the first request that needs it. */
  #plan(route: Route, caller: Caller): Plan {
    const { api, matched } = route;
    const { operation } = matched.template;
    const product = caller.product?.id ?? "";
    const key = `${api.id}/${operation.id}/${product}`;
    const known = this.#plans.get(key);
    if (known !== undefined) return known;
    const path = `apis/${api.id}`.toLowerCase();
    const scopes: ScopeDocument[] = [
      ...broadScopes(this.#config),
      ...this.#document("product", product === "" ? undefined : `products/${product.toLowerCase()}`),
      ...this.#document("api", path),
      ...this.#document("operation", `${path}/operations/${operation.id.toLowerCase()}`),
    ];
    const base = api.serviceUrl === undefined ? undefined : parseUrl(api.serviceUrl);
    const plan = {
      policy: preparePolicy(scopes, this.#config, this.#options),
      parts: contextParts(api, operation, caller.product, this.#config.workspace),
      base,
      answerUse: answerUse(
        scopes.map(({ document }) => document),
        this.#config.fragments,
      ),
    };
    this.#plans.set(key, plan);
    return plan;
  }

  #document(scope: ScopeDocument["scope"], path: string | undefined): ScopeDocument[] {
    const document = path === undefined ? undefined : this.#config.policies.get(path);
    return document === undefined ? [] : [{ scope, document }];
  }

  #exchange(
    request: IncomingRequest,
    route: Route,
    caller: Caller,
    plan: Plan,
    instance: GatewayInstance,
    watch: Watch,
  ): Exchange {
    const { template } = route.matched;
    const context: GatewayContext = {
      kind: "IContext",
      sources: this.#ports,
      request: {
        kind: "IRequest",
        method: request.method,
        url: request.url,
        originalUrl: request.url,
        headers: request.headers,
        body: request.body,
        ipAddress: request.ipAddress,
        matchedParameters: matchedParameters(route.matched, request.url.queryString),
        certificate: null,
      },
      response: this.#options.responseBeforeBackend === "null" ? null : newResponse(200),
      variables: new Map(),
      ...plan.parts,
      subscription: subscriptionValue(caller.subscription, caller.key),
      user: null,
      lastError: null,
      requestId: this.#ports.guid(),
      timestamp: this.#ports.now(),
      isTracing: watch.traces,
      traces: [],
    };
    const exchange: Exchange = {
      context,
      instance,
      now: this.#ports.now,
      options: this.#options,
      template,
      answerUse: plan.answerUse,
      choice: undefined,
      base: plan.base,
      remainder: route.remainder,
      pinned: undefined,
      isEnded: false,
      at: undefined,
      isBodyKept: false,
      isBodySpent: false,
      attempts: [],
      answeredBy: null,
      recorded: [],
      afterBackend: [],
      answerChecks: [],
      atEnd: [],
      trace: watch.traces ? [] : undefined,
      explainsChoices: watch.explains,
    };
    setUrl(exchange, plan.base);
    return exchange;
  }
}

const nobody: Caller = { subscription: undefined, product: undefined, key: undefined };

function* sections(exchange: Exchange, policy: EffectivePolicy): Steps {
  try {
    yield* section(exchange, policy.inbound);
    yield* section(exchange, policy.backend);
    afterBackend(exchange);
    if (!exchange.isEnded) for (const check of exchange.answerChecks) yield* check();
    yield* section(exchange, policy.outbound);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    yield* failed(exchange, policy, error);
  }
}

/** A request that asks for CORS: it needs no key, and only a `cors` policy can answer it [documented]. Throws PolicyError 404. */
function* preflight(exchange: Exchange, policy: EffectivePolicy): Steps {
  yield* section(exchange, policy.inbound);
  if (!exchange.isEnded) throw operationNotFound();
}

function* section(exchange: Exchange, statements: readonly Statement[]): Steps {
  const steps = runStatements(statements, exchange);
  if (steps !== undefined) yield* steps;
}

/** Once: an error in the outbound section comes too late for it. */
function afterBackend({ afterBackend: acts }: Exchange): void {
  for (const act of acts.splice(0)) act();
}

/** The answer stands: what fails now is only noted. */
function atEnd(exchange: Exchange): void {
  for (const act of exchange.atEnd) {
    try {
      act();
    } catch (error) {
      if (!(error instanceof PolicyError || error instanceof NotSupported)) throw error;
      note(exchange, () => error.message);
    }
  }
}

/** Runs on-error, with the default error answer in place. An error in there ends with a plain 500 [inferred]. */
function* failed(exchange: Exchange, policy: EffectivePolicy, error: PolicyError): Steps {
  enterError(exchange, error);
  note(exchange, () => `error: ${error.message}`);
  exchange.isEnded = false;
  try {
    afterBackend(exchange);
    yield* section(exchange, policy["on-error"]);
  } catch (second) {
    if (!(second instanceof PolicyError)) throw second;
    enterError(exchange, new PolicyError(500, second.message, { answer: "Internal server error" }));
  }
}

function matchedParameters({ template, values }: Route["matched"], query: string): Map<string, string> {
  const matched = new Map(template.pathParameters.map((name, index) => [name, values[index] ?? ""]));
  for (const [name, parameter] of template.queryParameters) {
    const value = queryValue(query, name);
    if (value !== undefined) matched.set(parameter, value);
  }
  return matched;
}
