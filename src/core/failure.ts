import type { Problem } from "./problem.ts";

export type FailureDetails = {
  /** The cause, when it is known and not said by the message. */
  readonly why?: string;
  /** What the user can do next. */
  readonly remedy?: string;
  /** The problems that made the command impossible, when there are any. */
  readonly problems?: readonly Problem[];
  /** What differs, line by line, when that is what is wrong. */
  readonly diff?: string;
  readonly cause?: unknown;
};

/**
 * The command could not do its job, for a reason that is not a bug in apimgw: an unreadable file, a refused sign-in, a
 * rejected policy. Anything else that is thrown is a bug and ends with exit code 70 and its stack.
 */
export class Failure extends Error {
  override readonly name: string = "Failure";
  /** Dotted code, such as `SPEC.UNREADABLE` or `SERVICE.FORBIDDEN`. */
  readonly code: string;
  readonly why: string | undefined;
  readonly remedy: string | undefined;
  readonly problems: readonly Problem[];
  readonly diff: string | undefined;

  constructor(code: string, message: string, details: FailureDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.why = details.why;
    this.remedy = details.remedy;
    this.problems = details.problems ?? [];
    this.diff = details.diff;
  }
}

/** One entry of ARM's `error.details`. */
export type ServiceErrorDetail = {
  readonly code?: string;
  readonly target?: string;
  readonly message: string;
};

/** The management API refused or could not be reached. Status and details are ARM's own. */
export class ServiceFailure extends Failure {
  override readonly name = "ServiceFailure";
  /** HTTP status; absent when no answer came. */
  readonly status: number | undefined;
  readonly details: readonly ServiceErrorDetail[];

  constructor(
    code: string,
    message: string,
    details: FailureDetails & {
      readonly status?: number;
      readonly details?: readonly ServiceErrorDetail[];
    } = {},
  ) {
    super(code, message, details);
    this.status = details.status;
    this.details = details.details ?? [];
  }
}
