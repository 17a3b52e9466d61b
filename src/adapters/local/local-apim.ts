/**
 * The local APIM: a management API on loopback that stores what it is sent and answers as the service would, so that every
 * command runs without Azure through the very code it runs with. What it promises: docs/local-apim.md.
 *
 *   server ─► respond ─► handler ─► route ─► reads ─► kinds/<kind> ─► service-store ─► disk
 *                ├─ faults               └──► writes ─┘      └─ policy-*       (one file per resource)
 *                └─► outside ─► role-assignments,     └─ long-running ─ imports
 *                               accounts ─► arm-store
 */
import type { ArmResource } from "../../core/gateway/arm-resources.ts";
import type { Clock, ServiceRef } from "../../core/ports.ts";
import { systemClock } from "../clock.ts";
import { ArmStore } from "./arm-store.ts";
import type { FaultHook } from "./faults.ts";
import { initialGlobalPolicy } from "./kinds/policy.ts";
import { LateResources } from "./late-resources.ts";
import { lockDirectory } from "./lock.ts";
import { LongRunning } from "./long-running.ts";
import { listen } from "./server.ts";
import type { RequestLog } from "./server.ts";
import type { ServiceStore } from "./service-store.ts";
import { Store } from "./store.ts";
import type { Stored } from "./stored.ts";

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
  /** Told of every change of a service. */
  readonly onChange?: (service: LocalService) => void;
};

/** A service that somebody has written to, or a workspace of one. */
export type LocalService = {
  readonly ref: ServiceRef;
  /** All that it holds, with the values of secrets. */
  readonly resources: () => ArmResource[];
};

export type LocalApim = {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  /** Sorted by their folders. */
  readonly services: () => LocalService[];
  /** Ends imports under way, stops listening and gives the folder back. */
  readonly close: () => Promise<void>;
};

/**
 * Starts it. Throws Failure `LOCAL.IN_USE` when another process has the folder, `LOCAL.CORRUPT` when a file in it cannot be
 * read, `LOCAL.PORT_IN_USE`.
 */
export async function startLocalApim(options: LocalApimOptions): Promise<LocalApim> {
  const {
    directory,
    port = 0,
    clock = systemClock,
    importDelayMs = 50,
    faults,
    onRequest,
    onChange,
  } = options;
  const unlock = lockDirectory(directory);
  try {
    const works = new LongRunning(clock, importDelayMs);
    const closing = new AbortController();
    const store = new Store(directory, {
      defaults: [initialGlobalPolicy()],
      onChange: (service) => onChange?.(localService(service)),
    });
    const server = await listen(
      {
        store,
        arm: new ArmStore(directory),
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
      services: () => store.services().map(localService),
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

function localService(service: ServiceStore): LocalService {
  return { ref: service.ref, resources: () => [...service.all()].map(armResource) };
}

/** Documents as `xml`: the other rendition loses entities. */
function armResource({ path, properties, secrets }: Stored): ArmResource {
  const { xml } = properties;
  return {
    path,
    properties: { ...properties, ...secrets, ...(typeof xml === "string" ? { value: xml } : {}) },
  };
}
