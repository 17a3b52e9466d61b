import type { PolicyRule } from "../policy-rule.ts";
import { attributeOf, codeOf, literalText, placeOf, policiesNamed } from "./policy-places.ts";

export const ignoredFailureUnchecked: PolicyRule = {
  id: "ignored-failure-unchecked",
  severity: "warning",
  summary: "A failure of `send-request` is ignored, and its answer is used unchecked.",
  why: 'With `ignore-error="true"` the variable is null when the call fails, so the next policy that uses it fails, and the client gets the 500 that was to be avoided (learn.microsoft.com/azure/api-management/send-request-policy).',
  examples: {
    bad: `<policies><inbound><base /><send-request mode="new" response-variable-name="user" ignore-error="true"><set-url>https://a.example</set-url><set-method>GET</set-method></send-request><set-variable name="status" value="@(((IResponse)context.Variables[&quot;user&quot;]).StatusCode)" /></inbound></policies>`,
    good: `<policies><inbound><base /><send-request mode="new" response-variable-name="user" ignore-error="true"><set-url>https://a.example</set-url><set-method>GET</set-method></send-request><set-variable name="status" value="@(((IResponse)context.Variables[&quot;user&quot;])?.StatusCode ?? 0)" /></inbound></policies>`,
  },
  check(context) {
    const codes = context.expressions.map(codeOf);
    return policiesNamed(context, "send-request").flatMap(({ element }) => {
      const ignore = attributeOf(element, "ignore-error");
      const name = literalText(attributeOf(element, "response-variable-name")?.value);
      if (ignore?.value !== "true" || name === undefined) return [];
      const uses = codes.filter((code) => code.includes(`"${name}"`));
      const isGuarded = uses.some((code) => /\bnull\b|\?\.|\?\[|\bis IResponse\b/.test(code));
      const isDereferenced = uses.some((code) => code.includes(`"${name}"]).`));
      if (isGuarded || !isDereferenced) return [];
      return [
        {
          message: `\`${name}\` is null when this call fails, and nothing checks that`,
          ...placeOf(element, ignore),
          help: `check it: \`context.Variables["${name}"] != null\`, or use \`?.\``,
        },
      ];
    });
  },
};
