/** Which of the service's identities the policies sign in with. */
import { attributeValue } from "../policy/tree.ts";
import type { PolicyDocument, PolicyElement } from "../policy/tree.ts";
import { walkElements } from "../policy/walk.ts";
import type { ApiSpec } from "../spec/schema.ts";

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The client id that most tokens are got with; undefined when most are got as the service itself. A spec has one identity: tokens of
 * another one stay policy XML.
 */
export function recognizeIdentity(documents: readonly PolicyDocument[]): string | undefined {
  const counts = new Map<string | undefined, number>();
  for (const { root } of documents) {
    walkElements(root, (element) => {
      if (element.name !== "authentication-managed-identity") return;
      const clientId = attributeValue(element, "client-id");
      if (clientId !== undefined && !guid.test(clientId)) return;
      counts.set(clientId, (counts.get(clientId) ?? 0) + 1);
    });
  }
  const [most] = [...counts].sort(
    ([a, countA], [b, countB]) => countB - countA || ((a ?? "") < (b ?? "") ? -1 : 1),
  );
  return most?.[0];
}

/** Whether this is what the compiler writes for `managedIdentity`. */
export function isTokenFor(
  element: PolicyElement,
  resource: ApiSpec["managedIdentity"],
  clientId: string | undefined,
): boolean {
  return (
    element.name === "authentication-managed-identity" &&
    element.attributes.length === (clientId === undefined ? 1 : 2) &&
    attributeValue(element, "resource") === resource &&
    attributeValue(element, "client-id") === clientId
  );
}
