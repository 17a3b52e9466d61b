/**
 * Refusals in the two shapes the service uses. APIM's own answers carry `details`, an array or null (the swagger knows no
 * null: Azure/apiops#346); ARM's, given before APIM sees the request, carry code and message only.
 */
import type { JsonObject } from "../../core/json.ts";

export type ErrorDetail = { readonly code: string; readonly target: string; readonly message: string };

/** A request that is refused. The server turns it into the answer; nothing else catches it. */
export class ArmError extends Error {
  override readonly name = "ArmError";
  readonly status: number;
  readonly code: string;
  /** Undefined: ARM's shape, without the member. */
  readonly details: readonly ErrorDetail[] | null | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    details?: readonly ErrorDetail[] | null,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
    this.headers = headers;
  }

  /** The body of the answer. */
  toBody(): JsonObject {
    const error = { code: this.code, message: this.message };
    return { error: this.details === undefined ? error : { ...error, details: this.details } };
  }
}

/** 400 with one detail per field that is wrong. */
export function fieldErrors(
  faults: readonly { readonly target: string; readonly message: string }[],
): ArmError {
  const details = faults.map(({ target, message }) => ({ code: "ValidationError", target, message }));
  return new ArmError(400, "ValidationError", "One or more fields contain incorrect values:", details);
}

export function fieldError(target: string, message: string): ArmError {
  return fieldErrors([{ target, message }]);
}

/** 400 without details, the shape fragments are refused in (Azure/apiops#160, Azure/apiops-cli#261). */
export function plainValidationError(message: string): ArmError {
  return new ArmError(400, "ValidationError", message, null);
}

/** 404 in APIM's shape: `Backend not found.` */
export function notFound(title: string): ArmError {
  return new ArmError(404, "ResourceNotFound", `${title} not found.`, null);
}

/** 405: the path is there, the method is not. */
export function methodNotAllowed(method: string, allowed: readonly string[]): ArmError {
  return new ArmError(405, "MethodNotAllowed", `The method '${method}' is not allowed here.`, null, {
    Allow: allowed.join(", "),
  });
}

/** 412: somebody changed the resource, or it is not (or already) there. */
export function preconditionFailed(message = "Resource was modified since last retrieval."): ArmError {
  return new ArmError(412, "PreconditionFailed", message, null);
}

/** 409: another write on the same API is under way. */
export function operationInProgress(): ArmError {
  return new ArmError(409, "PessimisticConcurrencyConflict", "Operation on the API is in progress", null);
}

/** 409: the product has the API already. Azure/apiops-cli takes it for success, the swagger lists 200. */
export function linkExists(): ArmError {
  return new ArmError(409, "Conflict", "Link already exists between specified Product and Api.", null);
}
