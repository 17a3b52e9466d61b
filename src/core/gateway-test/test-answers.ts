/** What the mocked backends of a case answer, in turn. */
import type { CallAnswer, OutgoingCall } from "../gateway/exchange.ts";
import { createBody, printUrl } from "../gateway/message.ts";
import type { GatewayConfig } from "../gateway/config.ts";
import { failureAnswer, successAnswer } from "../simulate/account-answers.ts";
import type { AnswerFacts } from "../simulate/account-answers.ts";
import type { Delivery } from "../simulate/drive.ts";
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
    return deliver(spec, call, { region, ordinal: count + 1, now });
  }

  #keyOf({ backend, url }: OutgoingCall): string | undefined {
    if (backend !== undefined) return backend.id.toLowerCase();
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
  const { error, delay = 0 } = spec;
  const milliseconds = parseDuration(delay);
  if (error === "timeout") return notReached("no answer came", Infinity);
  if (error === "connection") return notReached("the connection was closed", milliseconds);
  return { result: answerOf(spec, call, facts), milliseconds };
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
  for (const [name, value] of Object.entries(headers)) usual.headers.set(name, [value]);
  return body === undefined ? usual : { ...usual, body: createBody(bodyText(body)) };
}
