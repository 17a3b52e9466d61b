/** A mock Azure OpenAI account behind a backend: what it lets in, how long that takes, what it answers. */
import type { CallResult, OutgoingCall } from "../gateway/exchange.ts";
import { parseDuration } from "../spec/duration.ts";
import { failureAnswer, notFoundAnswer, successAnswer, throttledAnswer } from "./account-answers.ts";
import { readWishes } from "./call-wishes.ts";
import type { CallWishes } from "./call-wishes.ts";
import type { AnswerFacts, Tokens } from "./account-answers.ts";
import { AccountLimits } from "./account-limits.ts";
import type { Delivery } from "./drive.ts";
import { EventStreamBody } from "./streamed-answer.ts";
import type { AccountSpec, FailureSpec, LatencySpec } from "./scenario.ts";

const defaultLatency = 500;
const defaultRejectLatency = 50;

/** What the caller says about one call, since a simulation does not read bodies. */
export type CallTokens = Tokens & {
  readonly max: number | undefined;
  /** How the answer is to look; absent where nobody reads it. */
  readonly wishes?: CallWishes;
};

export class MockAccount {
  readonly region: string;
  readonly #spec: AccountSpec;
  readonly #random: () => number;
  /** When the account began: its failures count from here. */
  readonly #start: number;
  readonly #limits: AccountLimits;
  readonly #deployments: ReadonlyMap<string, AccountLimits>;
  /** In lower case; absent where nobody says what the account has. */
  readonly #has: ReadonlySet<string> | undefined;
  readonly #latency: () => number;
  readonly #rejectLatency: () => number;
  readonly #firstTokenLatency: () => number;
  #calls = 0;

  constructor(id: string, spec: AccountSpec, start: number, random: () => number) {
    this.region = spec.region ?? id;
    this.#spec = spec;
    this.#start = start;
    this.#random = random;
    this.#latency = latencyReader(spec.latency, defaultLatency, random);
    this.#rejectLatency = latencyReader(spec.rejectLatency, defaultRejectLatency, random);
    this.#firstTokenLatency = latencyReader(spec.firstTokenLatency, defaultLatency / 2, random);
    this.#limits = new AccountLimits(spec, spec.windows);
    const { deployments = {} } = spec;
    this.#has = Array.isArray(deployments)
      ? new Set(deployments.map((name) => name.toLowerCase()))
      : undefined;
    this.#deployments = new Map(
      Object.entries(Array.isArray(deployments) ? {} : deployments).map(([name, limits]) => [
        name,
        new AccountLimits(limits, spec.windows),
      ]),
    );
  }

  /** Takes a call; `latency` replaces the account's own time for an answer. A stream comes with its pace. */
  answer(call: OutgoingCall, tokens: CallTokens, now: number, latency?: number): Delivery {
    this.#calls += 1;
    const { contentSafety } = this.#spec;
    const facts: AnswerFacts = {
      region: this.region,
      ordinal: this.#calls,
      now,
      wishes: tokens.wishes,
      contentSafety,
    };
    const failure = this.#spec.failures?.find((each) => this.#fails(each, now));
    if (failure !== undefined && failure.afterTokens === undefined) return this.#fail(failure, facts);
    if (this.#lacks(call)) {
      return { result: notFoundAnswer(facts), milliseconds: this.#rejectLatency() };
    }
    const limits = this.#limitsFor(call);
    const admission = limits.admit(tokens.prompt + (tokens.max ?? tokens.completion), now);
    if (!admission.isAdmitted) {
      const seconds = this.#retryAfter(admission.milliseconds);
      const result = throttledAnswer(call, admission.limit, seconds, facts);
      return { result, milliseconds: this.#rejectLatency() };
    }
    const remaining = { tokens: admission.remainingTokens, requests: admission.remainingRequests };
    const result = successAnswer(call, tokens, facts, remaining);
    const isStream = result.body instanceof EventStreamBody;
    const times = this.#times(tokens.completion, isStream, latency);
    if (isStream) {
      const pace = { milliseconds: times.rest, cutAfterTokens: failure?.afterTokens };
      return { result, milliseconds: times.first, pace };
    }
    const milliseconds = times.first + times.rest;
    return { result: failure === undefined ? result : transportFailure, milliseconds };
  }

  /** Until the first token, and from there to the last one. `whole` is how long both take together, where that is given. */
  #times(completion: number, isStream: boolean, whole: number | undefined): AnswerTimes {
    const { firstTokenLatency, tokensPerSecond, latency } = this.#spec;
    const isPaced = tokensPerSecond !== undefined && whole === undefined;
    if (!isStream && !(isPaced && latency === undefined)) return { first: whole ?? this.#latency(), rest: 0 };
    const all = whole ?? this.#latency();
    const first = firstTokenLatency === undefined ? all / 2 : this.#firstTokenLatency();
    if (isPaced) return { first, rest: (1000 * completion) / tokensPerSecond };
    return { first: Math.min(first, all), rest: Math.max(0, all - first) };
  }

  #lacks(call: OutgoingCall): boolean {
    if (this.#has === undefined) return false;
    const name = calledDeployment(call);
    return name !== undefined && !this.#has.has(name.toLowerCase());
  }

  #limitsFor({ url }: OutgoingCall): AccountLimits {
    if (this.#deployments.size === 0) return this.#limits;
    const name = /\/deployments\/([^/]+)/.exec(url.path)?.[1];
    return (name === undefined ? undefined : this.#deployments.get(name)) ?? this.#limits;
  }

  /** Whole seconds up. */
  #retryAfter(milliseconds: number): number | undefined {
    const { retryAfter = "auto" } = this.#spec;
    if (retryAfter === "none") return undefined;
    return Math.ceil((retryAfter === "auto" ? milliseconds : parseDuration(retryAfter)) / 1000);
  }

  #fails({ from = 0, until, share = 1 }: FailureSpec, now: number): boolean {
    const elapsed = now - this.#start;
    const isDue = elapsed >= parseDuration(from) && (until === undefined || elapsed < parseDuration(until));
    return isDue && (share === 1 || this.#random() < share);
  }

  #fail({ status, error, retryAfter }: FailureSpec, facts: AnswerFacts): Delivery {
    if (status === undefined) {
      const isTimeout = error === "timeout";
      return { result: transportFailure, milliseconds: isTimeout ? Infinity : defaultRejectLatency };
    }
    return { result: failureAnswer(status, retryAfter, facts), milliseconds: this.#rejectLatency() };
  }
}

type AnswerTimes = { readonly first: number; readonly rest: number };

/** The deployment in the path, or the body's `model`. */
function calledDeployment({ url, body }: OutgoingCall): string | undefined {
  const inPath = /\/deployments\/([^/]+)/.exec(url.path)?.[1];
  if (inPath !== undefined) return decodeURIComponent(inPath);
  return readWishes(body).model;
}

const transportFailure: CallResult = {
  kind: "failed",
  reason: "BackendConnectionFailure",
  message: "The connection to the backend was closed.",
};

/** A fixed time, or one between two that chance picks. */
function latencyReader(spec: LatencySpec | undefined, fallback: number, random: () => number): () => number {
  if (spec === undefined) return () => fallback;
  if (typeof spec !== "object") {
    const fixed = parseDuration(spec);
    return () => fixed;
  }
  const min = parseDuration(spec.min);
  const spread = Math.max(0, parseDuration(spec.max) - min);
  return () => min + spread * random();
}
