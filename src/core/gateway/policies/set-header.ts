import { newResponse } from "../error-state.ts";
import { headerEdit } from "../message-edits.ts";
import { changesResponse } from "../passing-message.ts";
import type { PolicyRunner } from "../policy-definition.ts";

export const setHeader: PolicyRunner = {
  name: "set-header",
  fidelity: {
    level: "full",
    notes: [["Overrides, skips, appends to or deletes a header of the message that passes.", "documented"]],
  },
  prepare: (element, { section }) => {
    const edit = headerEdit(element);
    if (!changesResponse(section)) {
      return (exchange) => {
        edit(exchange, exchange.context.request.headers);
        return undefined;
      };
    }
    return (exchange) => {
      exchange.context.response ??= newResponse(200);
      edit(exchange, exchange.context.response.headers);
      return undefined;
    };
  },
};
