/** The last requests, and whoever watches them as they happen. */
import type { GatewayAnswer } from "../../core/gateway/answer.ts";
import type { Attempt, Recorded, TraceEntry } from "../../core/gateway/exchange.ts";

/** A request that has ended. */
export type RequestEntry = {
  /** Counts from 1. */
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly milliseconds: number;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Null when the client left before there was an answer. */
  readonly status: number | null;
  /** What became of the answer's body, where not all of it arrived. */
  readonly cut: "by the client" | "by the backend" | null;
  /** Whose answer it was; null for the gateway's own. */
  readonly backend: string | null;
  readonly region: string | null;
  /** Which gateway instance had it, from 1; null where there is only one. */
  readonly instance: number | null;
  readonly attempts: readonly Attempt[];
  readonly error: string | null;
  /** Why the request could not be run, where it could not. */
  readonly refusal: string | null;
  readonly recorded: readonly Recorded[];
  readonly trace: readonly TraceEntry[];
};

export type JournalListener = (entry: RequestEntry) => void;

const mostKept = 100;
/** Per request; policies in a retry can fill pages. */
const mostTraceLines = 500;

export class Journal {
  readonly #entries: RequestEntry[] = [];
  readonly #listeners = new Set<JournalListener>();
  #count = 0;

  /** Oldest first. */
  get entries(): readonly RequestEntry[] {
    return this.#entries;
  }

  nextNumber(): number {
    this.#count += 1;
    return this.#count;
  }

  add(entry: RequestEntry): void {
    this.#entries.push(entry);
    if (this.#entries.length > mostKept) this.#entries.shift();
    for (const listener of this.#listeners) listener(entry);
  }

  /** Returns the function that ends it. */
  watch(listener: JournalListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

/** What an answer says about its request. */
export function answerFacts(
  answer: GatewayAnswer,
): Pick<RequestEntry, "backend" | "region" | "attempts" | "error" | "refusal" | "recorded" | "trace"> {
  const { answeredBy, headers, attempts, error, refusal, recorded, trace } = answer;
  return {
    backend: answeredBy,
    region: answeredBy === null ? null : (headers.get("x-ms-region")?.[0] ?? null),
    attempts,
    error: error?.message ?? null,
    refusal: refusal ?? null,
    recorded,
    trace: trace.slice(0, mostTraceLines),
  };
}
