import type {
  GatewayContext,
  GatewayRequest,
  GatewayResponse,
} from "../../../../src/core/gateway/context.ts";
import {
  EvaluationLimit,
  UnsupportedEvaluation,
  DotNetException,
} from "../../../../src/core/gateway/expression/errors.ts";
import type { EvaluationLimits } from "../../../../src/core/gateway/expression/evaluation.ts";
import { prepareExpression } from "../../../../src/core/gateway/expression/expressions.ts";
import { toText } from "../../../../src/core/gateway/expression/to-text.ts";
import { typeNameOf } from "../../../../src/core/gateway/expression/type-names.ts";
import { stringArray } from "../../../../src/core/gateway/expression/sequences.ts";
import { FactsValue } from "../../../../src/core/gateway/expression/values.ts";
import type { Value } from "../../../../src/core/gateway/expression/values.ts";
import { createBody, HeaderMap, parseUrl } from "../../../../src/core/gateway/message.ts";
import type { GatewayUrl } from "../../../../src/core/gateway/message.ts";

export { loadGrammar } from "../../lint/policy/expressions/support.ts";

export const now = Date.UTC(2026, 10, 27, 12, 30, 15, 250);

export function urlOf(text: string): GatewayUrl {
  const url = parseUrl(text);
  if (url === undefined) throw new Error(`${text} is no address`);
  return url;
}

export function responseWith(parts: Partial<GatewayResponse> = {}): GatewayResponse {
  return {
    kind: "IResponse",
    statusCode: 200,
    statusReason: "OK",
    headers: new HeaderMap(),
    body: null,
    ...parts,
  };
}

export function requestWith(parts: Partial<GatewayRequest> = {}): GatewayRequest {
  const url = urlOf(
    "https://contoso.azure-api.net/inference/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21&tag=a&tag=b",
  );
  return {
    kind: "IRequest",
    method: "POST",
    url,
    originalUrl: url,
    headers: new HeaderMap([
      ["Content-Type", "application/json"],
      ["X-Many", "one"],
      ["x-many", "two"],
    ]),
    body: createBody(
      '{"model":"gpt-4o","stream":false,"max_tokens":50,"messages":[{"role":"user","content":"Hi"}]}',
    ),
    ipAddress: "203.0.113.7",
    matchedParameters: new Map([["deployment-id", "gpt-4o"]]),
    certificate: null,
    ...parts,
  };
}

/** A call on its way, as a gateway would have it. */
export function contextWith(parts: Partial<GatewayContext> = {}): GatewayContext {
  let last = 0;
  const guids = ["3f2504e0-4f89-41d3-9a0c-0305e82c3301", "c9a646d3-9c61-4cb7-bfcd-ee2522c8f633"];
  return {
    kind: "IContext",
    sources: { now: () => now, random: () => 0.5, guid: () => guids[last++ % 2]! },
    request: requestWith(),
    response: responseWith(),
    variables: new Map<string, Value>(),
    api: {
      kind: "IContextApi",
      id: "inference",
      name: "Inference",
      path: "inference",
      revision: "1",
      version: "v1",
      isCurrentRevision: true,
      protocols: ["https"],
      serviceUrl: urlOf("https://aoai.openai.azure.com/openai"),
      subscriptionKeyNames: { header: "api-key", query: "subscription-key" },
    },
    operation: {
      kind: "IOperation",
      id: "chat",
      name: "Chat",
      method: "POST",
      urlTemplate: "/deployments/{deployment-id}/chat/completions",
    },
    product: {
      kind: "IProduct",
      id: "starter",
      name: "Starter",
      approvalRequired: false,
      subscriptionRequired: true,
      subscriptionLimit: 1,
      state: "Published",
      apis: [],
      groups: [{ id: "developers", name: "Developers" }],
    },
    subscription: {
      kind: "ISubscription",
      id: "sub-1",
      name: "Team A",
      key: "key-1",
      primaryKey: "key-1",
      secondaryKey: "key-2",
      createdDate: "2026-01-01T00:00:00Z",
      startDate: null,
      endDate: null,
    },
    user: {
      kind: "IUser",
      id: "user-1",
      email: "ada@example.org",
      firstName: "Ada",
      lastName: "Lovelace",
      note: "",
      registrationDate: "2025-06-01T08:00:00Z",
      groups: [{ id: "developers", name: "Developers" }],
      identities: [{ id: "ada@example.org", provider: "Aad" }],
    },
    workspace: null,
    deployment: {
      kind: "IDeployment",
      gatewayId: "managed",
      region: "West Europe",
      serviceId: "contoso",
      serviceName: "contoso",
      certificates: new Map(),
    },
    lastError: {
      kind: "ILastError",
      source: "forward-request",
      reason: "Timeout",
      message: "The request timed out.",
      scope: "api",
      section: "backend",
      path: "retry/forward-request",
      policyId: null,
    },
    requestId: "00112233-4455-6677-8899-aabbccddeeff",
    timestamp: now - 1_500,
    isTracing: false,
    traces: [],
    ...parts,
  };
}

/** A context with these variables. */
export function withVariables(variables: Readonly<Record<string, Value>>): GatewayContext {
  return contextWith({ variables: new Map(Object.entries(variables)) });
}

export type Result =
  | { readonly end: "value"; readonly value: Value; readonly text: string; readonly type: string }
  | { readonly end: "exception"; readonly type: string; readonly message: string }
  | { readonly end: "refused"; readonly message: string; readonly line: number; readonly column: number }
  | { readonly end: "limit"; readonly message: string };

/** How an expression ends; errors of the interpreter itself are thrown. */
export function run(text: string, context = contextWith(), limits?: EvaluationLimits): Result {
  const prepared = prepareExpression(text);
  if (prepared.kind === "unsupported") return { end: "refused", ...prepared };
  try {
    const value = prepared.evaluate(context, limits);
    return { end: "value", value, text: toText(value), type: value === null ? "null" : typeNameOf(value) };
  } catch (error) {
    if (error instanceof DotNetException)
      return { end: "exception", type: error.type, message: error.message };
    if (error instanceof EvaluationLimit) return { end: "limit", message: error.message };
    if (error instanceof UnsupportedEvaluation) {
      return { end: "refused", message: error.message, line: error.line, column: error.column };
    }
    throw error;
  }
}

/** In one line for tables: `int 3`, `null`, `! System.FormatException`, `refused 1:3`, `limit`. */
export function shown(result: Result): string {
  switch (result.end) {
    case "value":
      return result.value === null ? "null" : `${result.type} ${result.text}`;
    case "exception":
      return `! ${result.type.replace(/^System\.(?=\w+$)/, "")}`;
    case "refused":
      return `refused ${result.line}:${result.column}`;
    case "limit":
      return "limit";
  }
}

/** What `get-authorization-context` leaves in its variable. */
export const authorization = new FactsValue("Authorization", {
  AccessToken: "token",
  Claims: stringArray([]),
});
