/** What a plan says of subscriptions: those that are not the spec's to move, and those that it leaves alone. */
import { Failure } from "../failure.ts";
import { formatLocation } from "../location.ts";
import { stringMember } from "../model/kind-definition.ts";
import { productPath } from "../model/kinds/product.ts";
import { isSomebodys, subscribedProduct } from "../model/kinds/subscription.ts";
import type { Model, Resource } from "../model/resource.ts";
import { compareText } from "../problem.ts";
import { pathKey } from "./live.ts";
import type { LiveEntry, LiveModel } from "./live.ts";
import type { PlanNote } from "./plan.ts";

/**
 * Throws Failure `PLAN.NAME_TAKEN` when an id that the spec gives to a subscription is that of one whose calls come through
 * something else. Only between products of this spec may it move: its keys then open other APIs.
 */
export function refuseMoves(desired: Model, live: ReadonlyMap<string, LiveEntry>): void {
  const taken = desired.resources.flatMap((resource): string[] => {
    const there = resource.kind === "subscription" ? live.get(pathKey(resource.path)) : undefined;
    if (there === undefined || mayBecome(resource, there, desired.owner, live)) return [];
    const scope = stringMember(there.properties, "scope") ?? "";
    const what = scope.replace(/^.*\/service\/[^/]+/i, "");
    return [
      `subscription \`${resource.id}\` (${formatLocation(resource.origin)}) is on the service for \`${what}\``,
    ];
  });
  if (taken.length === 0) return;
  throw new Failure("PLAN.NAME_TAKEN", taken.join("; "), {
    why: "ids of subscriptions are the whole service's, and whoever has its keys would lose what they open now",
    remedy: "Choose another id.",
  });
}

function mayBecome(
  { id }: Resource,
  { properties }: LiveEntry,
  owner: string,
  live: ReadonlyMap<string, LiveEntry>,
): boolean {
  const product = subscribedProduct(properties);
  if (product === undefined) return false;
  const isSame = product.toLowerCase() === id.slice(0, id.indexOf("/")).toLowerCase();
  return isSame || live.get(pathKey(productPath(product)))?.owner === owner;
}

const shownIds = 5;

/** Subscriptions of the spec's products that it does not name, and that no developer has made, while their keys work. */
export function leftAlone(desired: Model, { entries }: LiveModel): PlanNote[] {
  const wanted = new Set(desired.resources.map(({ path }) => pathKey(path)));
  const others = entries.filter(
    ({ kind, path, properties }) =>
      kind === "subscription" &&
      !wanted.has(pathKey(path)) &&
      !isSomebodys(properties) &&
      stringMember(properties, "state") === "active",
  );
  return desired.resources.flatMap(({ kind, id, path }): PlanNote[] => {
    if (kind !== "product") return [];
    const own = others.filter(
      ({ properties }) => subscribedProduct(properties)?.toLowerCase() === id.toLowerCase(),
    );
    if (own.length === 0) return [];
    const note = `the spec does not name ${own.length === 1 ? "a subscription" : `${own.length} subscriptions`} of it, which stay, and their keys work: ${listedIds(own)}`;
    return [{ kind, id, path, note }];
  });
}

/** Said of a product that is deleted: whose keys stop working. Those that move to another product have gone by then. */
export function lostWithProduct(
  product: string,
  { entries }: LiveModel,
  wanted: ReadonlySet<string>,
): string {
  const own = entries.filter(
    ({ kind, path, properties }) =>
      kind === "subscription" &&
      !wanted.has(pathKey(path)) &&
      subscribedProduct(properties)?.toLowerCase() === product.toLowerCase(),
  );
  if (own.length === 0) return "its subscriptions go with it, and their keys stop working";
  const what = own.length === 1 ? "its subscription goes" : `its ${own.length} subscriptions go`;
  return `${what} with it, and the keys stop working: ${listedIds(own)}`;
}

function listedIds(subscriptions: readonly LiveEntry[]): string {
  const ids = subscriptions.map(({ path }) => path.slice("subscriptions/".length)).sort(compareText);
  const more = ids.length > shownIds ? ` and ${ids.length - shownIds} more` : "";
  const shown = ids.slice(0, shownIds).map((id) => `\`${id}\``);
  return `${shown.join(", ")}${more}`;
}
