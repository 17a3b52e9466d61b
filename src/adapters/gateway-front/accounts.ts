/** The mock Azure OpenAI accounts behind the backends that are not on this machine. */
import { setTimeout as sleep } from "node:timers/promises";
import type { GatewayConfig } from "../../core/gateway/config.ts";
import type { CallFailure, CallResult, OutgoingCall } from "../../core/gateway/exchange.ts";
import { accountBehind } from "../../core/simulate/account-behind.ts";
import { callKind } from "../../core/simulate/account-answers.ts";
import { readCallTokens } from "../../core/simulate/call-wishes.ts";
import { brokenOff, withinTimeout } from "../../core/simulate/drive.ts";
import { MockAccount } from "../../core/simulate/mock-account.ts";
import type { Scenario } from "../../core/simulate/scenario.ts";
import { EventStreamBody, paceEvents } from "../../core/simulate/streamed-answer.ts";
import type { PacedStream } from "../../core/simulate/streamed-answer.ts";
import { inPieces } from "./in-pieces.ts";
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
   * Answers the call in the account's time; a stream at its pace, unless a policy reads it. Rejects with the signal's reason when it
   * is aborted.
   */
  async answer(call: OutgoingCall, config: GatewayConfig, signal: AbortSignal): Promise<CallResult> {
    const called = accountId(call, config);
    if (called === undefined) return nobodyThere(call);
    const id = this.#describes(called) ? called : (accountBehind(called, config.backends) ?? called);
    const tokens = readCallTokens(call.body, this.#scenario.call?.completionTokens ?? usualCompletion);
    const delivery = withinTimeout(this.#account(id).answer(call, tokens, Date.now()), call);
    const { result, milliseconds, pace } = delivery;
    await pass(milliseconds, signal);
    if (pace === undefined || result.kind === "failed" || !(result.body instanceof EventStreamBody)) {
      return result;
    }
    const stream = paceEvents(result.body.events, pace);
    if (call.answerUse !== "content") return { ...result, body: streamedBody(stream, call, signal) };
    await pass(stream.endsAfter, signal);
    return stream.isCut ? brokenOff : result;
  }

  #describes(id: string): boolean {
    return Object.keys(this.#scenario.accounts ?? {}).some(
      (other) => other.toLowerCase() === id.toLowerCase(),
    );
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

/** The parts at their times; one that breaks off ends with an error. */
function streamedBody(
  { parts, endsAfter, isCut }: PacedStream,
  { buffersResponse }: OutgoingCall,
  signal: AbortSignal,
): StreamedBody {
  const over = new AbortController();
  const both = AbortSignal.any([signal, over.signal]);
  async function* source(): AsyncGenerator<Uint8Array, void, undefined> {
    const started = performance.now();
    const waitUntil = (after: number): Promise<void> => pass(started + after - performance.now(), both);
    for (const { bytes, after } of parts) {
      await waitUntil(after);
      yield bytes;
    }
    await waitUntil(endsAfter);
    if (isCut) throw new Error(brokenOff.message);
  }
  return new StreamedBody(buffersResponse ? inPieces(source()) : source(), () => over.abort());
}

async function pass(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds > 0) await sleep(Math.min(milliseconds, longestTimer), undefined, { signal });
}
