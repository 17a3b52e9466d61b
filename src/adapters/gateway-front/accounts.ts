/** The mock Azure OpenAI accounts behind the backends that are not on this machine. */
import { setTimeout as sleep } from "node:timers/promises";
import type { GatewayConfig } from "../../core/gateway/config.ts";
import type { CallFailure, CallResult, OutgoingCall } from "../../core/gateway/exchange.ts";
import { callKind } from "../../core/simulate/account-answers.ts";
import { readCallTokens } from "../../core/simulate/call-wishes.ts";
import { withinTimeout } from "../../core/simulate/drive.ts";
import { eventEnd } from "../../core/simulate/event-stream.ts";
import { MockAccount } from "../../core/simulate/mock-account.ts";
import type { Scenario } from "../../core/simulate/scenario.ts";
import { StreamedBody } from "./streamed-body.ts";

const usualCompletion = 40;
const longestTimer = 2 ** 31 - 1;

export class MockAccounts {
  readonly #scenario: Scenario;
  readonly #random: () => number;
  readonly #accounts = new Map<string, MockAccount>();

  constructor(scenario: Scenario, random: () => number) {
    this.#scenario = scenario;
    this.#random = random;
  }

  /** Accounts that the scenario describes and the gateway has no backend for. */
  unknownTo({ backends }: GatewayConfig): string[] {
    return Object.keys(this.#scenario.accounts ?? {}).filter((id) => !backends.has(id.toLowerCase()));
  }

  /**
   * Answers the call in the account's time. Streams begin after half of it, and take the other half. Rejects with the signal's
   * reason when it is aborted.
   */
  async answer(call: OutgoingCall, config: GatewayConfig, signal: AbortSignal): Promise<CallResult> {
    const id = accountId(call, config);
    if (id === undefined) return nobodyThere(call);
    const tokens = readCallTokens(call.body, this.#scenario.call?.completionTokens ?? usualCompletion);
    const { result, milliseconds } = withinTimeout(this.#account(id).answer(call, tokens, Date.now()), call);
    const streams = result.kind === "answered" && result.status < 300 && tokens.wishes?.streams === true;
    const wait = streams ? milliseconds / 2 : milliseconds;
    if (wait > 0) await sleep(Math.min(wait, longestTimer), undefined, { signal });
    if (!streams || result.body === null || call.answerUse === "content") return result;
    return { ...result, body: paced(result.body.bytes, milliseconds / 2, signal) };
  }

  #account(id: string): MockAccount {
    const key = id.toLowerCase();
    const known = this.#accounts.get(key);
    if (known !== undefined) return known;
    const spec = Object.entries(this.#scenario.accounts ?? {}).find(([other]) => other.toLowerCase() === key);
    const account = new MockAccount(id, spec?.[1] ?? {}, Date.now(), this.#random);
    this.#accounts.set(key, account);
    return account;
  }
}

/** That of the backend; for a plain URL that of the backend at its host, or one for the host, if it is a call to a model. */
function accountId({ backend, url }: OutgoingCall, { backends }: GatewayConfig): string | undefined {
  if (backend !== undefined) return backend.id;
  for (const other of backends.values()) {
    if (other.kind === "single" && other.address?.host === url.host) return other.id;
  }
  return callKind(url.path) === "other" ? undefined : url.host;
}

function nobodyThere({ url }: OutgoingCall): CallFailure {
  const message = `Nothing leaves this machine, and there is no mock account at ${url.host}.`;
  return { kind: "failed", reason: "BackendConnectionFailure", message };
}

/** The events one by one, evenly over the time. */
function paced(bytes: Uint8Array, milliseconds: number, signal: AbortSignal): StreamedBody {
  const events = new TextDecoder().decode(bytes).split(eventEnd).slice(0, -1);
  const over = new AbortController();
  const both = AbortSignal.any([signal, over.signal]);
  async function* source(): AsyncGenerator<Uint8Array, void, undefined> {
    const started = performance.now();
    for (const [index, event] of events.entries()) {
      const due = started + (milliseconds * index) / events.length - performance.now();
      if (due > 1) await sleep(due, undefined, { signal: both });
      yield new TextEncoder().encode(event + eventEnd);
    }
  }
  return new StreamedBody(source(), () => over.abort());
}
