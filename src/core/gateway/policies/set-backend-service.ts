import { attributeValue } from "../../policy/tree.ts";
import { optionalText } from "../attributes.ts";
import { note, setUrl } from "../exchange.ts";
import { parseUrl } from "../message.ts";
import type { PolicyRunner } from "../policy-definition.ts";
import { internalError, NotSupported, PolicyError } from "../policy-error.ts";

export const setBackendService: PolicyRunner = {
  name: "set-backend-service",
  fidelity: {
    level: "partial",
    notes: [
      ["`backend-id` and `base-url`; the last one that runs wins.", "documented"],
      ["`base-url` does not override a `backend-id` that a broader scope has set.", "documented"],
      ["It records a choice: the member of a pool is picked when the request is forwarded.", "inferred"],
      ["Dapr and Service Fabric are refused.", "documented"],
    ],
  },
  prepare: (element) => {
    const id = optionalText(element, "backend-id");
    const url = optionalText(element, "base-url");
    if (attributeValue(element, "backend-id") === "dapr") throw new NotSupported("Dapr is not simulated");
    if (id === undefined && url === undefined) {
      throw new NotSupported("<set-backend-service> needs `backend-id` or `base-url`");
    }
    return (exchange) => {
      const scope = exchange.at?.scope ?? "global";
      if (id !== undefined) {
        const chosen = id(exchange);
        const config = exchange.instance.backend(chosen);
        if (config === undefined) {
          throw new PolicyError(500, `There is no backend \`${chosen}\`.`, { answer: internalError });
        }
        exchange.choice = { kind: "backend", id: chosen, scope };
        exchange.pinned = undefined;
        if (config.kind === "single") setUrl(exchange, config.address);
        note(exchange, () => `the ${config.kind === "pool" ? "pool" : "backend"} ${config.id}`);
        return undefined;
      }
      const { choice } = exchange;
      if (choice?.kind === "backend" && choice.scope !== scope) {
        note(exchange, () => `left at ${choice.id}: base-url does not override an inherited backend-id`);
        return undefined;
      }
      const text = url?.(exchange) ?? "";
      const parsed = parseUrl(text);
      if (parsed === undefined)
        throw new PolicyError(500, `\`${text}\` is no URL.`, { answer: internalError });
      exchange.choice = { kind: "url", url: parsed };
      exchange.pinned = undefined;
      setUrl(exchange, parsed);
      note(exchange, () => text);
      return undefined;
    };
  },
};
