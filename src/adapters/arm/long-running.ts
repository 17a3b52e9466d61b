import { ServiceFailure } from "../../core/failure.ts";
import { isJsonObject, type JsonObject } from "../../core/json.ts";
import type { Clock } from "../../core/ports.ts";
import { parseErrorBody, parseJson } from "./error-body.ts";
import { type ArmAnswer, type ArmRequest, type Exchange, retryAfterMilliseconds } from "./exchange.ts";

export type FollowOptions = {
  readonly clock: Clock;
  /** One GET, tried again when the connection or the service stumbles. */
  readonly poll: (request: ArmRequest) => Promise<Exchange>;
  /** Makes a URL that the service gave absolute; refuses another host. */
  readonly follow: (given: string, from: string, what: string) => string;
};

const firstInterval = 500;
const longestInterval = 10_000;
/** However long a Retry-After asks for: an operation of this service rarely takes longer. */
const longestRetryAfter = 60_000;
const deadlineMinutes = 10;

/**
 * Follows a long-running operation to its end: the answer it ended with, marked as its outcome. An import answers 202 with a
 * `Location` that carries `asyncId`, and an error in it shows only there (apiops#204). Other answers are returned as they are.
 * Not cut short by an interruption: how a write that was begun has ended must be known. Throws `SERVICE.FAILED` after ten minutes.
 */
export async function followToEnd(
  first: ArmAnswer,
  request: ArmRequest,
  options: FollowOptions,
): Promise<Exchange> {
  if (!isRunning(first, request)) return first;
  const end = options.clock.now().getTime() + deadlineMinutes * 60_000;
  let url = pollUrl(first, request.url, options) ?? request.url;
  let last = first;
  for (let polls = 0; ; polls += 1) {
    const wait = waitBefore(polls, last, options.clock);
    if (options.clock.now().getTime() + wait > end) throw takesTooLong(request);
    await options.clock.sleep(wait);
    const exchange = await options.poll({ method: "GET", url, path: request.path });
    if (exchange.status === undefined) return { ...exchange, isOutcome: true };
    if (!isRunning(exchange, request, url)) return outcome(exchange, request);
    url = pollUrl(exchange, url, options) ?? url;
    last = exchange;
  }
}

function pollUrl(answer: ArmAnswer, from: string, options: FollowOptions): string | undefined {
  // On a 201 Location only names the new resource.
  const location = answer.status === 202 ? answer.header("location") : undefined;
  const given = answer.header("azure-asyncoperation") ?? location;
  return given === undefined ? undefined : options.follow(given, from, "link to the running operation");
}

function waitBefore(polls: number, last: ArmAnswer, clock: Clock): number {
  const asked = retryAfterMilliseconds(last, clock.now());
  const usual = Math.min(firstInterval * 1.5 ** polls, longestInterval);
  return Math.round(Math.max(100, Math.min(asked ?? usual, longestRetryAfter)));
}

/** `polled` is the URL that was asked; absent for the answer to the write itself. */
function isRunning(answer: ArmAnswer, request: ArmRequest, polled?: string): boolean {
  if (answer.status < 200 || answer.status > 299) return false;
  const state = operationState(answer);
  if (answer.status === 202) return state !== "succeeded" && state !== "failed";
  if (polled === undefined && answer.header("azure-asyncoperation") !== undefined) return true;
  // A delete without a link is over when the resource itself is gone.
  if (request.method === "DELETE" && polled === request.url) return true;
  return state === "running";
}

type OperationState = "running" | "succeeded" | "failed";

const transitionalStates =
  /^(accepted|creating|updating|deleting|inprogress|notstarted|pending|provisioning|running)$/i;

/** What the body says: an operation's `status`, or a resource's `provisioningState`; undefined when it says neither. */
function operationState(answer: ArmAnswer): OperationState | undefined {
  const body = parseJson(answer.text);
  if (!isJsonObject(body)) return undefined;
  const properties = isJsonObject(body.properties) ? body.properties : {};
  const said = body.status ?? properties.provisioningState;
  if (typeof said !== "string") return undefined;
  if (/^succeeded$/i.test(said)) return "succeeded";
  if (/^(failed|canceled|cancelled)$/i.test(said)) return "failed";
  // Kinds have states of their own; an operation that has not ended may call that what it likes.
  return transitionalStates.test(said) || body.status !== undefined ? "running" : undefined;
}

/** The outcome as an answer to the write: a failed operation becomes an error answer, a resource that is gone a done delete. */
function outcome(answer: ArmAnswer, request: ArmRequest): ArmAnswer {
  if (answer.status === 404 && request.method === "DELETE")
    return { ...answer, status: 204, text: "", isOutcome: true };
  if (answer.status > 299 || operationState(answer) !== "failed") return { ...answer, isOutcome: true };
  return { ...answer, status: statusOfFailed(answer), isOutcome: true };
}

/** An operation's status document is a good answer about a bad end: its code says which kind of error it was. */
function statusOfFailed(answer: ArmAnswer): number {
  const code = parseErrorBody(answer.text).code ?? "";
  if (/conflict|ManagementApiRequestFailed/i.test(code)) return 409;
  return /validation|invalid|bad ?request|MethodNotAllowedInPricingTier/i.test(code) ? 400 : 500;
}

function takesTooLong(request: ArmRequest): ServiceFailure {
  const verb = request.method === "PUT" ? "writing" : "deleting";
  return new ServiceFailure(
    "SERVICE.FAILED",
    `${verb} \`${request.path}\` has not ended after ${deadlineMinutes} minutes`,
    {
      why: "the service has accepted it and is still working",
      remedy: "Plan again later to see how it has ended.",
    },
  );
}

/** The resource in an answer; undefined when it holds an operation's status, another kind of document or nothing. */
export function resourceIn(answer: ArmAnswer): JsonObject | undefined {
  const body = parseJson(answer.text);
  if (!isJsonObject(body) || typeof body.status === "string") return undefined;
  return isJsonObject(body.properties) || typeof body.id === "string" ? body : undefined;
}
