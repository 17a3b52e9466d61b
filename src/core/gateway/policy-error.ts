/** How a request fails inside the gateway, and what the gateway answers then. */

export type PolicyErrorDetails = {
  /** The policy element or built-in step; the statement that was running when left out. */
  readonly source?: string;
  /** Machine code; may be empty. */
  readonly reason?: string;
  /** What the client is told, where that is not `message` itself. */
  readonly answer?: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** `context.Response` stays as it is: the backend's answer. */
  readonly keepsResponse?: true;
};

/** An error of the gateway: becomes `context.LastError` and, before on-error runs, `context.Response`. */
export class PolicyError extends Error {
  override readonly name = "PolicyError";
  readonly status: number;
  readonly source: string | undefined;
  readonly reason: string | null;
  readonly answer: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly keepsResponse: boolean;

  constructor(status: number, message: string, details: PolicyErrorDetails = {}) {
    super(message);
    this.status = status;
    this.source = details.source;
    this.reason = details.reason ?? null;
    this.answer = details.answer ?? message;
    this.headers = details.headers ?? [];
    this.keepsResponse = details.keepsResponse ?? false;
  }
}

/** The request needs something that is not simulated: it ends with this text, and on-error does not run. */
export class NotSupported extends Error {
  override readonly name = "NotSupported";
}

export const internalError = "Internal server error";

const reasons: Readonly<Record<number, string>> = {
  100: "Continue",
  200: "OK",
  201: "Created",
  202: "Accepted",
  204: "No Content",
  301: "Moved Permanently",
  302: "Found",
  304: "Not Modified",
  307: "Temporary Redirect",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  409: "Conflict",
  412: "Precondition Failed",
  413: "Payload Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Entity",
  429: "Too Many Requests",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

/** The reason phrase that goes with a status; empty for one that has none. */
export function reasonPhrase(status: number): string {
  return reasons[status] ?? "";
}

/**
 * The body of the gateway's own errors. Spacing and order are those that have been observed: one space inside the braces and
 * after colons. Status 500 carries an activity id.
 */
export function errorBody(status: number, message: string, activityId: string): string {
  const text = JSON.stringify(message);
  if (status !== 500) return `{ "statusCode": ${status}, "message": ${text} }`;
  return `{ "statusCode": ${status}, "message": ${text}, "activityId": "${activityId}" }`;
}
