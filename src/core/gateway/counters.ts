/** Counting within a time: sliding windows and fixed periods, kept per gateway instance. */
import type { GatewayInstance } from "./instance.ts";

/** How a window passes: each amount leaves by itself, or all at once, the length after the first of them. */
export const windowNames = ["sliding", "tumbling"] as const;

export type WindowKind = (typeof windowNames)[number];

/** What has been counted within a time. */
export interface CountingWindow {
  total(now: number): number;
  add(now: number, amount: number): void;
  /** Milliseconds until the total is at most `most`; 0 when it is. */
  waitUntilAtMost(most: number, now: number): number;
}

/** A new window of that length in milliseconds. */
export function createWindow(kind: WindowKind, length: number): CountingWindow {
  return kind === "sliding" ? new SlidingWindow(length) : new TumblingWindow(length);
}

/** Amounts since the first, until `length` milliseconds after it. */
class TumblingWindow implements CountingWindow {
  #start = -Infinity;
  #total = 0;
  readonly #length: number;

  constructor(length: number) {
    this.#length = length;
  }

  total(now: number): number {
    return now >= this.#start + this.#length ? 0 : this.#total;
  }

  add(now: number, amount: number): void {
    if (now >= this.#start + this.#length) {
      this.#start = now;
      this.#total = 0;
    }
    this.#total += amount;
  }

  waitUntilAtMost(most: number, now: number): number {
    return this.total(now) > most ? this.#start + this.#length - now : 0;
  }
}

/** Amounts of the last `length` milliseconds. */
class SlidingWindow implements CountingWindow {
  #times: number[] = [];
  #amounts: number[] = [];
  /** Entries before it have left the window. */
  #first = 0;
  #total = 0;
  readonly #length: number;

  constructor(length: number) {
    this.#length = length;
  }

  total(now: number): number {
    this.#expire(now);
    return this.#total;
  }

  add(now: number, amount: number): void {
    this.#expire(now);
    this.#times.push(now);
    this.#amounts.push(amount);
    this.#total += amount;
  }

  waitUntilAtMost(most: number, now: number): number {
    let rest = this.total(now);
    for (let index = this.#first; rest > most && index < this.#times.length; index += 1) {
      rest -= this.#amounts[index] ?? 0;
      if (rest <= most) return (this.#times[index] ?? now) + this.#length - now;
    }
    return 0;
  }

  #expire(now: number): void {
    const limit = now - this.#length;
    while (this.#first < this.#times.length && (this.#times[this.#first] ?? 0) <= limit) {
      this.#total -= this.#amounts[this.#first] ?? 0;
      this.#first += 1;
    }
    if (this.#first < 1024 || this.#first * 2 < this.#times.length) return;
    this.#times = this.#times.slice(this.#first);
    this.#amounts = this.#amounts.slice(this.#first);
    this.#first = 0;
  }
}

/** A sum that begins anew with every period; periods count from 1970 or from when they were asked to. */
class FixedPeriod {
  #start = -Infinity;
  #total = 0;

  /** What has been counted in the period that starts at `start`. */
  total(start: number): number {
    this.#renew(start);
    return this.#total;
  }

  add(start: number, amount: number): void {
    this.#renew(start);
    this.#total += amount;
  }

  #renew(start: number): void {
    if (start === this.#start) return;
    this.#start = start;
    this.#total = 0;
  }
}

class NamedWindow {
  constructor(readonly window: CountingWindow) {}
}

/** The instance's window of that name, made at first use. */
export function windowOf(
  instance: GatewayInstance,
  name: string,
  length: number,
  kind: WindowKind = "sliding",
): CountingWindow {
  const known = instance.counters.get(name);
  if (known instanceof NamedWindow) return known.window;
  const made = createWindow(kind, length);
  instance.counters.set(name, new NamedWindow(made));
  return made;
}

/** The instance's period of that name, made at first use. */
export function periodOf(instance: GatewayInstance, name: string): FixedPeriod {
  const known = instance.counters.get(name);
  if (known instanceof FixedPeriod) return known;
  const made = new FixedPeriod();
  instance.counters.set(name, made);
  return made;
}

/** Whole seconds for a `Retry-After`, at least one. */
export function wholeSeconds(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1000));
}
