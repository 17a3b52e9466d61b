/** What the mocked backends of a case answer, in turn. */
import type { CallAnswer, OutgoingCall } from "../gateway/exchange.ts";
import { createBody, printUrl } from "../gateway/message.ts";
import type { GatewayConfig } from "../gateway/config.ts";
import { failureAnswer, successAnswer } from "../simulate/account-answers.ts";
import type { AnswerFacts } from "../simulate/account-answers.ts";
import { accountBehind } from "../simulate/account-behind.ts";
import { readWishes } from "../simulate/call-wishes.ts";
import type { Delivery } from "../simulate/drive.ts";
import { splitEvents } from "../simulate/event-stream.ts";
import { EventStreamBody } from "../simulate/streamed-answer.ts";
import { parseDuration } from "../spec/duration.ts";
import type { AnswerSpec } from "./schema.ts";
import { bodyText } from "./test-request.ts";

const tokens = { prompt: 30, completion: 40 };
const unlimited = { tokens: undefined, requests: undefined };

export class TestAnswers {
  readonly #answers: ReadonlyMap<string, readonly AnswerSpec[]>;
  readonly #config: GatewayConfig;
  readonly #given = new Map<string, number>();

  /** `answers` by id of a backend or beginning of a URL. */
  constructor(config: GatewayConfig, answers: ReadonlyMap<string, readonly AnswerSpec[]>) {
    this.#config = config;
    this.#answers = new Map([...answers].map(([key, list]) => [key.toLowerCase(), list]));
  }

  /** The next answer for a call. A backend without answers answers as an account does; a URL without is not reached. */
  next(call: OutgoingCall, now: number): Delivery {
    const key = this.#keyOf(call);
    if (key === undefined) return notReached(`no answer is given for ${printUrl(call.url)}`, 0);
    const count = this.#given.get(key) ?? 0;
    this.#given.set(key, count + 1);
    const list = this.#answers.get(key) ?? [];
    const spec = list[Math.min(count, list.length - 1)] ?? {};
    const region = this.#config.backends.get(key)?.id ?? call.url.host;
    const wishes = readWishes(call.body);
    return deliver(spec, call, { region, ordinal: count + 1, now, wishes });
  }

  #keyOf({ backend, url }: OutgoingCall): string | undefined {
    if (backend !== undefined) {
      const own = backend.id.toLowerCase();
      const account = accountBehind(backend.id, this.#config.backends)?.toLowerCase();
      // A backend for one deployment answers as its account does, unless it has answers of its own.
      return account === undefined || this.#answers.has(own) ? own : account;
    }
    const address = printUrl(url).toLowerCase();
    const [named] = [...this.#answers.keys()]
      .filter((key) => key.includes("://") && address.startsWith(key))
      .sort((a, b) => b.length - a.length);
    if (named !== undefined) return named;
    return [...this.#config.backends].find(
      ([, config]) => config.kind === "single" && config.address?.host === url.host,
    )?.[0];
  }
}

function deliver(spec: AnswerSpec, call: OutgoingCall, facts: AnswerFacts): Delivery {
  const { error, delay = 0, tokensPerSecond, afterTokens } = spec;
  const milliseconds = parseDuration(delay);
  if (error === "timeout") return notReached("no answer came", Infinity);
  const result = answerOf(spec, call, facts);
  const { body } = result;
  const isStream = body instanceof EventStreamBody;
  if (error === "connection" && !(isStream && afterTokens !== undefined)) {
    return notReached("the connection was closed", milliseconds);
  }
  if (!isStream) return { result, milliseconds };
  const count = body.events.filter(({ isToken }) => isToken).length;
  const rest = tokensPerSecond === undefined ? 0 : (1000 * count) / tokensPerSecond;
  return { result, milliseconds, pace: { milliseconds: rest, cutAfterTokens: afterTokens } };
}

function notReached(message: string, milliseconds: number): Delivery {
  return { result: { kind: "failed", reason: "BackendConnectionFailure", message }, milliseconds };
}

function answerOf(
  { status = 200, headers = {}, body }: AnswerSpec,
  call: OutgoingCall,
  facts: AnswerFacts,
): CallAnswer {
  const usual =
    status < 400
      ? { ...successAnswer(call, tokens, facts, unlimited), status }
      : failureAnswer(status, undefined, facts);
  if (body !== undefined && typeof body !== "string") {
    usual.headers.set("Content-Type", ["application/json"]);
  }
  for (const [name, value] of Object.entries(headers)) usual.headers.set(name, [value]);
  if (body === undefined) return usual;
  const text = bodyText(body);
  const isStream = usual.headers.get("Content-Type")?.[0]?.startsWith("text/event-stream") === true;
  return { ...usual, body: isStream ? new EventStreamBody(() => splitEvents(text)) : createBody(text) };
}
