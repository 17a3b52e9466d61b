import { attributeValue } from "../../policy/tree.ts";
import { requiredText } from "../attributes.ts";
import { localToken } from "../credentials.ts";
import type { PolicyRunner } from "../policy-definition.ts";

export const authenticationManagedIdentity: PolicyRunner = {
  name: "authentication-managed-identity",
  fidelity: {
    level: "partial",
    notes: [
      ["Sets `Authorization: Bearer`, or a variable with `output-token-variable-name`.", "documented"],
      ["The token is a local one that names the resource; getting it never fails.", "inferred"],
    ],
  },
  prepare: (element) => {
    const resource = requiredText(element, "resource");
    const variable = attributeValue(element, "output-token-variable-name");
    return (exchange) => {
      const token = localToken(resource(exchange));
      if (variable === undefined) exchange.context.request.headers.set("Authorization", [`Bearer ${token}`]);
      else exchange.context.variables.set(variable, token);
      return undefined;
    };
  },
};
