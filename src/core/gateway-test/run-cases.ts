/** Cases through the compiled gateway in virtual time, each on a gateway of its own. The same input gives the same results. */
import type { GatewayConfig, SubscriptionConfig } from "../gateway/config.ts";
import type { GatewayAnswer } from "../gateway/answer.ts";
import { Gateway } from "../gateway/engine.ts";
import type { Attempt, TraceEntry } from "../gateway/exchange.ts";
import { defaultOptions } from "../gateway/policy-definition.ts";
import type { Location } from "../location.ts";
import { nearestName } from "../nearest-name.ts";
import { compareProblems } from "../problem.ts";
import type { Problem } from "../problem.ts";
import { drive } from "../simulate/drive.ts";
import type { Thrown } from "../simulate/drive.ts";
import { PassingBody } from "../simulate/passing-body.ts";
import { createRandom } from "../simulate/random.ts";
import { ScenarioFailure } from "../simulate/scenario-failure.ts";
import { guids, maskOf, simulationStart } from "../simulate/simulation.ts";
import { streamed, withStream } from "../simulate/stream-outcome.ts";
import { VirtualTime } from "../simulate/virtual-time.ts";
import { didYouMean, listNames } from "../spec/suggestion.ts";
import { findMismatches, textOf } from "./mismatch.ts";
import type { Mismatch, Observed, SentCall } from "./mismatch.ts";
import type { TestCase, TestStep } from "./parse.ts";
import { TestAnswers } from "./test-answers.ts";
import { testRequest } from "./test-request.ts";
import type { TestRequest } from "./test-request.ts";

/** A request of a case; times in virtual milliseconds from the start of the case. */
export type RequestResult = {
  /** Counts from 1. */
  readonly step: number;
  /** Which of the step's, from 1. */
  readonly repetition: number;
  readonly at: number;
  readonly elapsed: number;
  /** Until the first part of a stream; undefined for other answers. */
  readonly firstByte: number | undefined;
  /** Whether the answer was a stream that broke off. */
  readonly isCut: boolean;
  readonly status: number;
  readonly attempts: readonly Attempt[];
  readonly mismatches: readonly (Mismatch & { readonly at: Location })[];
  readonly trace: readonly TraceEntry[];
};

export type CaseResult = {
  readonly test: TestCase;
  readonly passed: boolean;
  /** Up to the first that is not as expected: what comes after it would fail for the same reason. */
  readonly requests: readonly RequestResult[];
};

/** What is wrong with cases as far as it is known before they run: names that the gateway does not have. Sorted by place. */
export function checkCases(config: GatewayConfig, cases: readonly TestCase[]): Problem[] {
  return cases.flatMap((test) => checkCase(config, test)).sort(compareProblems);
}

/** Runs one case. It must have no problems. */
export function runCase(config: GatewayConfig, test: TestCase): CaseResult {
  const steps = test.steps.map((step) => ({ step, request: testRequest(config, step.request) }));
  const run = new CaseRun(config, test, subscriptionsOf(steps.map(({ request }) => request)));
  const requests: RequestResult[] = [];
  for (const [index, { step, request }] of steps.entries()) {
    run.pass(step.after);
    for (let repetition = 1; repetition <= step.times; repetition++) {
      const result = run.send(step, request, index + 1, repetition);
      requests.push(result);
      if (result.mismatches.length > 0) return { test, passed: false, requests };
    }
  }
  return { test, passed: true, requests };
}

function subscriptionsOf(requests: readonly TestRequest[]): SubscriptionConfig[] {
  return [...new Map(requests.map(({ subscription }) => [subscription.id, subscription])).values()];
}

class CaseRun {
  readonly #test: TestCase;
  readonly #time = new VirtualTime(simulationStart);
  readonly #gateway: Gateway;
  readonly #answers: TestAnswers;
  readonly #mask: (text: string) => string;

  constructor(config: GatewayConfig, test: TestCase, subscriptions: readonly SubscriptionConfig[]) {
    this.#test = test;
    this.#mask = maskOf(config.secrets);
    this.#answers = new TestAnswers(config, test.answers);
    this.#gateway = new Gateway({
      config: { ...config, subscriptions },
      ports: { now: () => this.#time.now, random: createRandom(1), guid: guids() },
      options: defaultOptions,
    });
  }

  /** Lets virtual time pass. */
  pass(milliseconds: number): void {
    const end = this.#time.now + milliseconds;
    this.#time.at(end, () => undefined);
    while (this.#time.now < end) this.#time.step();
  }

  send(step: TestStep, request: TestRequest, ordinal: number, repetition: number): RequestResult {
    const start = this.#time.now;
    const sent: SentCall[] = [];
    const call = this.#gateway.call(request.create(), { traces: true, explains: true });
    let end: { readonly error: Thrown | undefined } | undefined;
    drive(
      call.steps,
      this.#time,
      (outgoing) => {
        const { backend, method, url, headers, body } = outgoing;
        sent.push({ backend: backend?.id ?? null, method, url, headers: headers.copy(), body: textOf(body) });
        return this.#answers.next(outgoing, this.#time.now);
      },
      (error) => (end = { error }),
    );
    this.#untilEnd(() => end);
    const observed: Observed = { ...this.#untilWhole(call.answer(), start), sent };
    const { elapsed, firstByte, isCut } = observed;
    const { status, attempts, trace } = observed.answer;
    return {
      step: ordinal,
      repetition,
      at: start - simulationStart,
      elapsed,
      firstByte,
      isCut,
      status,
      attempts,
      mismatches: findMismatches(step.expect, observed).map((mismatch) => ({
        ...mismatch,
        expected: this.#mask(mismatch.expected),
        actual: this.#mask(mismatch.actual),
        at: this.#test.locate([...step.expectPath, ...mismatch.path]),
      })),
      trace: trace.map((entry) => ({ ...entry, text: this.#mask(entry.text) })),
    };
  }

  /** Lets the body of the answer pass, if it is a stream. */
  #untilWhole(answer: GatewayAnswer, start: number): Omit<Observed, "sent"> {
    const { now } = this.#time;
    if (!(answer.body instanceof PassingBody)) {
      return { answer, elapsed: now - start, firstByte: undefined, isCut: false };
    }
    const stream = streamed(answer.body, now);
    this.pass(stream.endedAt - now);
    const { firstByteAt, endedAt, isCut } = stream;
    return {
      answer: withStream(answer, stream),
      elapsed: endedAt - start,
      firstByte: firstByteAt === undefined ? undefined : firstByteAt - start,
      isCut,
    };
  }

  /** What goes on in the background stays for later. Throws what the steps threw: a bug. */
  #untilEnd(ended: () => { readonly error: Thrown | undefined } | undefined): void {
    for (;;) {
      const end = ended();
      if (end?.error !== undefined) throw end.error.thrown;
      if (end !== undefined) return;
      if (!this.#time.step()) throw new Error("a request came to no end");
    }
  }
}

function checkCase(config: GatewayConfig, test: TestCase): Problem[] {
  const singles = [...config.backends.values()].flatMap(({ kind, id }) => (kind === "single" ? [id] : []));
  const report = (id: string, at: Location): Problem[] => {
    if (singles.some((known) => known.toLowerCase() === id.toLowerCase())) return [];
    return [unknownBackend(id, singles, at)];
  };
  return [
    ...[...test.answers.keys()]
      .filter((key) => !key.includes("://"))
      .flatMap((key) => report(key, test.locateKey(test.answersPath(key)))),
    ...test.steps.flatMap(({ expect, expectPath }) =>
      (expect.backends ?? []).flatMap((id, index) =>
        report(id, test.locate([...expectPath, "backends", index])),
      ),
    ),
    ...test.steps.flatMap((step) => checkRequest(config, test, step)),
  ];
}

function unknownBackend(id: string, known: readonly string[], at: Location): Problem {
  const nearest = nearestName(id, known);
  return {
    rule: "unknown-backend",
    severity: "error",
    message: `the gateway has no single backend \`${id}\`${didYouMean(nearest)}`,
    at,
    help: listNames("backends", known),
  };
}

function checkRequest(config: GatewayConfig, test: TestCase, step: TestStep): Problem[] {
  try {
    testRequest(config, step.request);
    return [];
  } catch (error) {
    if (!(error instanceof ScenarioFailure)) throw error;
    const { message, remedy, pointer } = error;
    // The call of a scenario is the request of a case.
    const within = pointer.split("/").slice(2);
    const at = test.locate([...step.requestPath, ...within]);
    const help = remedy === undefined ? {} : { help: remedy };
    return [{ rule: "unknown-call", severity: "error", message, at, ...help }];
  }
}
