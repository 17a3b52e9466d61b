import { flagReader, numberReader } from "../attributes.ts";
import type { Reader } from "../attributes.ts";
import type { SingleBackend } from "../backend-config.ts";
import { clockTime } from "../clock-time.ts";
import { credentialHeaders, withCredentialQuery } from "../credentials.ts";
import type { CallResult, Exchange, SendEffect, Steps } from "../exchange.ts";
import { note, outcomeOf, responseOf, setUrl } from "../exchange.ts";
import type { PolicyRunner } from "../policy-definition.ts";
import { internalError, PolicyError } from "../policy-error.ts";
import { outgoingBody } from "../request-body.ts";
import { keepSession, sessionMember } from "../session.ts";

type Settings = {
  readonly timeoutMilliseconds: Reader<number>;
  readonly followsRedirects: Reader<boolean>;
  readonly buffersRequest: boolean;
  readonly buffersResponse: boolean;
  readonly failsOnError: boolean;
};

const defaultTimeout = 300_000;

export const forwardRequest: PolicyRunner = {
  name: "forward-request",
  fidelity: {
    level: "partial",
    notes: [
      [
        "`timeout`, `timeout-ms`, `follow-redirects`, `buffer-request-body` and `fail-on-error-status-code`.",
        "documented",
      ],
      ["Without `buffer-request-body` the second attempt goes out with no body.", "observed"],
      ["A body that a policy has set or read is in memory and is sent again.", "inferred"],
      [
        "With `buffer-response`, the default, answers in chunks pass in pieces of 8 KB, else as they come.",
        "documented",
      ],
      [
        "An answer whose body a policy reads is there as a whole before the request goes on; that it breaks off is an error then.",
        "observed",
      ],
      ["One that breaks off while it passes cannot be retried, and runs no `on-error`.", "observed"],
      ["For circuit breakers its status counts, not how it ended.", "inferred"],
      ["`http-version` and `continue-timeout` are read and change nothing.", "documented"],
      ["The member of a pool is picked anew by every forward-request; an option keeps it.", "observed"],
    ],
  },
  prepare: (element) => {
    const seconds = numberReader(element, "timeout");
    const milliseconds = numberReader(element, "timeout-ms");
    const constant: Pick<Settings, "buffersRequest" | "buffersResponse" | "failsOnError"> = {
      buffersRequest: isTrue(element.attributes, "buffer-request-body", false),
      buffersResponse: isTrue(element.attributes, "buffer-response", true),
      failsOnError: isTrue(element.attributes, "fail-on-error-status-code", false),
    };
    const settings: Settings = {
      ...constant,
      followsRedirects: flagReader(element, "follow-redirects", false),
      timeoutMilliseconds: (exchange) =>
        milliseconds?.(exchange) ?? (seconds === undefined ? defaultTimeout : seconds(exchange) * 1000),
    };
    return (exchange) => forward(exchange, settings);
  },
};

function isTrue(
  attributes: readonly { name: string; value: string }[],
  name: string,
  fallback: boolean,
): boolean {
  const given = attributes.find((attribute) => attribute.name === name);
  return given === undefined ? fallback : given.value.trim().toLowerCase() === "true";
}

function* forward(exchange: Exchange, settings: Settings): Steps {
  const { context, attempts, instance } = exchange;
  const target = pickTarget(exchange);
  const { request } = context;
  const backend = target?.backend;
  const at = exchange.now();
  const effect: SendEffect = {
    kind: "send",
    call: {
      backend,
      method: request.method,
      url: backend === undefined ? request.url : withCredentialQuery(request.url, backend.credentials),
      headers:
        backend === undefined ? request.headers : credentialHeaders(request.headers, backend.credentials),
      body: outgoingBody(exchange, settings.buffersRequest),
      timeoutMilliseconds: settings.timeoutMilliseconds(exchange),
      followsRedirects: settings.followsRedirects(exchange),
      answerUse: exchange.answerUse,
      buffersResponse: settings.buffersResponse,
    },
    result: undefined,
  };
  yield effect;
  const { result } = effect;
  if (result === undefined) throw new Error("a call went on before it had a result");
  const now = exchange.now();
  const trip = backend === undefined ? undefined : instance.record(backend, outcomeOf(result), now);
  attempts.push({
    backend: backend?.id ?? null,
    at,
    endedAt: now,
    status: result.kind === "answered" ? result.status : null,
    failure: result.kind === "failed" ? result.reason : null,
    why: target?.why ?? null,
    trip: trip === undefined ? null : `opens until ${clockTime(trip.until)}: ${trip.why}`,
  });
  note(exchange, () => describe(result, attempts.at(-1)?.trip ?? null));
  takeResult(exchange, result, settings);
}

function takeResult(exchange: Exchange, result: CallResult, { failsOnError }: Settings): void {
  const { context } = exchange;
  if (result.kind === "failed") {
    throw new PolicyError(500, result.message, { reason: result.reason, answer: internalError });
  }
  context.response = responseOf(result);
  exchange.answeredBy = exchange.attempts.at(-1)?.backend ?? null;
  keepSession(exchange);
  if (!failsOnError || result.status < 400) return;
  throw new PolicyError(result.status, `The backend answered ${result.status}.`, { keepsResponse: true });
}

type Target = { readonly backend: SingleBackend; readonly why: string | null };

/** The backend of this attempt, with the request's address set to it; undefined when a plain URL was chosen. */
function pickTarget(exchange: Exchange): Target | undefined {
  const { choice, base } = exchange;
  if (choice === undefined || choice.kind === "url") {
    if (choice === undefined && base === undefined) {
      throw new PolicyError(500, "No backend is set for this request, and its API has no service URL.", {
        answer: internalError,
      });
    }
    note(exchange, () => (choice === undefined ? "to the API's own service URL" : "to the URL that was set"));
    return undefined;
  }
  const picked = pickBackend(exchange, choice.id);
  note(exchange, () => picked.why ?? picked.backend.id);
  setUrl(exchange, picked.backend.address);
  return picked;
}

function pickBackend(exchange: Exchange, id: string): Target {
  const { instance, options } = exchange;
  const config = instance.backend(id);
  if (config === undefined) {
    throw new PolicyError(500, `There is no backend \`${id}\`.`, { answer: internalError });
  }
  const now = exchange.now();
  // One that is kept for the request is called though its breaker is open: that is how its 429 got through to the caller.
  if (exchange.pinned !== undefined) {
    return { backend: exchange.pinned, why: `${exchange.pinned.id}: kept for this request` };
  }
  const member = config.kind === "pool" ? sessionMember(exchange, config) : undefined;
  if (member !== undefined && instance.openUntil(member, now) === undefined) {
    return { backend: member, why: `${member.id}: kept for this session` };
  }
  const picked = instance.pick(config, now, exchange.explainsChoices);
  if (picked.backend === undefined) throw unavailable(picked.why, picked.until - now);
  if (options.pinsMember && config.kind === "pool") exchange.pinned = picked.backend;
  return picked;
}

/** Status documented; body, reason and the value of Retry-After are inferred. */
function unavailable(why: string, remainingMilliseconds: number): PolicyError {
  const seconds = Math.max(1, Math.ceil(remainingMilliseconds / 1000));
  return new PolicyError(503, why, {
    reason: "BackendUnavailable",
    answer: "Service unavailable",
    headers: [["Retry-After", String(seconds)]],
  });
}

function describe(result: CallResult, trip: string | null): string {
  const answer = result.kind === "answered" ? `answered ${result.status}` : result.message;
  return trip === null ? answer : `${answer}; its breaker ${trip}`;
}
