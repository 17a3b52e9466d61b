import { childElements } from "../../../policy/tree.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { metricPolicies } from "./dimension-without-value.ts";
import { inbound } from "./examples.ts";
import { atElement, doubtful } from "./findings.ts";
import { literalAttribute } from "./literals.ts";
import { placementsAt } from "./placement.ts";

export const duplicateDimension: PolicyRule = {
  id: "duplicate-dimension",
  severity: "error",
  summary: "A metric has two dimensions of one name.",
  why: "The service refuses the document: \"Duplicate dimension 'X'\", reported for emit-metric (https://github.com/microsoft/vscode-apimanagement/issues/287). For the metrics of tokens it is a warning.",
  examples: {
    bad: inbound(
      `<emit-metric name="requests" namespace="app"><dimension name="Team" value="a" /><dimension name="Team" value="b" /></emit-metric>`,
    ),
    good: inbound(
      `<emit-metric name="requests" namespace="app"><dimension name="Team" value="a" /><dimension name="Stage" value="b" /></emit-metric>`,
    ),
  },
  *check(context) {
    for (const policy of metricPolicies) {
      for (const { element } of placementsAt(context, policy)) {
        const seen = new Set<string>();
        for (const dimension of childElements(element)) {
          const name = dimension.name === "dimension" ? literalAttribute(dimension, "name") : undefined;
          if (name === undefined) continue;
          if (seen.has(name)) {
            yield atElement(dimension, {
              message: `the dimension \`${name}\` is there already`,
              ...doubtful(policy !== "emit-metric"),
            });
          }
          seen.add(name);
        }
      }
    }
  },
};
