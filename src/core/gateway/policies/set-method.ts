import { contentReader } from "../attributes.ts";
import type { PolicyRunner } from "../policy-definition.ts";

export const setMethod: PolicyRunner = {
  name: "set-method",
  fidelity: { level: "full", notes: [["Changes the method of the outgoing request.", "documented"]] },
  prepare: (element) => {
    const method = contentReader(element);
    return (exchange) => {
      exchange.context.request.method = method(exchange).trim();
      return undefined;
    };
  },
};
