/** What a rule of the file of faults does, in the words of the hook. */
import { parseDuration } from "../../core/spec/duration.ts";
import type { Fault, FaultAnswer } from "./faults.ts";

/** The keys of which a rule has exactly one. */
export const effectNames = ["status", "drop", "delay", "race", "late", "failImport"] as const;

type Wording = {
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly headers?: Readonly<Record<string, string | number>> | undefined;
};

type Effects = Wording & {
  readonly status?: number | undefined;
  readonly drop?: "before" | "after" | undefined;
  readonly delay?:
    string | { readonly before?: string | undefined; readonly after?: string | undefined } | undefined;
  readonly race?: "edit" | "touch" | undefined;
  readonly late?: { readonly reads: number } | { readonly for: string } | undefined;
  readonly failImport?: (Wording & { readonly status?: number | undefined }) | undefined;
};

/**
 * What the service, or ARM before it, says with each status, where a rule gives no words of its own. Sources: apiops#497 (409),
 * azurerm#8571 (412), apiops#689 (422), apiops#612 (429).
 */
export const usualAnswers: Readonly<Record<number, Omit<FaultAnswer, "status">>> = {
  400: { code: "ValidationError", message: "One or more fields contain incorrect values:" },
  401: {
    code: "ExpiredAuthenticationToken",
    message: "The access token expiry UTC time is earlier than now.",
  },
  403: {
    code: "AuthorizationFailed",
    message: "The client does not have authorization to perform this action over the scope.",
  },
  404: { code: "ResourceNotFound", message: "Resource not found." },
  409: { code: "PessimisticConcurrencyConflict", message: "Operation on the API is in progress" },
  412: { code: "PreconditionFailed", message: "Resource was modified since last retrieval." },
  422: { code: "ManagementApiRequestFailed", message: "Failed to connect to management endpoint" },
  429: {
    code: "SubscriptionRequestsThrottled",
    message:
      "Number of requests for the subscription exceeded the limit. Please try again after '1' seconds.",
    headers: { "Retry-After": "1" },
  },
  500: { code: "InternalServerError", message: "The server encountered an unexpected condition." },
  503: { code: "ServiceUnavailable", message: "The service is temporarily unavailable." },
  504: { code: "GatewayTimeout", message: "The gateway did not receive a response in time." },
};

/** The faults of one rule. */
export function effectsOf(rule: Effects): Fault[] {
  const { drop, race, late, failImport } = rule;
  return [
    ...(rule.status === undefined ? [] : [answerOf(rule.status, rule)]),
    ...(drop === undefined ? [] : [{ drop }]),
    ...delays(rule.delay),
    ...(race === undefined ? [] : [{ race }]),
    ...(late === undefined
      ? []
      : [{ late: "reads" in late ? late : { milliseconds: parseDuration(late.for) } }]),
    ...(failImport === undefined ? [] : [{ failImport: answerOf(failImport.status ?? 400, failImport) }]),
  ];
}

function answerOf(status: number, { code, message, headers }: Wording): FaultAnswer {
  const usual = usualAnswers[status];
  const own = Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)] as const);
  const chosen = code ?? usual?.code ?? "InternalServerError";
  return {
    status,
    code: chosen,
    // The usual words would not fit another code.
    message: message ?? (chosen === usual?.code ? usual.message : chosen),
    headers: { ...usual?.headers, ...Object.fromEntries(own) },
  };
}

function delays(delay: Effects["delay"]): Fault[] {
  if (delay === undefined) return [];
  const { before, after } = typeof delay === "string" ? { before: delay, after: undefined } : delay;
  return [
    ...(before === undefined ? [] : [{ delay: parseDuration(before), when: "before" as const }]),
    ...(after === undefined ? [] : [{ delay: parseDuration(after), when: "after" as const }]),
  ];
}
