/** Subscriptions that a spec names: how they are on the service, and, when asked for, their keys. */
import { Failure } from "../core/failure.ts";
import { objectMember, stringMember } from "../core/model/kind-definition.ts";
import { subscribedProduct } from "../core/model/kinds/subscription.ts";
import type { Model, Resource } from "../core/model/resource.ts";
import { nearestName } from "../core/nearest-name.ts";
import type { LiveService } from "../core/ports.ts";
import { requireWorkspace } from "./require-workspace.ts";

export type KeyPosition = "primary" | "secondary";

/** A subscription of the spec. */
export type NamedSubscription = {
  readonly id: string;
  readonly product: string;
  readonly displayName: string;
  readonly path: string;
};

export type SubscriptionKeys = { readonly primaryKey: string; readonly secondaryKey: string };

export type ListedSubscription = Omit<NamedSubscription, "path"> & {
  /** As it is on the service; null when it is not there, or is another product's. */
  readonly state: string | null;
  /** Only when they were asked for. */
  readonly keys?: SubscriptionKeys;
};

/**
 * Those that are asked for, as `PRODUCT/SUBSCRIPTION` or by the subscription's id alone; all of them when none is. Throws Failure
 * `KEYS.UNKNOWN`.
 */
export function chooseSubscriptions({ resources }: Model, wanted: readonly string[]): NamedSubscription[] {
  const all = resources.flatMap((resource) => (resource.kind === "subscription" ? [named(resource)] : []));
  if (wanted.length === 0) return all;
  return wanted.map((text) => {
    const found = all.find(({ id, product }) => [id, `${product}/${id}`].some((name) => isSame(name, text)));
    if (found !== undefined) return found;
    const nearest = nearestName(
      text,
      all.map(({ id, product }) => (text.includes("/") ? `${product}/${id}` : id)),
    );
    throw new Failure("KEYS.UNKNOWN", `the spec names no subscription \`${text}\``, {
      remedy:
        nearest === undefined
          ? "`apimgw keys` without a name lists those there are"
          : `did you mean \`${nearest}\`?`,
    });
  });
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function named({ id, path, body }: Resource): NamedSubscription {
  const [product = "", name = ""] = id.split("/", 2);
  const displayName = stringMember(objectMember(body, "properties") ?? {}, "displayName") ?? name;
  return { id: name, product, displayName, path };
}

/** Reads them; with `shows` their keys too. Throws ServiceFailure. */
export async function listSubscriptions(
  service: LiveService,
  subscriptions: readonly NamedSubscription[],
  { shows }: { readonly shows: boolean },
): Promise<ListedSubscription[]> {
  await requireWorkspace(service);
  return Promise.all(
    subscriptions.map(async (subscription) => {
      const { id, product, displayName } = subscription;
      const state = await stateOf(service, subscription);
      const listed = { id, product, displayName, state };
      return state === null || !shows ? listed : { ...listed, keys: await readKeys(service, subscription) };
    }),
  );
}

/** Null as well for one of the same id that belongs to something else: its keys are none of this spec's. */
async function stateOf(service: LiveService, { path, product }: NamedSubscription): Promise<string | null> {
  const properties = objectMember((await service.get(path))?.body ?? {}, "properties");
  if (properties === undefined || !isSame(subscribedProduct(properties) ?? "", product)) return null;
  return stringMember(properties, "state") ?? "unknown";
}

async function readKeys(service: LiveService, { path }: NamedSubscription): Promise<SubscriptionKeys> {
  const secrets = await service.act(path, "listSecrets");
  return {
    primaryKey: stringMember(secrets, "primaryKey") ?? "",
    secondaryKey: stringMember(secrets, "secondaryKey") ?? "",
  };
}

const actions: Readonly<Record<KeyPosition, string>> = {
  primary: "regeneratePrimaryKey",
  secondary: "regenerateSecondaryKey",
};

/** Makes a new key in place of one. Throws Failure `KEYS.NOT_ON_SERVICE` and ServiceFailure. */
export async function regenerateKey(
  service: LiveService,
  subscription: NamedSubscription,
  position: KeyPosition,
): Promise<void> {
  if ((await stateOf(service, subscription)) === null) throw notOnService(subscription);
  await service.act(subscription.path, actions[position]);
}

function notOnService({ id, product }: NamedSubscription): Failure {
  return new Failure(
    "KEYS.NOT_ON_SERVICE",
    `product \`${product}\` has no subscription \`${id}\` on the service`,
    {
      remedy: "Apply the spec first.",
    },
  );
}
