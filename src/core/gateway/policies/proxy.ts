import { requiredText } from "../attributes.ts";
import { note } from "../exchange.ts";
import type { PolicyRunner } from "../policy-definition.ts";

export const proxy: PolicyRunner = {
  name: "proxy",
  fidelity: {
    level: "recorded",
    notes: [
      ["The proxy's address is recorded with the request, its credentials are not.", "documented"],
      ["Calls go to their backends without it.", "documented"],
    ],
  },
  prepare: (element) => {
    const url = requiredText(element, "url");
    return (exchange) => {
      const address = url(exchange);
      exchange.recorded.push({ policy: element.name, values: { url: address } });
      note(exchange, () => `would go through ${address}`);
      return undefined;
    };
  },
};
