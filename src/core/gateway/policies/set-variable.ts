import { toText } from "../expression/to-text.ts";
import { requiredAttribute, valueReader } from "../attributes.ts";
import { note } from "../exchange.ts";
import type { PolicyRunner } from "../policy-definition.ts";

export const setVariable: PolicyRunner = {
  name: "set-variable",
  fidelity: {
    level: "full",
    notes: [
      ["A literal is stored as a string, an expression's value as its own type.", "documented"],
      ["Types outside the documented list are stored too.", "observed"],
    ],
  },
  prepare: (element) => {
    const name = requiredAttribute(element, "name");
    const value = valueReader(requiredAttribute(element, "value"));
    return (exchange) => {
      const given = value(exchange);
      exchange.context.variables.set(name, given);
      note(exchange, () => `${name} = ${toText(given)}`);
      return undefined;
    };
  },
};
