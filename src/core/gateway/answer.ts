/** What comes out of the gateway. */
import type { GatewayError, GatewayResponse } from "./context.ts";
import { newResponse } from "./error-state.ts";
import type { Attempt, Exchange, Recorded, TraceEntry } from "./exchange.ts";
import type { GatewayInstance } from "./instance.ts";
import { createBody } from "./message.ts";
import type { HeaderMap, MessageBody } from "./message.ts";
import { errorBody } from "./policy-error.ts";
import type { NotSupported, PolicyError } from "./policy-error.ts";

export type GatewayAnswer = {
  readonly status: number;
  readonly reason: string;
  readonly headers: HeaderMap;
  readonly body: MessageBody | null;
  readonly attempts: readonly Attempt[];
  /** The backend entity that gave the answer; null for the gateway's own answers and for plain URLs. */
  readonly answeredBy: string | null;
  readonly recorded: readonly Recorded[];
  readonly trace: readonly TraceEntry[];
  readonly error: GatewayError | null;
  /** Set when the request needed something that cannot be run. */
  readonly refusal: string | undefined;
  /** Which gateway instance had it; counts from 1. */
  readonly instance: number;
};

/** The answer that the policies have left. */
export function answerOf(exchange: Exchange): GatewayAnswer {
  const { context, instance, attempts, answeredBy, recorded, trace } = exchange;
  return {
    ...finished(context.response ?? newResponse(200), instance),
    attempts,
    answeredBy,
    recorded,
    trace: trace ?? [],
    error: context.lastError,
  };
}

/** No API or operation: there is no policy to run [inferred]. */
export function unroutedAnswer(
  error: PolicyError,
  instance: GatewayInstance,
  activityId: string,
): GatewayAnswer {
  const response = ownResponse(error.status, errorBody(error.status, error.answer, activityId));
  const lastError: GatewayError = {
    kind: "ILastError",
    source: error.source ?? "configuration",
    reason: error.reason,
    message: error.message,
    scope: null,
    section: "inbound",
    path: null,
    policyId: null,
  };
  return { ...finished(response, instance), error: lastError };
}

/** Something cannot be run: 501, which the service never answers, with a text that says what. */
export function refusedAnswer(
  { message }: NotSupported,
  instance: GatewayInstance,
  exchange: Exchange | undefined,
): GatewayAnswer {
  return {
    ...finished(ownResponse(501, errorBody(501, message, "")), instance),
    attempts: exchange?.attempts ?? [],
    recorded: exchange?.recorded ?? [],
    trace: exchange?.trace ?? [],
    refusal: message,
  };
}

function ownResponse(status: number, body: string): GatewayResponse {
  const response = newResponse(status);
  response.headers.set("Content-Type", ["application/json"]);
  response.body = createBody(body);
  return response;
}

function finished(response: GatewayResponse, instance: GatewayInstance): GatewayAnswer {
  return {
    status: response.statusCode,
    reason: response.statusReason,
    headers: response.headers,
    body: response.body,
    attempts: [],
    answeredBy: null,
    recorded: [],
    trace: [],
    error: null,
    refusal: undefined,
    instance: instance.number,
  };
}
