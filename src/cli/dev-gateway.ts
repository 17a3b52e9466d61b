/** The gateway of `dev`: what it serves, and when that changes. */
import { serviceName } from "../core/ports.ts";
import { resolve } from "node:path";
import { watchFiles } from "../adapters/files/watch-files.ts";
import { startGatewayFront } from "../adapters/gateway-front/front.ts";
import type { GatewayFront } from "../adapters/gateway-front/front.ts";
import { readGrammarWasm } from "../adapters/grammar.ts";
import type { LocalService } from "../adapters/local/local-apim.ts";
import { Failure } from "../core/failure.ts";
import type { GatewayConfig } from "../core/gateway/config.ts";
import { loadCSharpGrammar } from "../core/policy/expression/csharp/grammar.ts";
import type { Scenario } from "../core/simulate/scenario.ts";
import { countProblems } from "../report/count.ts";
import { formatGatewayRequest, formatServing } from "../report/dev.ts";
import { formatDevPage } from "../report/dev-page.ts";
import { formatFailure } from "../report/human/failure.ts";
import { formatLint } from "../report/human/lint.ts";
import {
  appliedGateway,
  declaredKeys,
  devProductKey,
  loadDevGateway,
  loadDevScenario,
  recordReads,
} from "../usecases/dev.ts";
import type { DevSource, DevSubscription } from "../usecases/dev.ts";
import type { DevOptions } from "./command-options.ts";
import type { CommandContext } from "./context.ts";
import { gatewayRequest } from "./gateway-request.ts";

export type DevGateway = {
  readonly endpoint: string;
  /** The spec that is served; undefined when what is applied is. */
  readonly spec: string | undefined;
  /** Keys of the subscriptions that are served at the moment. */
  readonly subscriptions: () => readonly DevSubscription[];
  /** Something has been applied to this service. */
  readonly applied: (service: LocalService) => void;
  readonly close: () => Promise<void>;
};

const usualSpec = "gateway.yaml";
/** An apply writes many resources. */
const settleMilliseconds = 100;

/**
 * Starts the gateway and has it serve what there is. Throws Failure `GATEWAY.PORT_IN_USE`, `FILE.*` and `SCENARIO.INVALID` for a
 * scenario that cannot be read; what is wrong with the spec is only said.
 */
export async function startDevGateway(
  context: CommandContext,
  options: DevOptions,
  services: readonly LocalService[],
): Promise<DevGateway> {
  const { files, output } = context;
  const spec = options.applied ? undefined : await chooseSpec(context, options);
  const scenario = await loadDevScenario(files, scenarioSource(options));
  const front = await startGatewayFront({
    port: options.port,
    skipsUnsupported: options.skipUnsupported,
    page: formatDevPage(),
    onRequest: (entry) => output.message(formatGatewayRequest(entry, { color: output.messageColor })),
  });
  const say = new Server(context, front);
  const serving =
    spec === undefined
      ? await serveApplied(say, front, scenario, services)
      : await serveSpec(context, say, front, options, spec);
  return { spec, endpoint: front.endpoint, subscriptions: () => say.subscriptions, ...serving };
}

async function chooseSpec({ files }: CommandContext, { file }: DevOptions): Promise<string | undefined> {
  if (file !== undefined) return file;
  return (await files.exists(usualSpec)) ? usualSpec : undefined;
}

function scenarioSource({ scenario, instances }: DevOptions): Omit<DevSource, "request"> {
  return { scenarioFile: scenario, instances };
}

const loadGrammar = async (): Promise<void> => loadCSharpGrammar(await readGrammarWasm());

type Serving = Pick<DevGateway, "applied" | "close">;

/** Follows the edits of the spec and of what it names. */
async function serveSpec(
  context: CommandContext,
  server: Server,
  front: GatewayFront,
  options: DevOptions,
  spec: string,
): Promise<Serving> {
  const { cwd, files } = context;
  const request = gatewayRequest(context, { ...options, ...noService, file: spec });
  const load = oneAtATime(async () => {
    const reads = recordReads(files);
    try {
      const source = { request, ...scenarioSource(options) };
      const { served, problems, texts } = await loadDevGateway(reads.files, source, loadGrammar);
      server.saysProblems(problems, texts);
      if (served === undefined)
        server.refuse(`${spec} has errors; the terminal that runs apimgw dev shows them.`);
      else server.serve(served.config, served.scenario, spec);
    } catch (error) {
      server.fails(error);
    }
    watch.follow([spec, ...reads.paths].map((path) => resolve(cwd, path)));
  });
  const watch = watchFiles(() => void load());
  await load();
  return {
    applied: () => undefined,
    close: async () => {
      watch.close();
      await front.close();
    },
  };
}

const noService = {
  subscription: undefined,
  resourceGroup: undefined,
  service: undefined,
  workspace: undefined,
};

/** Serves the service that was written to last; at first the first of those there are. */
async function serveApplied(
  server: Server,
  front: GatewayFront,
  scenario: Scenario,
  services: readonly LocalService[],
): Promise<Serving> {
  let current: LocalService | undefined = services[0];
  let timer: NodeJS.Timeout | undefined;
  const load = oneAtATime(async () => {
    if (current === undefined) return server.refuse("Nothing has been applied yet.");
    try {
      const config = await appliedGateway(current.resources(), current.ref.workspace, loadGrammar);
      server.serve(config, scenario, `what is applied to ${serviceName(current.ref)}`);
    } catch (error) {
      server.fails(error);
    }
  });
  await load();
  return {
    applied: (service) => {
      current = service;
      clearTimeout(timer);
      timer = setTimeout(() => void load(), settleMilliseconds);
    },
    close: () => {
      clearTimeout(timer);
      return front.close();
    },
  };
}

/** What is served, with what is to be said about it; each thing once. */
class Server {
  readonly #context: CommandContext;
  readonly #front: GatewayFront;
  #isServing = false;
  #subscriptions: readonly DevSubscription[] = [];
  #lastProblems = "";

  constructor(context: CommandContext, front: GatewayFront) {
    this.#context = context;
    this.#front = front;
  }

  get subscriptions(): readonly DevSubscription[] {
    return this.#subscriptions;
  }

  serve(config: GatewayConfig, scenario: Scenario, source: string): void {
    const { output } = this.#context;
    const unused = this.#front.serve(config, scenario, source);
    this.#isServing = true;
    this.#subscriptions = declaredKeys(config);
    const counts = {
      apis: config.apis.length,
      operations: config.apis.reduce((sum, { operations }) => sum + operations.length, 0),
      backends: config.backends.size,
    };
    output.message(
      formatServing(
        source,
        counts,
        config.products.map(({ id }) => devProductKey(id)),
      ),
    );
    for (const note of config.notes) output.message(note);
    for (const id of unused)
      output.message(`The scenario has an account \`${id}\`, and the gateway no such backend.`);
  }

  /** Nothing new to serve: what was good before stays. */
  refuse(why: string): void {
    if (this.#isServing) this.#context.output.error("The gateway goes on as it was.");
    else this.#front.refuse(why);
  }

  fails(error: unknown): void {
    const { output } = this.#context;
    const style = { color: output.messageColor };
    // A bug that an edit has come upon is no reason to end: the next edit may be better.
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    output.error(error instanceof Failure ? formatFailure(error, () => undefined, style) : `bug: ${text}`);
    this.refuse(error instanceof Error ? error.message : text);
  }

  saysProblems(
    problems: Parameters<typeof formatLint>[0]["problems"],
    texts: ReadonlyMap<string, string>,
  ): void {
    const { output } = this.#context;
    const style = { color: output.messageColor };
    const text = formatLint({ problems, files: texts.size }, (file) => texts.get(file), style);
    const isNew = text !== this.#lastProblems;
    this.#lastProblems = text;
    if (!isNew || problems.length === 0) return;
    if (countProblems(problems).error > 0) output.error(text);
    else output.message(text);
  }
}

/** The work, begun again after its end when it was asked for meanwhile. */
function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const begin = (): Promise<void> => {
    running = work().finally(() => (running = undefined));
    return running;
  };
  return () => {
    if (running === undefined) return begin();
    next ??= running.then(() => {
      next = undefined;
      return begin();
    });
    return next;
  };
}
