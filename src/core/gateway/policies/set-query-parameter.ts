import { requiredText } from "../attributes.ts";
import { setUrl } from "../exchange.ts";
import { existsAction, valueReaders } from "../message-edits.ts";
import type { PolicyRunner } from "../policy-definition.ts";
import { parseQuery, printQuery } from "../query.ts";
import type { QueryParameter } from "../query.ts";

export const setQueryParameter: PolicyRunner = {
  name: "set-query-parameter",
  fidelity: {
    level: "full",
    notes: [["Overrides, skips, appends to or deletes a query parameter.", "documented"]],
  },
  prepare: (element) => {
    const name = requiredText(element, "name");
    const action = existsAction(element);
    const values = valueReaders(element);
    return (exchange) => {
      const parameter = name(exchange);
      const key = parameter.toLowerCase();
      const all = parseQuery(exchange.context.request.url.queryString);
      const isThere = all.some(([other]) => other.toLowerCase() === key);
      if (action === "skip" && isThere) return undefined;
      const kept = action === "append" ? all : all.filter(([other]) => other.toLowerCase() !== key);
      const added =
        action === "delete" ? [] : values.map((read): QueryParameter => [parameter, read(exchange)]);
      setUrl(exchange, exchange.base, printQuery([...kept, ...added]));
      return undefined;
    };
  },
};
