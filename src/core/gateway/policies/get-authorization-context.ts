import { requiredText } from "../attributes.ts";
import { localToken } from "../credentials.ts";
import { keyOf } from "../expression/equality.ts";
import { DictionaryValue, FactsValue } from "../expression/values.ts";
import type { PolicyRunner } from "../policy-definition.ts";

export const getAuthorizationContext: PolicyRunner = {
  name: "get-authorization-context",
  fidelity: {
    level: "partial",
    notes: [
      ["Puts an Authorization with `AccessToken` and `Claims` into the variable.", "documented"],
      ["The token is a local one that names provider and authorization; getting it never fails.", "inferred"],
      ["The claims are empty.", "inferred"],
    ],
  },
  prepare: (element) => {
    const provider = requiredText(element, "provider-id");
    const authorization = requiredText(element, "authorization-id");
    const variable = requiredText(element, "context-variable-name");
    return (exchange) => {
      const token = localToken(`${provider(exchange)}.${authorization(exchange)}`);
      const claims = new DictionaryValue(keyOf, "string", "object");
      const value = new FactsValue("Authorization", { AccessToken: token, Claims: claims });
      exchange.context.variables.set(variable(exchange), value);
      return undefined;
    };
  },
};
