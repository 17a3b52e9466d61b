/** Traffic through the gateway in virtual time: who answered what. The same input gives the same result on every machine. */
import type { GatewayConfig, SubscriptionConfig } from "../gateway/config.ts";
import type { GatewayAnswer } from "../gateway/answer.ts";
import { defaultBreakerOptions } from "../gateway/breaker.ts";
import { Gateway } from "../gateway/engine.ts";
import type { GatewaySetup } from "../gateway/engine.ts";

import type { Attempt, OutgoingCall, TraceEntry } from "../gateway/exchange.ts";
import { createBody } from "../gateway/message.ts";
import { defaultOptions } from "../gateway/policy-definition.ts";
import { secretText } from "../model/secrets.ts";
import { parseDuration } from "../spec/duration.ts";
import { pointer } from "../spec/source.ts";
import { readWishes } from "./call-wishes.ts";
import { drive } from "./drive.ts";
import type { Transport } from "./drive.ts";
import type { MockAccount } from "./mock-account.ts";
import type { CallTokens } from "./mock-account.ts";
import { PassingBody } from "./passing-body.ts";
import { createRandom } from "./random.ts";
import { accountsByHost, makeAccounts, nobodyThere } from "./scenario-accounts.ts";
import { scenarioCall, scenarioSubscription } from "./scenario-call.ts";
import type { ScenarioCall } from "./scenario-call.ts";
import type { Scenario } from "./scenario.ts";
import { ScenarioFailure } from "./scenario-failure.ts";
import { Statistics } from "./statistics.ts";
import type { Caller } from "./statistics.ts";
import { streamed, withStream } from "./stream-outcome.ts";
import type { StreamOutcome } from "./stream-outcome.ts";
import { VirtualTime } from "./virtual-time.ts";

/** When simulations start: noon, so that times in texts read well. */
export const simulationStart = Date.UTC(2025, 0, 1, 12);

/** One request; times in milliseconds from the start. */
export type TimelineEntry = {
  readonly number: number;
  readonly at: number;
  readonly endedAt: number;
  /** Counts from 1. */
  readonly client: number;
  /** Whose answer it was; null for the gateway's own. */
  readonly backend: string | null;
  readonly region: string | null;
  readonly status: number;
  readonly attempts: readonly Attempt[];
  /** The answer's Retry-After. */
  readonly retryAfter: string | null;
  readonly instance: number;
  /** Why the gateway answered by itself, if it did on an error. */
  readonly error: string | null;
  /** When the first part of a stream reached the client; null for other answers, and for streams that broke off before. */
  readonly firstByteAt: number | null;
  /** Whether the answer was a stream that broke off. */
  readonly isCut: boolean;
};

/** A breaker that opened; times in milliseconds from the start. */
export type TripEntry = {
  readonly backend: string;
  readonly at: number;
  readonly until: number;
  readonly why: string;
};

export type Simulation = {
  readonly statistics: Statistics;
  /** In the order of the requests; those that are kept. */
  readonly timeline: readonly TimelineEntry[];
  /** The first of them; how many there were is in the statistics. */
  readonly trips: readonly TripEntry[];
  /** Virtual milliseconds that the run took. */
  readonly milliseconds: number;
  /** Of the request that is explained: what each policy did. */
  readonly explained: { readonly entry: TimelineEntry; readonly trace: readonly TraceEntry[] } | undefined;
  /** What could not be run and stopped requests, once each, with how many. */
  readonly refusals: ReadonlyMap<string, number>;
  readonly notes: readonly string[];
};

export type SimulationOptions = {
  /** How many requests are kept, the first ones; memory grows with them. */
  readonly keptRequests: number;
  /** The number of a request to trace, from 1. */
  readonly explain?: number;
  readonly skipsUnsupported?: boolean;
};

const mostTrips = 10_000;
/** Requests without time passing; then the scenario would never end. */
const mostAtOnce = 1_000_000;

/**
 * Runs the scenario. Throws ScenarioFailure when it names what the gateway does not have, or has no end.
 */
export function simulate(config: GatewayConfig, scenario: Scenario, options: SimulationOptions): Simulation {
  return new Run(config, scenario, options).run();
}

type Client = {
  readonly number: number;
  readonly until: number;
  readonly pause: number;
  /** Of the subscription that it calls with. */
  readonly key: string;
  readonly caller: Caller;
};

class Run {
  readonly #scenario: Scenario;
  readonly #options: SimulationOptions;
  readonly #time = new VirtualTime(simulationStart);
  readonly #gateway: Gateway;
  readonly #call: ScenarioCall;
  /** One for each entry of `clients`. */
  readonly #subscriptions: readonly SubscriptionConfig[];
  readonly #accounts: ReadonlyMap<string, MockAccount>;
  readonly #hosts: ReadonlyMap<string, MockAccount>;
  readonly #statistics: Statistics;
  readonly #timeline: TimelineEntry[] = [];
  readonly #trips: TripEntry[] = [];
  readonly #refusals = new Map<string, number>();
  readonly #latencies: readonly number[];
  readonly #mostRequests: number;
  readonly #end: number;
  readonly #notes: readonly string[];
  readonly #mask: (text: string) => string;
  #explained: Simulation["explained"];
  #started = 0;
  #lastStart = -1;
  #atOnce = 0;

  constructor(config: GatewayConfig, scenario: Scenario, options: SimulationOptions) {
    this.#scenario = scenario;
    this.#options = options;
    this.#notes = config.notes;
    this.#mask = maskOf(config.secrets);
    const random = createRandom(scenario.seed ?? 1);
    this.#call = scenarioCall(config, scenario.call);
    this.#subscriptions = clientSubscriptions(config, scenario);
    this.#gateway = new Gateway({
      config: { ...config, subscriptions: distinct(this.#subscriptions) },
      ports: { now: () => this.#time.now, random, guid: guids() },
      ...gatewaySetup(scenario, options.skipsUnsupported ?? false),
      onTrip: (backend, at, { until, why }) => {
        this.#statistics.trip(backend, until - at);
        if (this.#trips.length >= mostTrips) return;
        this.#trips.push({ backend, at: at - simulationStart, until: until - simulationStart, why });
      },
    });
    this.#accounts = makeAccounts(config, scenario, random, simulationStart);
    this.#hosts = accountsByHost(config, this.#accounts);
    const described = new Set(Object.keys(scenario.accounts ?? {}).map((id) => id.toLowerCase()));
    this.#statistics = new Statistics(
      [...this.#accounts].map(([id, { region }]) => ({
        backend: config.backends.get(id)?.id ?? id,
        region,
        isDescribed: described.has(id),
      })),
    );
    this.#latencies = (scenario.latencies ?? []).map((latency) => parseDuration(latency));
    this.#mostRequests = scenario.requests ?? Infinity;
    this.#end = scenario.duration === undefined ? Infinity : parseDuration(scenario.duration);
  }

  run(): Simulation {
    for (const { client, from } of this.#clients()) {
      this.#time.at(simulationStart + from, () => this.#begin(client));
    }
    while (this.#time.step());
    return {
      statistics: this.#statistics,
      timeline: this.#timeline,
      trips: this.#trips,
      milliseconds: this.#time.now - simulationStart,
      explained: this.#explained,
      refusals: this.#refusals,
      notes: this.#notes,
    };
  }

  #clients(): { readonly client: Client; readonly from: number }[] {
    const specs = this.#scenario.clients ?? [{}];
    const hasEnd = Number.isFinite(this.#mostRequests) || Number.isFinite(this.#end);
    if (!hasEnd && specs.some(({ until }) => until === undefined)) {
      const remedy = "give `requests` or `duration`, or every client an `until`";
      throw new ScenarioFailure("SCENARIO.NO_END", "the scenario has no end", "", remedy);
    }
    let number = 0;
    return specs.flatMap(({ count = 1, from = 0, until, pause = 0 }, index) =>
      Array.from({ length: count }, () => ({
        client: {
          number: ++number,
          until: until === undefined ? Infinity : parseDuration(until),
          pause: parseDuration(pause),
          key: this.#subscriptions[index]?.keys[0] ?? "",
          caller: callerOf(this.#subscriptions[index]),
        },
        from: parseDuration(from),
      })),
    );
  }

  /** A client's next call, if it still makes one. */
  #begin(client: Client): void {
    const at = this.#time.now - simulationStart;
    if (this.#started >= this.#mostRequests || at >= this.#end || at >= client.until) return;
    this.#guardAgainstStandstill(at);
    this.#started += 1;
    const number = this.#started;
    const isExplained = number === this.#options.explain;
    const isKept = number <= this.#options.keptRequests;
    const call = this.#gateway.call(
      {
        method: this.#call.method,
        url: this.#call.url,
        headers: this.#call.headers(client.key),
        body: this.#call.body === undefined ? null : createBody(this.#call.body),
        ipAddress: "127.0.0.1",
      },
      { traces: isExplained, explains: isExplained || isKept },
    );
    const planned = this.#latencies[number - 1];
    drive(call.steps, this.#time, this.#transport(at, planned), (error) => {
      if (error !== undefined) throw error.thrown;
      const now = this.#time.now;
      const answer = call.answer();
      const stream = answer.body instanceof PassingBody ? streamed(answer.body, now) : undefined;
      const planEnd = planned === undefined ? now : Math.max(now, simulationStart + at + planned);
      const end = stream === undefined ? planEnd : Math.max(planEnd, stream.endedAt);
      this.#time.at(end, () => this.#finish(client, number, at, answer, stream));
    });
  }

  #finish(
    client: Client,
    number: number,
    at: number,
    given: GatewayAnswer,
    stream: StreamOutcome | undefined,
  ): void {
    const endedAt = this.#time.now - simulationStart;
    const answer = stream === undefined ? given : withStream(given, stream);
    const { status, answeredBy, attempts, refusal } = answer;
    this.#statistics.request({
      elapsed: endedAt,
      duration: endedAt - at,
      status,
      answeredBy,
      wasForwarded: attempts.length > 0,
      caller: client.caller,
    });
    for (const attempt of attempts) this.#statistics.attempt(attempt);
    const last = attempts.at(-1);
    if (stream !== undefined && last !== undefined) this.#statistics.stream(last, stream);
    if (refusal !== undefined) this.#refuse(this.#mask(refusal));
    const isKept = number <= this.#options.keptRequests;
    if (isKept || number === this.#options.explain) {
      const entry = entryOf(client, number, at, endedAt, answer, stream, this.#mask);
      if (isKept) this.#timeline[number - 1] = entry;
      if (number === this.#options.explain) this.#explained = { entry, trace: this.#masked(answer.trace) };
    }
    this.#time.at(this.#time.now + client.pause, () => this.#begin(client));
  }

  #refuse(refusal: string): void {
    this.#refusals.set(refusal, (this.#refusals.get(refusal) ?? 0) + 1);
  }

  #masked(trace: readonly TraceEntry[]): TraceEntry[] {
    return trace.map((entry) => ({ ...entry, text: this.#mask(entry.text) }));
  }

  #transport(at: number, planned: number | undefined): Transport {
    return (call) => {
      const account = this.#accountOf(call);
      if (account === undefined) return nobodyThere(call);
      const now = this.#time.now;
      const left = planned === undefined ? undefined : Math.max(0, simulationStart + at + planned - now);
      return account.answer(call, this.#tokensOf(call), now, left);
    };
  }

  /** Tokens are as the scenario says; how the answer is to look stands in what is sent, which policies may have changed. */
  #tokensOf({ body }: OutgoingCall): CallTokens {
    const { tokens, body: own } = this.#call;
    return body?.bytes === own ? tokens : { ...tokens, wishes: readWishes(body) };
  }

  #accountOf({ backend, url }: OutgoingCall): MockAccount | undefined {
    return backend === undefined ? this.#hosts.get(url.host) : this.#accounts.get(backend.id.toLowerCase());
  }

  #guardAgainstStandstill(at: number): void {
    this.#atOnce = at === this.#lastStart ? this.#atOnce + 1 : 0;
    this.#lastStart = at;
    if (this.#atOnce < mostAtOnce || Number.isFinite(this.#mostRequests)) return;
    const message = "a million requests took no time: the scenario would never end";
    const remedy = "give clients a `pause` or accounts a `latency`, or say how many `requests`";
    throw new ScenarioFailure("SCENARIO.NO_END", message, "", remedy);
  }
}

/** What each entry of `clients` calls with: its own word first, then the call's. */
function clientSubscriptions(
  config: GatewayConfig,
  { call, clients = [{}] }: Scenario,
): SubscriptionConfig[] {
  return clients.map(({ product, subscription }, index) => {
    const isOwn = product !== undefined || subscription !== undefined;
    if (!isOwn) return scenarioSubscription(config, call);
    const { api } = call ?? {};
    return scenarioSubscription(config, { api, product, subscription }, pointer("clients", index));
  });
}

function callerOf(subscription: SubscriptionConfig | undefined): Caller {
  const scope = subscription?.scope;
  return {
    subscription: subscription?.id ?? "",
    product: scope?.kind === "product" ? scope.product : null,
  };
}

function distinct(subscriptions: readonly SubscriptionConfig[]): SubscriptionConfig[] {
  return [...new Map(subscriptions.map((each) => [each.keys[0], each])).values()];
}

/** What the scenario says about the gateway itself. */
export function gatewaySetup(
  { pool = {}, unknowns = {} }: Scenario,
  skipsUnsupported: boolean,
): Pick<GatewaySetup, "pool" | "instances" | "options"> {
  const { selection = "block", start = 0, instances = 1, pinMember } = pool;
  const breakers = {
    window: unknowns.breakerWindow ?? defaultBreakerOptions.window,
    countsUnanswered: unknowns.unansweredCalls === "counted",
  };
  const options = {
    skipsUnsupported,
    pinsMember: pinMember === "untilSetBackend",
    responseBeforeBackend: unknowns.responseBeforeBackend === "missing" ? ("null" as const) : ("ok" as const),
    responseAfterFailure:
      unknowns.responseAfterFailure === "missing" ? ("null" as const) : ("error" as const),
    tokenWindow: unknowns.tokenWindow ?? defaultOptions.tokenWindow,
    semanticScore: unknowns.semanticScore ?? defaultOptions.semanticScore,
  };
  return { pool: { selection, start, breakers }, instances, options };
}

function entryOf(
  client: Client,
  number: number,
  at: number,
  endedAt: number,
  { status, answeredBy, attempts, headers, instance, error }: GatewayAnswer,
  stream: StreamOutcome | undefined,
  mask: (text: string) => string,
): TimelineEntry {
  return {
    number,
    at,
    endedAt,
    client: client.number,
    backend: answeredBy,
    region: answeredBy === null ? null : (headers.get("x-ms-region")?.[0] ?? null),
    status,
    attempts: attempts.map((attempt) => ({
      ...attempt,
      at: attempt.at - simulationStart,
      endedAt: attempt.endedAt - simulationStart,
    })),
    retryAfter: headers.get("Retry-After")?.[0] ?? null,
    instance,
    error: error === null ? null : mask(error.message),
    firstByteAt: stream?.firstByteAt === undefined ? null : stream.firstByteAt - simulationStart,
    isCut: stream?.isCut === true,
  };
}

/** Puts a word in place of secrets, wherever a policy has carried them. */
export function maskOf(secrets: readonly string[]): (text: string) => string {
  return (text) => secrets.reduce((masked, secret) => masked.replaceAll(secret, secretText), text);
}

/** Ids that differ, and are the same in every run. */
export function guids(): () => string {
  let count = 0;
  return () => {
    count += 1;
    return `00000000-0000-4000-8000-${count.toString(16).padStart(12, "0")}`;
  };
}
