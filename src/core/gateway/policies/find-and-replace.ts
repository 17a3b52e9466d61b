import { requiredText } from "../attributes.ts";
import { createBody } from "../message.ts";
import { changesResponse } from "../passing-message.ts";
import type { PolicyRunner } from "../policy-definition.ts";

export const findAndReplace: PolicyRunner = {
  name: "find-and-replace",
  fidelity: {
    level: "full",
    notes: [["Replaces a text in the body of the message that passes.", "documented"]],
  },
  prepare: (element, { section }) => {
    const from = requiredText(element, "from");
    const to = requiredText(element, "to");
    return (exchange) => {
      const { request, response } = exchange.context;
      const message = changesResponse(section) ? response : request;
      const wanted = from(exchange);
      if (message?.body == null || wanted === "") return undefined;
      const text = new TextDecoder().decode(message.body.bytes);
      message.body = createBody(text.replaceAll(wanted, () => to(exchange)));
      if (message === request) exchange.isBodyKept = true;
      return undefined;
    };
  },
};
