import { childElements } from "../../policy/tree.ts";
import { conditionReader, requiredAttribute } from "../attributes.ts";
import type { Reader } from "../attributes.ts";
import { note } from "../exchange.ts";
import type { Statement } from "../exchange.ts";
import type { PolicyRunner } from "../policy-definition.ts";
import { NotSupported } from "../policy-error.ts";
import { runStatements } from "../run-statements.ts";

type Branch = {
  readonly name: string;
  /** Absent for `otherwise`. */
  readonly holds: Reader<boolean> | undefined;
  readonly statements: readonly Statement[];
  /** The place of the branch, made when it is first come to. */
  at: Statement | undefined;
};

export const choose: PolicyRunner = {
  name: "choose",
  fidelity: {
    level: "full",
    notes: [["The first `when` whose condition holds runs, else `otherwise`.", "documented"]],
  },
  prepare: (element, preparation) => {
    const branches = childElements(element).map((branch): Branch => {
      if (branch.name === "otherwise")
        return {
          name: branch.name,
          holds: undefined,
          statements: preparation.children(branch),
          at: undefined,
        };
      if (branch.name !== "when") throw new NotSupported(`<choose> cannot hold <${branch.name}>`);
      const holds = conditionReader(requiredAttribute(branch, "condition"), "when/@condition");
      return { name: branch.name, holds, statements: preparation.children(branch), at: undefined };
    });
    return (exchange) => {
      const own = exchange.at;
      for (const [index, branch] of branches.entries()) {
        const { name, holds, statements } = branch;
        // An error in the condition is at the branch.
        if (own !== undefined && holds !== undefined) {
          exchange.at = branch.at ??= { ...own, path: `${own.path}/when[${index + 1}]` };
        }
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
