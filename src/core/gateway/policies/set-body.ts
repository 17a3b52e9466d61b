import { newResponse } from "../error-state.ts";
import { bodyReader } from "../message-edits.ts";
import { changesResponse } from "../passing-message.ts";
import type { PolicyRunner } from "../policy-definition.ts";
import { internalError, PolicyError } from "../policy-error.ts";

export const setBody: PolicyRunner = {
  name: "set-body",
  fidelity: {
    level: "partial",
    notes: [
      ["Text, or one expression that gives a string or bytes.", "documented"],
      ["Fails when the request has no body.", "documented"],
      ["White space that only lays out XML in the policy is not kept.", "inferred"],
      ["Liquid templates with `body`, by the message's Content-Type, and `context`.", "documented"],
      [
        "Liquid's filters are those of the page, in Pascal case; `Replace` takes regular expressions; tags are assign, capture, case, comment, cycle, for, if, raw, unless and JSONArrayFor.",
        "documented",
      ],
      [
        "XML is read by local names in any case; an element without others in it is its text, several of one name are a list.",
        "observed",
      ],
      ["JSONArrayFor puts commas between what it goes through.", "documented"],
      ["Templates have `context.Variables`, beside what the page lists.", "inferred"],
      [
        "What DotLiquid prints for an object, compares or adds of unlike kinds, and `Currency`, are refused.",
        "inferred",
      ],
      ["With another Content-Type, and in return-response, `body` is nothing.", "documented"],
    ],
  },
  prepare: (element, { section }) => {
    const read = bodyReader(element, section);
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
