import { attributeValue, childElements } from "../../policy/tree.ts";
import type { PolicyElement } from "../../policy/tree.ts";
import type { GatewayResponse } from "../context.ts";
import { newResponse } from "../error-state.ts";
import type { Exchange } from "../exchange.ts";
import { note } from "../exchange.ts";
import { isObjectValue } from "../expression/values.ts";
import type { Value } from "../expression/values.ts";
import { bodyReader, headerEdit, statusEdit } from "../message-edits.ts";
import type { PolicyRunner } from "../policy-definition.ts";
import { internalError, NotSupported, PolicyError } from "../policy-error.ts";

type Edit = (exchange: Exchange, response: GatewayResponse) => void;

export const returnResponse: PolicyRunner = {
  name: "return-response",
  fidelity: {
    level: "partial",
    notes: [
      [
        "Ends the request with 200 and no body, as its children change that, or with a stored response.",
        "documented",
      ],
      ["Nothing runs after it, in no section and no scope.", "inferred"],
      [
        "Without a stored response it starts from nothing: headers of an earlier answer do not survive.",
        "inferred",
      ],
    ],
  },
  prepare: (element) => {
    const edits = childElements(element).map(edit);
    const variable = attributeValue(element, "response-variable-name");
    return (exchange) => {
      const { context } = exchange;
      const response =
        variable === undefined ? newResponse(200) : stored(context.variables.get(variable), variable);
      for (const change of edits) change(exchange, response);
      context.response = response;
      exchange.answeredBy = null;
      exchange.isEnded = true;
      note(exchange, () => `answers ${response.statusCode}`);
      return undefined;
    };
  },
};

function edit(child: PolicyElement): Edit {
  switch (child.name) {
    case "set-status":
      return statusEdit(child);
    case "set-header": {
      const change = headerEdit(child);
      return (exchange, response) => change(exchange, response.headers);
    }
    case "set-body": {
      const read = bodyReader(child, "none");
      return (exchange, response) => {
        response.body = read(exchange);
      };
    }
    default:
      throw new NotSupported(`<return-response> cannot hold <${child.name}>`);
  }
}

function stored(value: Value | undefined, variable: string): GatewayResponse {
  if (value === undefined || !isObjectValue(value) || !isResponse(value)) {
    throw new PolicyError(500, `The variable \`${variable}\` holds no response.`, { answer: internalError });
  }
  return { ...value, headers: value.headers.copy() };
}

function isResponse(value: object & { readonly kind: string }): value is GatewayResponse {
  return value.kind === "IResponse";
}
