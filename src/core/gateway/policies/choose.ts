import { childElements } from "../../policy/tree.ts";
import { conditionReader, requiredAttribute } from "../attributes.ts";
import { note } from "../exchange.ts";
import type { PolicyRunner } from "../policy-definition.ts";
import { NotSupported } from "../policy-error.ts";
import { runStatements } from "../run-statements.ts";

export const choose: PolicyRunner = {
  name: "choose",
  fidelity: {
    level: "full",
    notes: [["The first `when` whose condition holds runs, else `otherwise`.", "documented"]],
  },
  prepare: (element, preparation) => {
    const branches = childElements(element).map((branch) => {
      if (branch.name === "otherwise")
        return { name: branch.name, holds: undefined, statements: preparation.children(branch) };
      if (branch.name !== "when") throw new NotSupported(`<choose> cannot hold <${branch.name}>`);
      const holds = conditionReader(requiredAttribute(branch, "condition"), "when/@condition");
      return { name: branch.name, holds, statements: preparation.children(branch) };
    });
    return (exchange) => {
      for (const [index, { name, holds, statements }] of branches.entries()) {
        const isTaken = holds === undefined || holds(exchange);
        note(exchange, () =>
          holds === undefined ? name : `when[${index + 1}]: the condition is ${isTaken}`,
        );
        if (isTaken) return runStatements(statements, exchange);
      }
      return undefined;
    };
  },
};
