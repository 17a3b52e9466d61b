import { childElements } from "../../policy/tree.ts";
import { contentReader, requiredText } from "../attributes.ts";
import { note } from "../exchange.ts";
import type { PolicyRunner } from "../policy-definition.ts";

export const trace: PolicyRunner = {
  name: "trace",
  fidelity: {
    level: "recorded",
    notes: [["Source and message are in the request's trace and among what was recorded.", "documented"]],
  },
  prepare: (element) => {
    const source = requiredText(element, "source");
    const message = childElements(element)
      .filter(({ name }) => name === "message")
      .map(contentReader);
    return (exchange) => {
      const values = { source: source(exchange), message: message.map((read) => read(exchange)).join("") };
      exchange.recorded.push({ policy: "trace", values });
      note(exchange, () => `${values.source}: ${values.message}`);
      return undefined;
    };
  },
};
