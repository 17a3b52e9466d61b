/** What `keys` says of subscriptions. Keys are in it when they were asked for. */
import { serviceRef } from "../core/ports.ts";
import type { ServiceRef } from "../core/ports.ts";

export type ListedKeys = {
  readonly id: string;
  readonly product: string;
  readonly displayName: string;
  /** Null when it is not on the service. */
  readonly state: string | null;
  readonly keys?: { readonly primaryKey: string; readonly secondaryKey: string };
};

export function formatKeysJson(service: ServiceRef, subscriptions: readonly ListedKeys[]): string {
  const value = {
    formatVersion: 1,
    service: serviceRef(service),
    subscriptions: subscriptions.map(({ id, product, displayName, state, keys }) => ({
      id,
      product,
      displayName,
      state,
      ...(keys === undefined ? {} : { primaryKey: keys.primaryKey, secondaryKey: keys.secondaryKey }),
    })),
  };
  return JSON.stringify(value, null, 2);
}
