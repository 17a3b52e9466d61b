/** If-Match and If-None-Match. */
import type { ServiceRequest } from "./answer.ts";
import { fieldError, preconditionFailed } from "./errors.ts";
import type { Stored } from "./stored.ts";

/** What must hold for a PUT. Throws 412. */
export function checkPut({ headers }: ServiceRequest, current: Stored | undefined): void {
  const ifMatch = headers["if-match"];
  if (ifMatch !== undefined && !matches(ifMatch, current)) throw preconditionFailed();
  const ifNoneMatch = headers["if-none-match"];
  if (ifNoneMatch !== undefined && matches(ifNoneMatch, current))
    throw preconditionFailed("Resource already exists.");
}

/** PATCH and DELETE will not go without If-Match. Throws 400. */
export function requireIfMatch({ headers }: ServiceRequest): void {
  if (headers["if-match"] === undefined)
    throw fieldError("If-Match", "The If-Match header is required: an ETag, or * for any.");
}

/** Throws 412 when the resource is not the one that was read. */
export function checkIfMatch({ headers }: ServiceRequest, current: Stored): void {
  if (!matches(headers["if-match"] ?? "", current)) throw preconditionFailed();
}

/** `*` is whatever is there; else strong comparison with each ETag of the list. */
function matches(header: string, current: Stored | undefined): boolean {
  if (current === undefined) return false;
  return header.trim() === "*" || header.split(",").some((etag) => etag.trim() === current.etag);
}
