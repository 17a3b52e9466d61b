import { Failure, type FailureDetails } from "../core/failure.ts";

/** Wrong usage: exit code 64. `code` is the part after `USAGE.`. */
export function usageFailure(code: string, message: string, details: FailureDetails = {}): Failure {
  return new Failure(`USAGE.${code}`, message, details);
}

export function isUsageFailure(failure: Failure): boolean {
  return failure.code.startsWith("USAGE.");
}
