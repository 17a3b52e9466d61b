import { attributeValue } from "../../policy/tree.ts";
import { requiredAttribute, requiredNumber, requiredText, valueReader } from "../attributes.ts";
import type { Exchange } from "../exchange.ts";
import { note } from "../exchange.ts";
import type { Value } from "../expression/values.ts";
import type { PolicyRunner } from "../policy-definition.ts";

export const cacheLookupValue: PolicyRunner = {
  name: "cache-lookup-value",
  fidelity: {
    level: "full",
    notes: [
      ["Sets the variable to the cached value, or to `default-value`.", "documented"],
      ["Without either the variable is not set.", "observed"],
      ["There is one internal cache per gateway instance, and no external one.", "inferred"],
    ],
  },
  prepare: (element) => {
    const key = requiredText(element, "key");
    const variable = requiredAttribute(element, "variable-name");
    const fallback = attributeValue(element, "default-value");
    const read = fallback === undefined ? undefined : valueReader(fallback);
    return (exchange) => {
      const found = lookUp(exchange, key(exchange));
      note(exchange, () => (found === undefined ? "not in the cache" : "found in the cache"));
      const value = found ?? read?.(exchange);
      if (value !== undefined) exchange.context.variables.set(variable, value);
      return undefined;
    };
  },
};

export const cacheStoreValue: PolicyRunner = {
  name: "cache-store-value",
  fidelity: {
    level: "full",
    notes: [["Stored at once; on the service a lookup right after may miss.", "documented"]],
  },
  prepare: (element) => {
    const key = requiredText(element, "key");
    const value = valueReader(requiredAttribute(element, "value"));
    const duration = requiredNumber(element, "duration");
    return (exchange) => {
      const until = exchange.now() + duration(exchange) * 1000;
      exchange.instance.cache.set(key(exchange), { value: value(exchange), until });
      return undefined;
    };
  },
};

export const cacheRemoveValue: PolicyRunner = {
  name: "cache-remove-value",
  fidelity: { level: "full", notes: [["Takes the value out of the internal cache.", "documented"]] },
  prepare: (element) => {
    const key = requiredText(element, "key");
    return (exchange) => {
      exchange.instance.cache.delete(key(exchange));
      return undefined;
    };
  },
};

function lookUp({ instance, now }: Exchange, key: string): Value | undefined {
  const entry = instance.cache.get(key);
  if (entry === undefined) return undefined;
  if (entry.until > now()) return entry.value;
  instance.cache.delete(key);
  return undefined;
}
