/** `rate-limit` and `quota`: per subscription, for all calls and for those of single APIs and operations. */
import { attributeValue, childElements } from "../policy/tree.ts";
import type { PolicyElement } from "../policy/tree.ts";
import type { Reader } from "./attributes.ts";
import type { GatewayContext } from "./context.ts";
import type { Policy, ScopeName } from "./exchange.ts";

type Limit = { readonly applies: (context: GatewayContext) => boolean; readonly run: Policy };

/**
 * The policy of an element whose children name APIs and operations, by id or by name. `limit` makes the policy of one element with
 * the key that it counts by.
 */
export function perSubscription(
  element: PolicyElement,
  scope: ScopeName,
  limit: (element: PolicyElement, key: Reader<string>) => Policy,
): Policy {
  const limits = limitsOf(element, scope, limit, () => true);
  return (exchange) => {
    const { context } = exchange;
    if (context.subscription === null) return undefined;
    for (const { applies, run } of limits) if (applies(context)) void run(exchange);
    return undefined;
  };
}

function limitsOf(
  element: PolicyElement,
  place: string,
  limit: (element: PolicyElement, key: Reader<string>) => Policy,
  applies: Limit["applies"],
): Limit[] {
  const key: Reader<string> = ({ context }) => `${place}|${context.subscription?.id ?? ""}`;
  // An API may be named for the sake of its operations only.
  const hasOwn = ["calls", "bandwidth"].some((name) => attributeValue(element, name) !== undefined);
  const own = hasOwn ? [{ applies, run: limit(element, key) }] : [];
  const nested = childElements(element).flatMap((child, index) =>
    limitsOf(
      child,
      `${place}/${child.name}[${index}]`,
      limit,
      (context) => applies(context) && isAbout(child, context),
    ),
  );
  return [...own, ...nested];
}

function isAbout(child: PolicyElement, { api, operation }: GatewayContext): boolean {
  const entity = child.name === "api" ? api : operation;
  const id = attributeValue(child, "id");
  return id === undefined ? attributeValue(child, "name") === entity.name : id === entity.id;
}
