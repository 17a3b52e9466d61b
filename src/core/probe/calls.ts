/** What a probe sends and gets, in our words; whoever does the sending is behind this port. */

export type ProbeRequest = {
  readonly url: string;
  readonly method: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | undefined;
  /** From the sending of a call to the last byte of its answer. */
  readonly timeoutMilliseconds: number;
};

export type ProbeAnswer = {
  readonly kind: "answered";
  readonly status: number;
  /** The answer's `x-ms-region`. */
  readonly region: string | null;
  /** The answer's `Retry-After`, as it came. */
  readonly retryAfter: string | null;
};

/** No answer, or not all of it. */
export type ProbeFailure = { readonly kind: "failed"; readonly code: string; readonly why: string };

export type ProbeResult = (ProbeAnswer | ProbeFailure) & { readonly milliseconds: number };

export interface ProbeCaller {
  /** Sends the call once. Rejects with the signal's reason when it is aborted; whatever else goes wrong is a result. */
  call(signal: AbortSignal): Promise<ProbeResult>;
  close(): void;
}

/** A call that has ended; times in milliseconds from the start of the run. */
export type ProbeCall = {
  /** From 1, in the order in which calls began. */
  readonly number: number;
  readonly at: number;
  readonly result: ProbeResult;
};
