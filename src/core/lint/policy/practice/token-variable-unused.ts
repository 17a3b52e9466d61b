import type { PolicyRule } from "../policy-rule.ts";
import { attributeOf, literalText, placeOf, policiesNamed } from "./policy-places.ts";

export const tokenVariableUnused: PolicyRule = {
  id: "token-variable-unused",
  severity: "warning",
  summary: "A managed identity's token is put in a variable that nothing reads.",
  why: "With `output-token-variable-name` the token goes to the variable, and it is for another policy to send it: without one the backend sees no token (learn.microsoft.com/azure/api-management/authentication-managed-identity-policy).",
  examples: {
    bad: `<policies><inbound><base /><authentication-managed-identity resource="https://cognitiveservices.azure.com" output-token-variable-name="token" /></inbound></policies>`,
    good: `<policies><inbound><base /><authentication-managed-identity resource="https://cognitiveservices.azure.com" output-token-variable-name="token" /><set-header name="Authorization" exists-action="override"><value>@("Bearer " + (string)context.Variables["token"])</value></set-header></inbound></policies>`,
  },
  check(context) {
    if (context.shape !== "document" || context.named("include-fragment").length > 0) return [];
    const known = new Map<string, boolean>();
    return policiesNamed(context, "authentication-managed-identity").flatMap(({ element }) => {
      const output = attributeOf(element, "output-token-variable-name");
      const name = literalText(output?.value);
      if (name === undefined || isRead(name)) return [];
      return [
        {
          message: `nothing in this document reads the token in \`${name}\``,
          ...placeOf(element, output),
          help: `set the header: \`<value>@("Bearer " + (string)context.Variables["${name}"])</value>\`, or leave \`output-token-variable-name\` out`,
        },
      ];
    });

    function isRead(name: string): boolean {
      const before = known.get(name);
      if (before !== undefined) return before;
      const found = context.elements.some(
        ({ element }) =>
          element.attributes.some(({ value }) => value.includes(`"${name}"`)) ||
          element.children.some((node) => node.type === "text" && node.value.includes(name)),
      );
      known.set(name, found);
      return found;
    }
  },
};
