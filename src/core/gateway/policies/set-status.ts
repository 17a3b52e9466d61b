import { newResponse } from "../error-state.ts";
import { statusEdit } from "../message-edits.ts";
import type { PolicyRunner } from "../policy-definition.ts";

export const setStatus: PolicyRunner = {
  name: "set-status",
  fidelity: { level: "full", notes: [["Sets status and reason of the answer.", "documented"]] },
  prepare: (element) => {
    const edit = statusEdit(element);
    return (exchange) => {
      exchange.context.response ??= newResponse(200);
      edit(exchange, exchange.context.response);
      return undefined;
    };
  },
};
