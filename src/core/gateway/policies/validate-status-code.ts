import { childElements } from "../../policy/tree.ts";
import { requiredAttribute } from "../attributes.ts";
import type { PolicyRunner } from "../policy-definition.ts";
import { actionReader, contractOf, report } from "../validation/validation-errors.ts";

export const validateStatusCode: PolicyRunner = {
  name: "validate-status-code",
  fidelity: {
    level: "full",
    notes: [
      [
        "The answer's status must be in the API's OpenAPI document; else the action of that status; 502.",
        "documented",
      ],
      ["`default` and ranges such as `4XX` specify no status: the import has numbers only.", "inferred"],
      ["Where the API's document is not known, the request stops with a text that says so.", "documented"],
    ],
  },
  prepare: (element, { config, section }) => {
    const unspecified = actionReader(element, "unspecified-status-code-action");
    const named = new Map(
      childElements(element).map((code) => [
        requiredAttribute(code, "code").trim(),
        actionReader(code, "action"),
      ]),
    );
    return (exchange) => {
      const { response } = exchange.context;
      if (response === null) return undefined;
      const { statusCode } = response;
      if (contractOf(config, exchange).responses.has(statusCode)) return undefined;
      const name = String(statusCode);
      const action = (named.get(name) ?? unspecified)(exchange);
      const details = `Response status code ${name} is not allowed.`;
      report(exchange, element, section, [
        { name, type: "StatusCode", rule: "Unspecified", details, action },
      ]);
      return undefined;
    };
  },
};
