/**
 * Which change may start next. A change waits for those it depends on; deletes wait for all writes, but for those that a write
 * waits for itself; below one API only one write runs at a time, since the service answers overlapping ones with 409 or 412.
 * Pure bookkeeping: constant work per change, whatever their number.
 */
import { pathKey } from "./live.ts";
import { earlyDeletes } from "./order.ts";
import type { Change } from "./plan.ts";

export type Skipped = {
  readonly change: Change;
  /** Path of the change whose failure it is due to. */
  readonly because: string;
};

type Node = {
  readonly change: Change;
  readonly lane: string;
  readonly dependents: Node[];
  waitsFor: number;
  state: "waiting" | "taken" | "done" | "lost";
};

export class Schedule {
  readonly #nodes: ReadonlyMap<string, Node>;
  readonly #deletes: readonly Node[];
  /** Changes that may start, by lane: an API, or a change of its own. */
  readonly #lanes = new Map<string, Node[]>();
  /** Lanes with something to start and nothing running. */
  readonly #free: string[] = [];
  readonly #early: ReadonlySet<string>;
  #writesLeft: number;
  #lostWrite: string | undefined;

  constructor(changes: readonly Change[]) {
    const nodes = changes.map((change): Node => ({
      change,
      lane: laneOf(change),
      dependents: [],
      waitsFor: 0,
      state: "waiting",
    }));
    this.#nodes = new Map(nodes.map((node) => [pathKey(node.change.path), node]));
    for (const node of nodes) {
      for (const path of new Set(node.change.dependsOn.map((dependency) => pathKey(dependency)))) {
        const dependency = this.#nodes.get(path);
        if (dependency === undefined) continue;
        dependency.dependents.push(node);
        node.waitsFor += 1;
      }
    }
    this.#early = earlyDeletes(changes);
    this.#deletes = nodes.filter(({ change }) => change.action === "delete");
    this.#writesLeft = nodes.length - this.#deletes.length;
    for (const node of nodes) this.#enqueueIfReady(node);
  }

  /** The next change to start, if one may start now. */
  take(): Change | undefined {
    const lane = this.#free.shift();
    const node = lane === undefined ? undefined : this.#lanes.get(lane)?.shift();
    if (node === undefined) return undefined;
    node.state = "taken";
    return node.change;
  }

  succeed(path: string): void {
    const node = this.#close(path, "done");
    for (const dependent of node.dependents) {
      dependent.waitsFor -= 1;
      this.#enqueueIfReady(dependent);
    }
    this.#endWrite(node);
  }

  /** Gives back a change that was taken and not begun. */
  giveBack(path: string): void {
    this.#close(path, "waiting");
  }

  /** Marks a change as failed; returns what can no longer be done because of it. */
  fail(path: string): Skipped[] {
    const node = this.#close(path, "lost");
    const skipped = this.#lose(node);
    if ([node, ...skipped].some(({ change }) => change.action !== "delete")) {
      this.#lostWrite ??= node.change.path;
      skipped.push(...this.#loseDeletes(this.#lostWrite));
    }
    this.#endWrite(node);
    return skipped;
  }

  /** Changes that were not carried out, in order; afterwards there is nothing left to take. */
  abandon(): Change[] {
    const left = [...this.#nodes.values()].filter(({ state }) => state === "waiting");
    for (const node of left) node.state = "lost";
    this.#free.length = 0;
    this.#lanes.clear();
    return left.map(({ change }) => change);
  }

  #close(path: string, state: "done" | "lost" | "waiting"): Node {
    const node = this.#nodes.get(pathKey(path));
    if (node === undefined) throw new Error(`${path} is not part of the plan`);
    node.state = state;
    if ((this.#lanes.get(node.lane)?.length ?? 0) > 0) this.#free.push(node.lane);
    else this.#lanes.delete(node.lane);
    return node;
  }

  #endWrite({ change }: Node): void {
    if (change.action === "delete") return;
    this.#writesLeft -= 1;
    if (this.#writesLeft === 0) for (const node of this.#deletes) this.#enqueueIfReady(node);
  }

  #enqueueIfReady(node: Node): void {
    const isLast = node.change.action === "delete" && !this.#early.has(pathKey(node.change.path));
    const mustWait = isLast && this.#writesLeft > 0;
    if (node.state !== "waiting" || node.waitsFor > 0 || mustWait) return;
    const queue = this.#lanes.get(node.lane);
    if (queue !== undefined) {
      queue.push(node);
      return;
    }
    this.#lanes.set(node.lane, [node]);
    this.#free.push(node.lane);
  }

  #lose(node: Node): Skipped[] {
    return node.dependents.flatMap((dependent) => this.#loseOne(dependent, node.change.path));
  }

  #loseOne(node: Node, because: string): Skipped[] {
    if (node.state !== "waiting") return [];
    node.state = "lost";
    const write = node.change.action !== "delete";
    if (write) this.#writesLeft -= 1;
    return [{ change: node.change, because }, ...this.#lose(node)];
  }

  #loseDeletes(because: string): Skipped[] {
    return this.#deletes.flatMap((node) => this.#loseOne(node, because));
  }
}

function laneOf({ path }: Change): string {
  const [collection, api] = pathKey(path).split("/");
  // Revisions are written one after the other too.
  return collection === "apis" ? `apis/${(api ?? "").replace(/;rev=\d+$/, "")}` : pathKey(path);
}
