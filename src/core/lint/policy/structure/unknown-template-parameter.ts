import type { PolicyRule } from "../policy-rule.ts";
import { parameterName, placeholders } from "../template-parameters.ts";
import { inbound } from "./examples.ts";
import { atValue } from "./findings.ts";
import { isComputed } from "./literals.ts";
import { placementsAt } from "./placement.ts";

const templateParameters = ["id"];

export const unknownTemplateParameter: PolicyRule = {
  id: "unknown-template-parameter",
  severity: "error",
  summary: "The template of `rewrite-uri` names a parameter that the operation does not have.",
  why: "The service answers `Only parameters specified in the original URL template can be used in the rewrite template` (Azure/azure-powershell#9171). `apimgw lint` knows the operation from the API's OpenAPI document; in loose files this is not checked.",
  examples: {
    bad: {
      text: inbound(`<rewrite-uri template="/v2/orders/{order-id}" />`),
      scope: "operation",
      templateParameters,
    },
    good: {
      text: inbound(`<rewrite-uri template="/v2/orders/{id}" />`),
      scope: "operation",
      templateParameters,
    },
  },
  *check(context) {
    if (context.templateParameters === undefined) return;
    const known = new Set(context.templateParameters.map(parameterName));
    for (const { element } of placementsAt(context, "rewrite-uri")) {
      const attribute = element.attributes.find(({ name }) => name === "template");
      if (attribute === undefined || isComputed(attribute.value)) continue;
      for (const name of placeholders(attribute.value)) {
        if (known.has(parameterName(name))) continue;
        yield atValue(element, attribute, {
          message: `the operation has no parameter \`${name}\``,
          help: "name parameters of the operation's URL template only, or make the whole template an expression",
        });
      }
    }
  },
};
