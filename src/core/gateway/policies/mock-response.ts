import { attributeValue } from "../../policy/tree.ts";
import { newResponse } from "../error-state.ts";
import { note } from "../exchange.ts";
import type { PolicyRunner } from "../policy-definition.ts";

export const mockResponse: PolicyRunner = {
  name: "mock-response",
  fidelity: {
    level: "partial",
    notes: [
      ["Ends the request with the status and content type that it names.", "documented"],
      ["The body is empty: examples and schemas of the OpenAPI document are not looked up.", "documented"],
    ],
  },
  prepare: (element) => {
    const status = Number(attributeValue(element, "status-code") ?? "200");
    const type = attributeValue(element, "content-type");
    return (exchange) => {
      const response = newResponse(status);
      if (type !== undefined) response.headers.set("Content-Type", [type]);
      exchange.context.response = response;
      exchange.answeredBy = null;
      exchange.isEnded = true;
      note(exchange, () => `answers ${status}`);
      return undefined;
    };
  },
};
