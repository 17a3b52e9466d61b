import { childElements } from "../../policy/tree.ts";
import { contentReader, flagReader, numberReader, optionalText, requiredText } from "../attributes.ts";
import { note } from "../exchange.ts";
import type { PolicyRunner } from "../policy-definition.ts";
import { PolicyError } from "../policy-error.ts";

export const checkHeader: PolicyRunner = {
  name: "check-header",
  fidelity: {
    level: "full",
    notes: [["The header must be there, with one of the values if there are any.", "documented"]],
  },
  prepare: (element) => {
    const name = requiredText(element, "name");
    const status = numberReader(element, "failed-check-httpcode") ?? (() => 401);
    const message = optionalText(element, "failed-check-error-message") ?? (() => "");
    const ignoresCase = flagReader(element, "ignore-case", false);
    const allowed = childElements(element)
      .filter((child) => child.name === "value")
      .map(contentReader);
    return (exchange) => {
      const header = name(exchange);
      const value = exchange.context.request.headers.get(header)?.join(",");
      const fail = (reason: string, text: string): never => {
        throw new PolicyError(status(exchange), text, { reason, answer: message(exchange) });
      };
      if (value === undefined) {
        return fail("HeaderNotFound", `Header ${header} was not found in the request. Access denied.`);
      }
      const fold = (text: string): string => (ignoresCase(exchange) ? text.toLowerCase() : text);
      const isAllowed = allowed.length === 0 || allowed.some((read) => fold(read(exchange)) === fold(value));
      note(exchange, () => `${header} is ${isAllowed ? "allowed" : "not allowed"}`);
      if (isAllowed) return undefined;
      return fail(
        "HeaderValueNotAllowed",
        `Header ${header} value of ${value} is not allowed. Access denied.`,
      );
    };
  },
};
