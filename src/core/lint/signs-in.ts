import type { Model } from "../model/resource.ts";
import { walkElements } from "../policy/walk.ts";

/** Whether any document gets a token of the gateway's identity. */
export function signsIn({ resources }: Model): boolean {
  let isFound = false;
  for (const { document } of resources) {
    if (document === undefined) continue;
    walkElements(document.root, ({ name }) => {
      isFound ||= name === "authentication-managed-identity";
    });
  }
  return isFound;
}
