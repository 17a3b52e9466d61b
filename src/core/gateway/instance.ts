/**
 * What one gateway instance remembers between requests: breakers, turns in pools, counters, cached values. Instances do not
 * share it [documented: backends are approximate across instances].
 */
import type { BackendConfig, PoolBackend, PoolMember, SingleBackend } from "./backend-config.ts";
import { Breaker } from "./breaker.ts";
import type { Value } from "./expression/values.ts";
import type { BreakerOptions, CallOutcome, Trip } from "./breaker.ts";
import { createTurns } from "./turns.ts";
import type { Selection, Turns } from "./turns.ts";
import { SemanticCache } from "./semantic-cache.ts";
import { clockTime } from "./clock-time.ts";

export type PoolOptions = {
  readonly selection: Selection;
  /** Turns that were taken before the first request. */
  readonly start: number;
  readonly breakers?: BreakerOptions;
};

/** A member that was picked, and why; or why there is none. */
export type Picked =
  | { readonly backend: SingleBackend; readonly why: string | null }
  | { readonly backend: undefined; readonly why: string; readonly until: number };

/** A value that a policy has put into the internal cache. */
export type CachedValue = { readonly value: Value; readonly until: number };

/** Hears of breakers that open. */
export type OnTrip = (backend: string, at: number, trip: Trip) => void;

type Group = {
  readonly priority: number;
  readonly members: readonly (PoolMember & { readonly single: SingleBackend })[];
  readonly turns: Turns;
};

export class GatewayInstance {
  readonly number: number;
  readonly cache = new Map<string, CachedValue>();
  /** State of policies that count, by a name of their own and the counter key. */
  readonly counters = new Map<string, unknown>();
  /** The external cache, which instances share. */
  readonly semanticCache: SemanticCache;
  readonly #backends: ReadonlyMap<string, BackendConfig>;
  readonly #breakers = new Map<string, Breaker>();
  readonly #groups = new Map<string, readonly Group[]>();
  readonly #onTrip: OnTrip | undefined;

  /** Backends by their ids in lower case: the service does not tell cases apart. */
  constructor(
    number: number,
    backends: ReadonlyMap<string, BackendConfig>,
    options: PoolOptions,
    random: () => number,
    onTrip?: OnTrip,
    semanticCache = new SemanticCache(),
  ) {
    this.number = number;
    this.semanticCache = semanticCache;
    this.#backends = backends;
    this.#onTrip = onTrip;
    for (const [key, config] of backends) {
      if (config.kind === "single") {
        if (config.breaker !== undefined)
          this.#breakers.set(key, new Breaker(config.breaker, options.breakers));
      } else this.#groups.set(key, groupsOf(config, backends, options, random));
    }
  }

  backend(id: string): BackendConfig | undefined {
    return this.#backends.get(id.toLowerCase());
  }

  /** When the backend's breaker closes again; undefined when it is not open. */
  openUntil(backend: SingleBackend, now: number): number | undefined {
    const breaker = this.#breakers.get(backend.id.toLowerCase());
    return breaker?.isOpen(now) === true ? breaker.openUntil : undefined;
  }

  /** Picks the backend of a call: itself, or the member whose turn it is. Takes the turn. */
  pick(config: BackendConfig, now: number, explains: boolean): Picked {
    if (config.kind === "pool") return this.#pickMember(config, now, explains);
    const until = this.openUntil(config, now);
    if (until === undefined)
      return { backend: config, why: explains ? `${config.id}: the only choice` : null };
    return { backend: undefined, why: `${config.id} is open until ${clockTime(until)}`, until };
  }

  /** Tells the breaker of a backend how a call ended; says so when that opens it. */
  record(backend: SingleBackend, outcome: CallOutcome, now: number): Trip | undefined {
    const trip = this.#breakers.get(backend.id.toLowerCase())?.record(outcome, now);
    if (trip !== undefined) this.#onTrip?.(backend.id, now, trip);
    return trip;
  }

  /** The member whose turn is next; undefined when none is available, or chance decides. */
  nextMember(pool: PoolBackend, now: number): SingleBackend | undefined {
    for (const { members, turns } of this.#groups.get(pool.id.toLowerCase()) ?? []) {
      const isAvailable = ({ single }: Group["members"][number]): boolean =>
        this.openUntil(single, now) === undefined;
      if (!members.some(isAvailable)) continue;
      const index = turns.peek((at) => {
        const member = members[at];
        return member !== undefined && isAvailable(member);
      });
      return index === undefined ? undefined : members[index]?.single;
    }
    return undefined;
  }

  #pickMember(pool: PoolBackend, now: number, explains: boolean): Picked {
    const groups = this.#groups.get(pool.id.toLowerCase()) ?? [];
    for (const group of groups) {
      const index = group.turns.take((at) => {
        const member = group.members[at];
        return member !== undefined && this.openUntil(member.single, now) === undefined;
      });
      const member = index === undefined ? undefined : group.members[index];
      if (member === undefined) continue;
      const why = explains ? this.#why(member.single, group, groups, now) : null;
      return { backend: member.single, why };
    }
    const all = groups.flatMap(({ members }) => members.map(({ single }) => single));
    const until = Math.min(...all.map((single) => this.openUntil(single, now) ?? now));
    const why = `no member of ${pool.id} is available: ${this.#listOpen(all, now)}`;
    return { backend: undefined, why, until: Number.isFinite(until) ? until : now };
  }

  #why(chosen: SingleBackend, group: Group, groups: readonly Group[], now: number): string {
    const passed = groups.slice(0, groups.indexOf(group)).flatMap(({ members }) => members);
    const skipped = group.members.filter(({ single }) => this.openUntil(single, now) !== undefined);
    const open = this.#listOpen(
      [...passed, ...skipped].map(({ single }) => single),
      now,
    );
    const turn = group.members.length > 1 ? ", its turn" : "";
    return `${chosen.id}: priority ${group.priority}${turn}${open === "" ? "" : `, since ${open}`}`;
  }

  #listOpen(backends: readonly SingleBackend[], now: number): string {
    const open = backends.flatMap((single) => {
      const until = this.openUntil(single, now);
      return until === undefined ? [] : [`${single.id} is open until ${clockTime(until)}`];
    });
    return open.join(" and ");
  }
}

function groupsOf(
  pool: PoolBackend,
  backends: ReadonlyMap<string, BackendConfig>,
  { selection, start }: PoolOptions,
  random: () => number,
): Group[] {
  const members = pool.members.flatMap((member) => {
    const single = backends.get(member.backend.toLowerCase());
    return single?.kind === "single" ? [{ ...member, single }] : [];
  });
  const priorities = [...new Set(members.map(({ priority }) => priority))].sort((a, b) => a - b);
  return priorities.map((priority) => {
    const own = members.filter((member) => member.priority === priority);
    const weights = own.map(({ weight }) => weight);
    return { priority, members: own, turns: createTurns(selection, weights, random, start) };
  });
}
