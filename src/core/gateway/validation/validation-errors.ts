/** What validation policies find, and what becomes of it: https://learn.microsoft.com/azure/api-management/validate-content-policy */
import type { PolicyElement } from "../../policy/tree.ts";
import { attributeValue } from "../../policy/tree.ts";
import type { SectionName } from "../../spec/schema.ts";
import { optionalText, requiredText } from "../attributes.ts";
import type { Reader } from "../attributes.ts";
import type { ApiConfig, GatewayConfig } from "../config.ts";
import type { Exchange } from "../exchange.ts";
import { note } from "../exchange.ts";
import { JArrayValue, JObjectValue, JScalarValue } from "../expression/json/json-values.ts";
import { changesResponse } from "../passing-message.ts";
import { NotSupported, PolicyError } from "../policy-error.ts";
import { operationContract } from "./api-contract.ts";
import type { OperationContract } from "./api-contract.ts";

export type ValidationAction = "ignore" | "prevent" | "detect";

export type ValidationFinding = {
  readonly name: string;
  readonly type: string;
  readonly rule: string;
  readonly details: string;
  /** What the client is told; the same as for every fault of an answer when left out. */
  readonly answer?: string;
  readonly action: ValidationAction;
};

/** Told where the fault is not the caller's. */
const hidden = "The request could not be processed due to an internal error. Contact the API owner.";

/** An action from an attribute that must be there. */
export function actionReader(element: PolicyElement, name: string): Reader<ValidationAction> {
  return checkedAction(requiredText(element, name), `${element.name}/@${name}`);
}

/** An action from an attribute that may be there. */
export function optionalAction(element: PolicyElement, name: string): Reader<ValidationAction> | undefined {
  const read = optionalText(element, name);
  return read === undefined ? undefined : checkedAction(read, `${element.name}/@${name}`);
}

function checkedAction(read: Reader<string>, what: string): Reader<ValidationAction> {
  return (exchange) => {
    const action = read(exchange).trim();
    if (action === "ignore" || action === "prevent" || action === "detect") return action;
    throw new PolicyError(500, `\`${action}\` is no action of ${what}.`, { answer: "Internal server error" });
  };
}

/** What is checked against; throws NotSupported where the document is not known. */
export function contractOf(config: GatewayConfig, { context }: Exchange): OperationContract {
  const api: ApiConfig | undefined = config.apis.find(({ id }) => id === context.api.id);
  const contract = api === undefined ? null : operationContract(api, context.operation.id);
  if (contract !== null) return contract;
  throw new NotSupported(
    `the OpenAPI document of the API \`${context.api.id}\` is not known here, or does not have the operation \`${context.operation.id}\`: import it by the spec's \`openapi\``,
  );
}

/** Deals with what was found: keeps it in the variable, and throws PolicyError for the first that is to be prevented. */
export function report(
  exchange: Exchange,
  element: PolicyElement,
  section: SectionName,
  findings: readonly ValidationFinding[],
): void {
  const counted = findings.filter(({ action }) => action !== "ignore");
  for (const { details, action } of counted) note(exchange, () => `${action}: ${details}`);
  const variable = attributeValue(element, "errors-variable-name");
  if (variable !== undefined && counted.length > 0)
    exchange.context.variables.set(variable, tokenOf(counted));
  const prevented = counted.find(({ action }) => action === "prevent");
  if (prevented === undefined) return;
  const isAnswer = changesResponse(section);
  throw new PolicyError(isAnswer ? 502 : 400, prevented.details, {
    reason: isAnswer ? "Response not allowed" : "Bad request",
    answer: isAnswer ? hidden : (prevented.answer ?? hidden),
  });
}

function tokenOf(findings: readonly ValidationFinding[]): JArrayValue {
  return new JArrayValue(
    findings.map(({ name, type, rule, details, action }) => {
      const members = { Name: name, Type: type, ValidationRule: rule, Details: details, Action: action };
      const object = new JObjectValue();
      for (const [key, value] of Object.entries(members)) object.set(key, new JScalarValue("String", value));
      return object;
    }),
  );
}
