import { requiredText } from "../attributes.ts";
import { isJsonType, mediaType } from "../content-type.ts";
import { note } from "../exchange.ts";
import { passingMessage, passingText, replaceBody } from "../passing-message.ts";
import type { PolicyRunner } from "../policy-definition.ts";
import { queryValue } from "../query.ts";

export const jsonp: PolicyRunner = {
  name: "jsonp",
  fidelity: {
    level: "partial",
    notes: [
      ["Wraps JSON into a call of the function that the query parameter names.", "documented"],
      ["Without the parameter the answer stays as it is.", "documented"],
      ["The call is `name(JSON);`, and Content-Type application/javascript.", "inferred"],
      ["An answer that says that it is something other than JSON stays as it is.", "inferred"],
    ],
  },
  prepare: (element, { section }) => {
    const parameter = requiredText(element, "callback-parameter-name");
    return (exchange) => {
      const { request } = exchange.context;
      const callback = queryValue(request.originalUrl.queryString, parameter(exchange));
      const type = mediaType(passingMessage(exchange, section)?.headers ?? request.headers);
      const isJson = type === undefined || isJsonType(type);
      const text =
        callback === undefined || callback === "" || !isJson ? undefined : passingText(exchange, section);
      note(exchange, () => (text === undefined ? "left as it is" : `wrapped in ${callback}(…)`));
      if (text !== undefined) {
        replaceBody(exchange, section, `${callback}(${text});`, "application/javascript");
      }
      return undefined;
    };
  },
};
