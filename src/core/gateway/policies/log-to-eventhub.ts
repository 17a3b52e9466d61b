import { contentReader, requiredAttribute } from "../attributes.ts";
import type { PolicyRunner } from "../policy-definition.ts";

export const logToEventHub: PolicyRunner = {
  name: "log-to-eventhub",
  fidelity: {
    level: "recorded",
    notes: [["Logger and message are recorded with the request.", "documented"]],
  },
  prepare: (element) => {
    const logger = requiredAttribute(element, "logger-id");
    const message = contentReader(element);
    return (exchange) => {
      exchange.recorded.push({ policy: element.name, values: { logger, message: message(exchange) } });
      return undefined;
    };
  },
};
