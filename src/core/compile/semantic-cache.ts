/** `semanticCache` of a product: looked up in inbound, stored in outbound. */
import { element, text } from "../policy/build.ts";
import type { PolicyElement } from "../policy/tree.ts";
import { parseDuration } from "../spec/duration.ts";
import type { SemanticCacheSpec } from "../spec/schema.ts";
import { counterKeyExpression } from "./counter-key.ts";

const usualDuration = "5m";

export function cacheLookupPolicy(spec: SemanticCacheSpec, product: string): PolicyElement {
  const { embeddings, scoreThreshold, varyBy, ignoreSystemMessages, maxMessageCount } = spec;
  const vary =
    varyBy === "none" ? [] : [element("vary-by", {}, [text(counterKeyExpression(varyBy, product))])];
  return element(
    "llm-semantic-cache-lookup",
    {
      "score-threshold": String(scoreThreshold),
      "embeddings-backend-id": embeddings,
      "embeddings-backend-auth": "system-assigned",
      "ignore-system-messages": ignoreSystemMessages === undefined ? undefined : String(ignoreSystemMessages),
      "max-message-count": maxMessageCount === undefined ? undefined : String(maxMessageCount),
    },
    vary,
  );
}

export function cacheStorePolicy({ duration = usualDuration }: SemanticCacheSpec): PolicyElement {
  return element("llm-semantic-cache-store", { duration: String(parseDuration(duration) / 1000) });
}
