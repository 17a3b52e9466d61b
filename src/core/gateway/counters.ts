/** Counting within a time: sliding windows and fixed periods, kept per gateway instance. */
import type { GatewayInstance } from "./instance.ts";

/** Amounts of the last `length` milliseconds. */
export class SlidingWindow {
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

  /** Milliseconds until the total is at most `most`; 0 when it is. */
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
export class FixedPeriod {
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

/** The instance's window of that name, made at first use. */
export function windowOf(instance: GatewayInstance, name: string, length: number): SlidingWindow {
  const known = instance.counters.get(name);
  if (known instanceof SlidingWindow) return known;
  const made = new SlidingWindow(length);
  instance.counters.set(name, made);
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
