/** What a request looks like to its policies once something has failed. */
import type { GatewayResponse } from "./context.ts";
import type { Exchange } from "./exchange.ts";
import { createBody, HeaderMap } from "./message.ts";
import { errorBody, reasonPhrase } from "./policy-error.ts";
import type { PolicyError } from "./policy-error.ts";

/** An answer without body and headers. */
export function newResponse(status: number): GatewayResponse {
  return {
    kind: "IResponse",
    statusCode: status,
    statusReason: reasonPhrase(status),
    headers: new HeaderMap(),
    body: null,
  };
}

/** Puts the error into `context.LastError`, and the gateway's default answer to it into `context.Response`. */
export function enterError(exchange: Exchange, error: PolicyError): void {
  const { context, at } = exchange;
  context.lastError = {
    kind: "ILastError",
    source: error.source ?? at?.policy ?? "configuration",
    reason: error.reason,
    message: error.message,
    scope: at?.scope ?? null,
    section: at?.section ?? "inbound",
    path: at?.path ?? null,
    policyId: at?.policyId ?? null,
  };
  if (error.keepsResponse) return;
  context.response = errorResponse(error, context.requestId);
  exchange.answeredBy = null;
}

/** The gateway's own answer to an error. */
export function errorResponse(error: PolicyError, activityId: string): GatewayResponse {
  const response = newResponse(error.status);
  response.headers.set("Content-Type", ["application/json"]);
  for (const [name, value] of error.headers) response.headers.set(name, [value]);
  response.body = createBody(errorBody(error.status, error.answer, activityId));
  return response;
}
