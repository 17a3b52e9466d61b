import { childElements } from "../../policy/tree.ts";
import { requiredAttribute } from "../attributes.ts";
import type { PolicyRunner } from "../policy-definition.ts";
import { parameterFindings } from "../validation/parameter-findings.ts";
import { actionReader, contractOf, report } from "../validation/validation-errors.ts";
import type { ValidationFinding } from "../validation/validation-errors.ts";

export const validateHeaders: PolicyRunner = {
  name: "validate-headers",
  fidelity: {
    level: "partial",
    notes: [
      [
        "Headers of answers against the API's OpenAPI document, with actions of single ones; 502.",
        "documented",
      ],
      [
        "Answers count by their exact status; every header that is not listed for it is unspecified.",
        "inferred",
      ],
      ["Where the API's document is not known, the request stops with a text that says so.", "documented"],
    ],
  },
  prepare: (element, { config, section }) => {
    const specified = actionReader(element, "specified-header-action");
    const unspecified = actionReader(element, "unspecified-header-action");
    const named = new Map(
      childElements(element).map((header) => [
        requiredAttribute(header, "name").toLowerCase(),
        actionReader(header, "action"),
      ]),
    );
    return (exchange) => {
      const { response } = exchange.context;
      if (response === null) return undefined;
      const contract = contractOf(config, exchange);
      const headers = contract.responses.get(response.statusCode)?.headers ?? [];
      const known = headers.flatMap((header) => {
        const action = (named.get(header.name.toLowerCase()) ?? specified)(exchange);
        if (action === "ignore") return [];
        const values = response.headers.get(header.name) ?? [];
        return parameterFindings(header, values, contract, { place: "header", isAnswer: true, action });
      });
      const listed = new Set(headers.map(({ name }) => name.toLowerCase()));
      const others = response.headers.entries().filter(({ name }) => !listed.has(name.toLowerCase()));
      const unknown = others.map(({ name }): ValidationFinding => {
        const action = (named.get(name.toLowerCase()) ?? unspecified)(exchange);
        const details = `Unspecified header ${name} is not allowed.`;
        return { name, type: "ResponseHeader", rule: "Unspecified", details, action };
      });
      report(exchange, element, section, [...known, ...unknown]);
      return undefined;
    };
  },
};
