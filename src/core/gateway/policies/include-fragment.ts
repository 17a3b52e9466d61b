import { requiredAttribute } from "../attributes.ts";
import type { PolicyRunner } from "../policy-definition.ts";
import { runStatements } from "../run-statements.ts";

export const includeFragment: PolicyRunner = {
  name: "include-fragment",
  fidelity: {
    level: "full",
    notes: [["The fragment's policies run at this place and share the request's variables.", "inferred"]],
  },
  prepare: (element, preparation) => {
    const statements = preparation.fragment(requiredAttribute(element, "fragment-id"));
    return (exchange) => runStatements(statements, exchange);
  },
};
