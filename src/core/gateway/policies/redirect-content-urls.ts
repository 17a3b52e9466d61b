import { createBody } from "../message.ts";
import { changesResponse } from "../passing-message.ts";
import type { PolicyRunner } from "../policy-definition.ts";

export const redirectContentUrls: PolicyRunner = {
  name: "redirect-content-urls",
  fidelity: {
    level: "full",
    notes: [
      [
        "In answers, addresses of the backend become addresses of the gateway; in requests the other way round.",
        "documented",
      ],
      ["Headers such as `Location` are left alone.", "documented"],
    ],
  },
  prepare: (_, { section }) => {
    const isResponse = changesResponse(section);
    return (exchange) => {
      const { request, response, api } = exchange.context;
      const message = isResponse ? response : request;
      const { base } = exchange;
      if (message?.body == null || base === undefined) return undefined;
      const { scheme, host } = request.originalUrl;
      const own = `${scheme}://${host}/${api.path}`;
      const backend = `${base.scheme}://${base.host}${base.path === "/" ? "" : base.path}`;
      const [from, to] = isResponse ? [backend, own] : [own, backend];
      message.body = createBody(new TextDecoder().decode(message.body.bytes).replaceAll(from, () => to));
      if (!isResponse) exchange.isBodyKept = true;
      return undefined;
    };
  },
};
