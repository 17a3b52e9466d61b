/**
 * Work that goes on after a request has been answered: imports and deletions of APIs. Nothing is changed before the work
 * ends, and then all at once; a process that dies in between leaves everything as it was.
 */
import { randomBytes } from "node:crypto";
import type { Clock } from "../../core/ports.ts";
import type { Answer } from "./answer.ts";
import { ArmError } from "./errors.ts";
import type { ServiceStore } from "./service-store.ts";
import { keyOf } from "./stored.ts";

type Work = {
  readonly service: ServiceStore;
  /** Key of the API that nobody else may write to meanwhile. */
  readonly api: string;
  readonly run: () => Answer;
  /** What polling finds; undefined while it runs. */
  answer?: Answer;
};

/** Results are forgotten after this many later ones. */
const keptResults = 1000;

export class LongRunning {
  readonly #clock: Clock;
  readonly #delayMs: number;
  readonly #works = new Map<string, Work>();
  readonly #stop = new AbortController();

  constructor(clock: Clock, delayMs: number) {
    this.#clock = clock;
    this.#delayMs = delayMs;
  }

  /** True while work on that API, or on the API that a path below it belongs to, goes on. */
  isBusy(service: ServiceStore, path: string): boolean {
    const key = `${keyOf(path)}/`;
    return this.#running().some((work) => work.service === service && key.startsWith(`${work.api}/`));
  }

  /** Starts work on an API and returns the id to poll it by. */
  start(service: ServiceStore, apiPath: string, run: () => Answer): string {
    const id = randomBytes(12).toString("hex");
    const work: Work = { service, api: keyOf(apiPath), run };
    this.#works.set(id, work);
    for (const old of [...this.#works.keys()].slice(0, -keptResults)) {
      if (this.#works.get(old)?.answer !== undefined) this.#works.delete(old);
    }
    this.#clock.sleep(this.#delayMs, this.#stop.signal).then(
      () => finish(work),
      () => undefined, // closed: finishAll has seen to it
    );
    return id;
  }

  /** `running`, the answer at the end, or undefined when there is no such work. */
  poll(service: ServiceStore, id: string): Answer | "running" | undefined {
    const work = this.#works.get(id);
    if (work?.service !== service) return undefined;
    return work.answer ?? "running";
  }

  /** Ends all work now. */
  finishAll(): void {
    for (const work of this.#running()) finish(work);
    this.#stop.abort();
  }

  #running(): Work[] {
    return [...this.#works.values()].filter((work) => work.answer === undefined);
  }
}

function finish(work: Work): void {
  if (work.answer !== undefined) return;
  try {
    work.answer = work.run();
  } catch (error) {
    if (error instanceof ArmError)
      work.answer = { status: error.status, body: error.toBody(), headers: error.headers };
    else work.answer = internalError(error);
  }
}

/** A bug in the local APIM, or a disk that is full: an answer all the same. */
export function internalError(error: unknown): Answer {
  const message = error instanceof Error ? error.message : String(error);
  return { status: 500, body: { error: { code: "InternalServerError", message, details: null } } };
}
