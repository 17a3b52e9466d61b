import { childElement, childElements } from "../../policy/tree.ts";
import type { PolicyElement } from "../../policy/tree.ts";
import { requiredAttribute } from "../attributes.ts";
import type { Reader } from "../attributes.ts";
import type { Exchange } from "../exchange.ts";
import type { PolicyRunner } from "../policy-definition.ts";
import { parseQuery } from "../query.ts";
import type { OperationContract, ParameterContract } from "../validation/api-contract.ts";
import { parameterFindings } from "../validation/parameter-findings.ts";
import { actionReader, contractOf, optionalAction, report } from "../validation/validation-errors.ts";
import type { ValidationAction, ValidationFinding } from "../validation/validation-errors.ts";

export const validateParameters: PolicyRunner = {
  name: "validate-parameters",
  fidelity: {
    level: "partial",
    notes: [
      [
        "Headers, query and path against the API's OpenAPI document, with actions of each; 400.",
        "documented",
      ],
      [
        "A parameter that is required and missing does not conform; the service's list has no word for it.",
        "inferred",
      ],
      [
        "Every header and query parameter that the document does not have counts, the subscription key too.",
        "inferred",
      ],
      ["Objects in parameters are not looked into.", "inferred"],
      ["Faults are worded as Newtonsoft's, without a place.", "inferred"],
      ["Where the API's document is not known, the request stops with a text that says so.", "documented"],
    ],
  },
  prepare: (element, { config, section }) => {
    const places = [
      { place: "header", actions: actionsOf(element, "headers") },
      { place: "query", actions: actionsOf(element, "query") },
      { place: "path", actions: actionsOf(element, "path") },
    ] as const;
    return (exchange) => {
      const contract = contractOf(config, exchange);
      const findings = places.flatMap(({ place, actions }) => findingsOf(exchange, contract, place, actions));
      report(exchange, element, section, findings);
      return undefined;
    };
  },
};

type Actions = (exchange: Exchange, name: string, isSpecified: boolean) => ValidationAction;

/** The action of a parameter by name, else of its place, else of the policy. */
function actionsOf(element: PolicyElement, place: "headers" | "query" | "path"): Actions {
  const own = childElement(element, place);
  const named = new Map<string, Reader<ValidationAction>>(
    (own === undefined ? [] : childElements(own)).map((parameter) => [
      requiredAttribute(parameter, "name").toLowerCase(),
      actionReader(parameter, "action"),
    ]),
  );
  const read = (name: string): Reader<ValidationAction> =>
    (own === undefined ? undefined : optionalAction(own, name)) ?? actionReader(element, name);
  const specified = read("specified-parameter-action");
  const unspecified = read("unspecified-parameter-action");
  return (exchange, name, isSpecified) =>
    (named.get(name.toLowerCase()) ?? (isSpecified ? specified : unspecified))(exchange);
}

type Given = { readonly name: string; readonly values: readonly string[] };

function findingsOf(
  exchange: Exchange,
  contract: OperationContract,
  place: ParameterContract["place"],
  actions: Actions,
): ValidationFinding[] {
  const specified = contract.parameters.filter((parameter) => parameter.place === place);
  const given = givenIn(exchange, place);
  const known = specified.flatMap((parameter) => {
    const action = actions(exchange, parameter.name, true);
    if (action === "ignore") return [];
    const values = given.find(({ name }) => isSame(name, parameter.name))?.values ?? [];
    return parameterFindings(parameter, values, contract, { place, isAnswer: false, action });
  });
  const others = given.filter(({ name }) => !specified.some((parameter) => isSame(parameter.name, name)));
  const type = place === "header" ? "RequestHeader" : place === "query" ? "QueryParameter" : "PathParameter";
  const what = place === "header" ? "header" : `${place} parameter`;
  const unknown = others.map(({ name }): ValidationFinding => {
    const details = `Unspecified ${what} ${name} is not allowed.`;
    return {
      name,
      type,
      rule: "Unspecified",
      details,
      answer: details,
      action: actions(exchange, name, false),
    };
  });
  return [...known, ...unknown];
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function givenIn({ context: { request }, template }: Exchange, place: ParameterContract["place"]): Given[] {
  if (place === "header") return request.headers.entries().map(({ name, values }) => ({ name, values }));
  if (place === "path") {
    return template.pathParameters
      .filter((name) => name !== "*")
      .map((name) => ({ name, values: [request.matchedParameters.get(name) ?? ""] }));
  }
  const byName = Map.groupBy(parseQuery(request.originalUrl.queryString), ([name]) => name);
  return [...byName].map(([name, pairs]) => ({ name, values: pairs.map(([, value]) => value) }));
}
