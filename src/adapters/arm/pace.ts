/**
 * How fast requests go out. Azure Resource Manager keeps buckets of tokens per subscription, sign-in and region: 250 reads, refilled
 * with 25 a second; 200 writes and 200 deletes, each refilled with 10 a second
 * (learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling). Its answers say how much is left
 * (`x-ms-ratelimit-remaining-subscription-reads`). While they do, no request is sent that would find the bucket empty; when a 429
 * comes all the same, everything of its kind waits, and then begins anew at a lower rate that grows with each answer.
 *
 * Without such headers and without a 429 nothing is held back.
 */
import type { Clock } from "../../core/ports.ts";
import { type ArmAnswer, type ArmRequest, type Exchange, retryAfterMilliseconds } from "./exchange.ts";

/** The kinds of request that are counted apart, as the headers name them. */
type Kind = "reads" | "writes" | "deletes";

const kindOf = {
  GET: "reads",
  PUT: "writes",
  PATCH: "writes",
  POST: "writes",
  DELETE: "deletes",
} as const;
const refillPerSecond: Readonly<Record<Kind, number>> = { reads: 25, writes: 10, deletes: 10 };
const scopes = ["subscription", "subscription-global", "service"];
/** Left for others who use the same sign-in, and for what we know too late. */
const margin = 5;
/** A 429 that does not say for how long. */
const usualPause = 1000;
/** A pause that is longer is the affair of the request that was refused: it gives up. */
const longestPause = 300_000;

export type Pace = {
  /** Sends when its turn has come. Throws the signal's reason when that comes first. */
  paced(request: ArmRequest, send: () => Promise<Exchange>, signal?: AbortSignal): Promise<Exchange>;
};

/** One pace for all requests to one service. */
export function createPace(clock: Clock): Pace {
  const lanes = {
    reads: new Lane("reads", clock),
    writes: new Lane("writes", clock),
    deletes: new Lane("deletes", clock),
  };
  return { paced: (request, send, signal) => lanes[kindOf[request.method]].run(send, signal) };
}

class Lane {
  readonly #kind: Kind;
  readonly #clock: Clock;
  /** Tokens that nobody has spoken for; below zero, how many are owed; unknown as long as nothing limits us. */
  #free = Infinity;
  /** Tokens a second, as far as we trust. */
  #rate: number;
  /** Up to when tokens have been added; in the future during a pause. */
  #filled = 0;
  #pauses = 0;
  #waiting = 0;
  #inFlight = 0;

  constructor(kind: Kind, clock: Clock) {
    this.#kind = kind;
    this.#clock = clock;
    this.#rate = refillPerSecond[kind];
  }

  async run(send: () => Promise<Exchange>, signal: AbortSignal | undefined): Promise<Exchange> {
    await this.#turn(signal);
    this.#inFlight += 1;
    const exchange = await send().finally(() => {
      this.#inFlight -= 1;
    });
    if (exchange.status === 429) this.#pause(exchange);
    else if (exchange.status !== undefined) this.#learn(exchange);
    return exchange;
  }

  /** Waits in the order of calls. After a pause that came meanwhile, everyone who waited takes a new place. */
  async #turn(signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      const seen = this.#pauses;
      const wait = this.#takePlace();
      if (wait <= 0) return;
      this.#waiting += 1;
      await this.#clock.sleep(wait, signal).finally(() => {
        this.#waiting -= 1;
      });
      if (seen === this.#pauses) return;
    }
  }

  /** Milliseconds until the token that this takes is there. */
  #takePlace(): number {
    const now = this.#refill();
    this.#free -= 1;
    const owed = Math.max(0, -this.#free);
    return Math.ceil(Math.max(0, this.#filled - now) + (owed / this.#rate) * 1000);
  }

  #refill(): number {
    const now = this.#clock.now().getTime();
    if (now <= this.#filled) return now;
    // More than a second's worth is not saved up: what the bucket really holds, the headers say.
    const most = Math.max(this.#free, this.#rate);
    this.#free = Math.min(most, this.#free + ((now - this.#filled) / 1000) * this.#rate);
    this.#filled = now;
    return now;
  }

  #pause(answer: ArmAnswer): void {
    const now = this.#clock.now();
    const until = now.getTime() + (retryAfterMilliseconds(answer, now) ?? usualPause);
    if (until - now.getTime() > longestPause || until <= this.#filled) return;
    // Requests that were refused together slow us down once.
    const isNews = this.#filled <= now.getTime();
    if (isNews) this.#rate = Math.max(this.#rate / 2, refillPerSecond[this.#kind] / 8);
    this.#free = 1;
    this.#filled = until;
    this.#pauses += 1;
  }

  #learn(answer: ArmAnswer): void {
    if (this.#refill() < this.#filled) return;
    const full = refillPerSecond[this.#kind];
    this.#rate = Math.min(full, this.#rate * 1.05);
    const left = remaining(answer, this.#kind);
    if (left !== undefined) this.#free = left - margin - this.#inFlight - this.#waiting;
    else if (this.#rate === full) this.#free = Infinity;
  }
}

function remaining(answer: ArmAnswer, kind: Kind): number | undefined {
  const given = scopes.flatMap((scope) => {
    const text = answer.header(`x-ms-ratelimit-remaining-${scope}-${kind}`)?.trim() ?? "";
    return /^\d+$/.test(text) ? [Number(text)] : [];
  });
  return given.length === 0 ? undefined : Math.min(...given);
}
