/** Time that passes only from one event to the next. */

type Event = { readonly at: number; readonly order: number; readonly act: () => void };

/** Events in the order of their times; those of one time in the order in which they were planned. */
export class VirtualTime {
  #now: number;
  #order = 0;
  /** A binary heap, the next event first. */
  readonly #heap: Event[] = [];

  constructor(start: number) {
    this.#now = start;
  }

  get now(): number {
    return this.#now;
  }

  /** Plans something for a time that has not passed. */
  at(time: number, act: () => void): void {
    const event = { at: Math.max(time, this.#now), order: this.#order++, act };
    const heap = this.#heap;
    let index = heap.length;
    heap.push(event);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || isBefore(above, event)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = event;
  }

  /** Runs the next event; false when there is none. */
  step(): boolean {
    const next = this.#take();
    if (next === undefined) return false;
    this.#now = next.at;
    next.act();
    return true;
  }

  #take(): Event | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const a = heap[left];
      if (a === undefined) break;
      const b = heap[left + 1];
      const [child, at] = b !== undefined && isBefore(b, a) ? [b, left + 1] : [a, left];
      if (isBefore(last, child)) break;
      heap[index] = child;
      index = at;
    }
    heap[index] = last;
    return first;
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
