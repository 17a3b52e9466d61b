/**
 * The local APIM: a management API on loopback that stores what it is sent and answers as the service would, so that every
 * command runs without Azure through the very code it runs with. What it promises: docs/local-apim.md.
 *
 *   server ─► respond ─► handler ─► route ─► reads ─► kinds/<kind> ─► service-store ─► disk
 *                └─ faults               └──► writes ─┘      └─ policy-*       (one file per resource)
 *                                               └─ long-running ─ imports
 */
import type { Clock } from "../../core/ports.ts";
import { systemClock } from "../clock.ts";
import type { FaultHook } from "./faults.ts";
import { defaultGlobalPolicy } from "./kinds/policy.ts";
import { LateResources } from "./late-resources.ts";
import { lockDirectory } from "./lock.ts";
import { LongRunning } from "./long-running.ts";
import { listen } from "./server.ts";
import type { RequestLog } from "./server.ts";
import { Store } from "./store.ts";

export type LocalApimOptions = {
  /** Where its state is kept; made when it is not there. */
  readonly directory: string;
  /** 0, the default: any free one. */
  readonly port?: number;
  readonly clock?: Clock;
  /** How long an import or the deletion of an API takes; 50 ms by default. */
  readonly importDelayMs?: number;
  /** What goes wrong: answers that are made up, connections that break, and so on. */
  readonly faults?: FaultHook;
  /** Told of every request once it has been answered. */
  readonly onRequest?: (log: RequestLog) => void;
};

export type LocalApim = {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  /** Ends imports under way, stops listening and gives the folder back. */
  readonly close: () => Promise<void>;
};

/**
 * Starts it. Throws Failure `LOCAL.IN_USE` when another process has the folder, `LOCAL.CORRUPT` when a file in it cannot be
 * read, `LOCAL.PORT_IN_USE`.
 */
export async function startLocalApim(options: LocalApimOptions): Promise<LocalApim> {
  const { directory, port = 0, clock = systemClock, importDelayMs = 50, faults, onRequest } = options;
  const unlock = lockDirectory(directory);
  try {
    const works = new LongRunning(clock, importDelayMs);
    const closing = new AbortController();
    const server = await listen(
      {
        store: new Store(directory, [defaultGlobalPolicy()]),
        works,
        clock,
        faults,
        onRequest,
        late: new LateResources(),
        signal: closing.signal,
      },
      port,
    );
    return {
      endpoint: server.endpoint,
      close: async () => {
        closing.abort();
        await server.stop();
        works.finishAll();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}
