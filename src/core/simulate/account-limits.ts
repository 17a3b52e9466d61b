/** What a mock Azure OpenAI account lets in: tokens per minute and calls per window, sliding [observed for calls] or not. */
import { createWindow } from "../gateway/counters.ts";
import type { CountingWindow, WindowKind } from "../gateway/counters.ts";
import { parseDuration } from "../spec/duration.ts";
import type { LimitSpec } from "./scenario.ts";

export type Admission =
  | {
      readonly isAdmitted: true;
      /** What is left after this call; undefined where there is no limit. */
      readonly remainingTokens: number | undefined;
      readonly remainingRequests: number | undefined;
    }
  | {
      readonly isAdmitted: false;
      readonly limit: "token" | "call";
      /** Until the limit lets this call in. */
      readonly milliseconds: number;
    };

const minute = 60_000;

/** Counts what is let in; what is refused does not count [inferred]. */
export class AccountLimits {
  readonly #tokensPerMinute: number | undefined;
  readonly #requestCount: number | undefined;
  readonly #tokensPerCall: number | undefined;
  readonly #tokens: CountingWindow;
  readonly #requests: CountingWindow;

  constructor({ tokensPerMinute, tokensPerCall, requestLimit }: LimitSpec, window: WindowKind = "sliding") {
    this.#tokens = createWindow(window, minute);
    this.#tokensPerMinute = tokensPerMinute;
    this.#tokensPerCall = tokensPerCall;
    this.#requestCount = requestLimit?.count;
    this.#requests = createWindow(window, parseDuration(requestLimit?.window ?? 0));
  }

  /** Takes a call with the tokens that are estimated for it, at its arrival. */
  admit(estimate: number, now: number): Admission {
    const tokens = this.#tokensPerCall ?? estimate;
    const waitForCall = this.#waitForCall(now);
    const waitForTokens = this.#waitForTokens(tokens, now);
    if (waitForCall > 0 || waitForTokens > 0) {
      const limit = waitForCall >= waitForTokens ? "call" : "token";
      return { isAdmitted: false, limit, milliseconds: Math.max(waitForCall, waitForTokens) };
    }
    return { isAdmitted: true, ...this.#count(tokens, now) };
  }

  #waitForCall(now: number): number {
    return this.#requestCount === undefined ? 0 : this.#requests.waitUntilAtMost(this.#requestCount - 1, now);
  }

  #waitForTokens(tokens: number, now: number): number {
    if (this.#tokensPerMinute === undefined) return 0;
    if (tokens > this.#tokensPerMinute) return minute;
    return this.#tokens.waitUntilAtMost(this.#tokensPerMinute - tokens, now);
  }

  #count(
    tokens: number,
    now: number,
  ): { readonly remainingTokens: number | undefined; readonly remainingRequests: number | undefined } {
    let remainingTokens: number | undefined;
    let remainingRequests: number | undefined;
    if (this.#tokensPerMinute !== undefined) {
      this.#tokens.add(now, tokens);
      remainingTokens = this.#tokensPerMinute - this.#tokens.total(now);
    }
    if (this.#requestCount !== undefined) {
      this.#requests.add(now, 1);
      remainingRequests = this.#requestCount - this.#requests.total(now);
    }
    return { remainingTokens, remainingRequests };
  }
}
