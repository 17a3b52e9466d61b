import { optionalText } from "../attributes.ts";
import type { Exchange, Statement, Steps } from "../exchange.ts";
import type { PolicyRunner } from "../policy-definition.ts";

export const waitFor: PolicyRunner = {
  name: "wait",
  fidelity: {
    level: "full",
    notes: [
      ["Its children run side by side; it goes on when all, or the first of them, are done.", "documented"],
    ],
  },
  prepare: (element, preparation) => {
    const until = optionalText(element, "for");
    const statements = preparation.children(element);
    return function* (exchange) {
      yield {
        kind: "together",
        until: until?.(exchange) === "any" ? "any" : "all",
        tasks: statements.map((statement) => task(statement, exchange)),
      };
    };
  },
};

function* task(statement: Statement, exchange: Exchange): Steps {
  exchange.at = statement;
  const steps = statement.run(exchange);
  if (steps !== undefined) yield* steps;
}
