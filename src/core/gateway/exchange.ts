/**
 * One request on its way through the gateway. Policies are closures over it. What takes time is not done but asked for: a policy
 * that waits or calls somebody returns steps, a generator of effects, and whoever drives it (virtual time in core/simulate, real
 * sockets elsewhere) fulfils each effect before it goes on. So the engine knows neither clock nor network, and the same
 * input gives the same run.
 */
import type { SingleBackend } from "./backend-config.ts";
import type { CallOutcome } from "./breaker.ts";
import type { GatewayContext, GatewayResponse } from "./context.ts";
import type { GatewayInstance } from "./instance.ts";
import type { GatewayUrl, HeaderMap, MessageBody } from "./message.ts";
import type { GatewayOptions } from "./policy-definition.ts";
import type { TemplateOperation } from "./url-template.ts";
import type { SectionName } from "../spec/schema.ts";

/** A call that leaves the gateway. */
export type OutgoingCall = {
  /** The backend entity it goes to; absent for a plain URL. */
  readonly backend: SingleBackend | undefined;
  readonly method: string;
  readonly url: GatewayUrl;
  readonly headers: HeaderMap;
  readonly body: MessageBody | null;
  /** How long to wait for the headers of the answer. */
  readonly timeoutMilliseconds: number;
  readonly followsRedirects: boolean;
  readonly answerUse: AnswerUse;
  /** Whether an answer in chunks passes in pieces of 8 KB, not as it comes: `buffer-response`. */
  readonly buffersResponse: boolean;
};

/**
 * What policies do with the body of the answer: nothing, so that it can pass as it comes; count the tokens it tells of, which they
 * can do afterwards where it is a stream of events; or read it, so that it must be there first.
 */
export type AnswerUse = "none" | "usage" | "content";

export type CallFailure = {
  readonly kind: "failed";
  /** As `context.LastError.Reason` has it. */
  readonly reason: "Timeout" | "BackendConnectionFailure";
  readonly message: string;
};

export type CallAnswer = {
  readonly kind: "answered";
  readonly status: number;
  readonly reason: string;
  readonly headers: HeaderMap;
  readonly body: MessageBody | null;
};

export type CallResult = CallAnswer | CallFailure;

export type WaitEffect = { readonly kind: "wait"; readonly milliseconds: number };
export type SendEffect = {
  readonly kind: "send";
  readonly call: OutgoingCall;
  /** Set by whoever drives the steps, before they go on. */
  result: CallResult | undefined;
};
/** Several steps side by side; goes on when all, or the first of them, are done. An error of one of them ends it. */
export type TogetherEffect = {
  readonly kind: "together";
  readonly tasks: readonly Steps[];
  readonly until: "all" | "any";
};
export type Effect = WaitEffect | SendEffect | TogetherEffect;

export type Steps = Generator<Effect, void, undefined>;

/** A prepared policy. Throws PolicyError when it fails; returns steps when it takes time. */
export type Policy = (exchange: Exchange) => Steps | undefined;

export type ScopeName = "global" | "workspace" | "product" | "api" | "operation";

/** A policy at its place in a document. */
export type Statement = {
  readonly policy: string;
  readonly scope: ScopeName;
  readonly section: SectionName;
  /** As `context.LastError.Path` has it: `choose[1]/when[2]/set-header[1]`. */
  readonly path: string;
  /** The `id` attribute. */
  readonly policyId: string | undefined;
  readonly run: Policy;
};

/** One call to a backend by `forward-request`. */
export type Attempt = {
  /** Null for a plain URL. */
  readonly backend: string | null;
  readonly at: number;
  readonly endedAt: number;
  /** Null when no answer came. */
  readonly status: number | null;
  /** Why no answer came. */
  readonly failure: string | null;
  /** Why this backend, and what the answer did to its breaker; only where it is asked for. */
  readonly why: string | null;
  readonly trip: string | null;
};

/** One line of a trace. */
export type TraceEntry = {
  readonly at: number;
  readonly statement: Omit<Statement, "run"> | undefined;
  readonly text: string;
};

/** Something that was recorded rather than sent: metrics, events for a hub. */
export type Recorded = {
  readonly policy: string;
  readonly values: Readonly<Record<string, string | number>>;
};

/** What the last `set-backend-service` chose. */
export type BackendChoice =
  | { readonly kind: "backend"; readonly id: string; readonly scope: ScopeName }
  | { readonly kind: "url"; readonly url: GatewayUrl };

export type Exchange = {
  readonly context: GatewayContext;
  readonly instance: GatewayInstance;
  readonly now: () => number;
  readonly options: GatewayOptions;
  readonly template: TemplateOperation;
  readonly answerUse: AnswerUse;
  choice: BackendChoice | undefined;
  /** Where the API itself points. */
  base: GatewayUrl | undefined;
  /** The outgoing path below the backend's URL. */
  remainder: string;
  /** The member of a pool that is kept until the backend is set again, when the gateway is to do so. */
  pinned: SingleBackend | undefined;
  /** A policy has given the answer: nothing else runs. */
  isEnded: boolean;
  at: Statement | undefined;
  /** Whether a policy has the request's body in memory. */
  isBodyKept: boolean;
  /** Whether the request's body was sent without having been kept: the next attempt has none. */
  isBodySpent: boolean;
  readonly attempts: Attempt[];
  /** The backend whose answer `context.Response` is; null for the gateway's own. */
  answeredBy: string | null;
  readonly recorded: Recorded[];
  /** What is done between the backend and the outbound section, or before on-error: counting what the answer used. */
  readonly afterBackend: (() => void)[];
  /** Checks of the answer that inbound policies have asked for: run before the outbound section. */
  readonly answerChecks: (() => Steps)[];
  /** What is done at the very end: headers on the answer, counting by conditions on it. */
  readonly atEnd: (() => void)[];
  readonly trace: TraceEntry[] | undefined;
  readonly explainsChoices: boolean;
};

/** Adds a line to the trace, if there is one; the text is made only then. */
export function note(exchange: Exchange, text: () => string): void {
  const { trace, at } = exchange;
  if (trace === undefined) return;
  trace.push({ at: exchange.now(), statement: at, text: text() });
}

/** Puts the outgoing address together again after base, remainder or query have changed. */
export function setUrl(exchange: Exchange, base: GatewayUrl | undefined, query?: string): void {
  const { request } = exchange.context;
  const from = base ?? request.originalUrl;
  const start = base === undefined || base.path === "/" ? "" : base.path;
  request.url = {
    kind: "IUrl",
    scheme: from.scheme,
    host: from.host,
    port: from.port,
    path: start.endsWith("/") ? start.slice(0, -1) + exchange.remainder : start + exchange.remainder,
    queryString: query ?? request.url.queryString,
  };
  exchange.base = base;
}

/** Asks for a wait. */
export function* wait(milliseconds: number): Steps {
  if (milliseconds > 0) yield { kind: "wait", milliseconds };
}

/** How a call ended, as breakers count it. */
export function outcomeOf(result: CallResult): CallOutcome {
  if (result.kind === "failed") return { reason: result.reason };
  return { status: result.status, retryAfter: result.headers.get("Retry-After")?.[0] };
}

/** A backend's answer as policies see it. */
export function responseOf({ status, reason, headers, body }: CallAnswer): GatewayResponse {
  return { kind: "IResponse", statusCode: status, statusReason: reason, headers, body };
}
