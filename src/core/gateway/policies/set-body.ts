import { newResponse } from "../error-state.ts";
import { bodyReader, changesResponse } from "../message-edits.ts";
import type { PolicyRunner } from "../policy-definition.ts";
import { internalError, PolicyError } from "../policy-error.ts";

export const setBody: PolicyRunner = {
  name: "set-body",
  fidelity: {
    level: "partial",
    notes: [
      ["Text, or one expression that gives a string or bytes.", "documented"],
      ["Fails when the request has no body.", "documented"],
      ["Liquid templates are refused.", "documented"],
    ],
  },
  prepare: (element, { section }) => {
    const read = bodyReader(element);
    if (changesResponse(section)) {
      return (exchange) => {
        const body = read(exchange);
        exchange.context.response ??= newResponse(200);
        exchange.context.response.body = body;
        return undefined;
      };
    }
    return (exchange) => {
      const { request } = exchange.context;
      if (request.body === null) {
        throw new PolicyError(500, "The request has no body to set.", { answer: internalError });
      }
      request.body = read(exchange);
      exchange.isBodyKept = true;
      exchange.isBodySpent = false;
      return undefined;
    };
  },
};
