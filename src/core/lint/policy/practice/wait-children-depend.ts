import { childElements } from "../../../policy/tree.ts";
import type { PolicyElement } from "../../../policy/tree.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { attributeOf, codeOf, descendants, placeOf, policiesNamed } from "./policy-places.ts";

const outputAttributes = ["response-variable-name", "variable-name", "output-token-variable-name"];

export const waitChildrenDepend: PolicyRule = {
  id: "wait-children-depend",
  severity: "warning",
  summary: "A child of `wait` reads what another child brings.",
  why: "The children of `wait` run at the same time: a variable that one sets is not there when another reads it (learn.microsoft.com/azure/api-management/wait-policy).",
  examples: {
    bad: `<policies><inbound><base /><wait for="all"><cache-lookup-value key="host" variable-name="host" /><send-request mode="new" response-variable-name="user"><set-url>@("https://" + (string)context.Variables["host"])</set-url><set-method>GET</set-method></send-request></wait></inbound></policies>`,
    good: `<policies><inbound><base /><cache-lookup-value key="host" variable-name="host" /><wait for="all"><send-request mode="new" response-variable-name="user"><set-url>@("https://" + (string)context.Variables["host"])</set-url><set-method>GET</set-method></send-request></wait></inbound></policies>`,
  },
  check(context) {
    const waits = policiesNamed(context, "wait").map(({ element }) => element);
    const outputs = new Map(waits.flatMap(childElements).map((child) => [child, writtenBy(child)]));
    return context.expressions.flatMap((placed) => {
      const path = [...placed.place.ancestors, placed.place.element];
      const position = path.findLastIndex(({ name }) => name === "wait");
      const [wait, child] = path.slice(position === -1 ? path.length : position);
      if (wait === undefined || child === undefined) return [];
      const code = codeOf(placed);
      const own = outputs.get(child) ?? [];
      const foreign = childElements(wait)
        .flatMap((sibling) => (sibling === child ? [] : (outputs.get(sibling) ?? [])))
        .find((name) => code.includes(`"${name}"`) && !own.includes(name));
      if (foreign === undefined) return [];
      return [
        {
          message: `\`${foreign}\` is set by another child of this \`wait\`, which runs at the same time`,
          ...placeOf(placed.place.element, placed.attribute),
          help: "move the child that sets it before the `wait`",
        },
      ];
    });
  },
};

function writtenBy(child: PolicyElement): string[] {
  return [child, ...descendants(child)].flatMap((element) => {
    const names = element.name === "set-variable" ? ["name"] : outputAttributes;
    return names.flatMap((name) => attributeOf(element, name)?.value ?? []);
  });
}
