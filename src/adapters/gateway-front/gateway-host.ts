/** The gateway that is served at the moment, and what takes its place when the spec or the service changes. */
import { randomUUID } from "node:crypto";
import type { GatewayAnswer } from "../../core/gateway/answer.ts";
import type { GatewayConfig } from "../../core/gateway/config.ts";
import { Gateway } from "../../core/gateway/engine.ts";
import type { IncomingRequest } from "../../core/gateway/engine.ts";
import type { Scenario } from "../../core/simulate/scenario.ts";
import { gatewaySetup } from "../../core/simulate/simulation.ts";
import { MockAccounts } from "./accounts.ts";
import { HttpCaller, isLoopback } from "./http-call.ts";
import { runSteps } from "./run-steps.ts";
import type { Send } from "./run-steps.ts";
import { StreamedBody } from "./streamed-body.ts";

/** What is served. */
export type Served = {
  readonly config: GatewayConfig;
  readonly gateway: Gateway;
  readonly accounts: MockAccounts;
};

export type HostOptions = { readonly skipsUnsupported: boolean };

export class GatewayHost {
  readonly #options: HostOptions;
  readonly #http = new HttpCaller();
  #served: Served | undefined;
  #scenario: Scenario | undefined;

  constructor(options: HostOptions) {
    this.#options = options;
  }

  get served(): Served | undefined {
    return this.#served;
  }

  /**
   * Serves this from the next request on; requests under way end as they began. Breakers and counters start anew. Accounts go on
   * as they are unless the scenario is another. Returns the accounts of the scenario that nothing calls.
   */
  serve(config: GatewayConfig, scenario: Scenario): readonly string[] {
    const keeps = this.#scenario !== undefined && JSON.stringify(this.#scenario) === JSON.stringify(scenario);
    const accounts = keeps ? this.#served?.accounts : undefined;
    this.#scenario = scenario;
    this.#served = {
      config,
      gateway: new Gateway({
        config,
        ports: { now: Date.now, random: Math.random, guid: randomUUID },
        ...gatewaySetup(scenario, this.#options.skipsUnsupported),
      }),
      accounts: accounts ?? new MockAccounts(scenario, Math.random),
    };
    return this.#served.accounts.unknownTo(config);
  }

  /** Runs one request. Rejects with the signal's reason when it is aborted; streams that nobody took are given up. */
  async answer(
    served: Served,
    request: IncomingRequest,
    gatewayHost: string,
    signal: AbortSignal,
  ): Promise<GatewayAnswer> {
    const { gateway, accounts, config } = served;
    const streams: StreamedBody[] = [];
    const send: Send = async (call, limit) => {
      const result = await (isLoopback(call.url)
        ? this.#http.send(call, gatewayHost, limit)
        : accounts.answer(call, config, limit));
      if (result.kind === "answered" && result.body instanceof StreamedBody) streams.push(result.body);
      return result;
    };
    let taken: StreamedBody | undefined;
    try {
      const call = gateway.call(request, { traces: true, explains: true });
      await runSteps(call.steps, send, signal);
      const answer = call.answer();
      if (answer.body instanceof StreamedBody) taken = answer.body;
      return answer;
    } finally {
      for (const stream of streams) if (stream !== taken) stream.cancel();
    }
  }

  close(): void {
    this.#http.close();
  }
}
