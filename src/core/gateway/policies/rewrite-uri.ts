import { startsAsExpression } from "../../policy/expression/scan.ts";
import { flagReader, requiredAttribute, textReader } from "../attributes.ts";
import type { Exchange } from "../exchange.ts";
import { note, setUrl } from "../exchange.ts";
import type { PolicyRunner } from "../policy-definition.ts";
import { internalError, PolicyError } from "../policy-error.ts";
import { parseQuery, printQuery } from "../query.ts";

export const rewriteUri: PolicyRunner = {
  name: "rewrite-uri",
  fidelity: {
    level: "full",
    notes: [
      [
        "Replaces the path and query below the backend's URL; `{name}` takes matched parameters.",
        "documented",
      ],
      ["`copy-unmatched-params` appends what the operation's template does not name.", "documented"],
      ["A placeholder that nothing matched fails the request.", "inferred"],
    ],
  },
  prepare: (element) => {
    const text = requiredAttribute(element, "template");
    const isLiteral = !startsAsExpression(text);
    const template = textReader(text);
    const copies = flagReader(element, "copy-unmatched-params", true);
    return (exchange) => {
      const given = template(exchange);
      const filled = isLiteral ? fill(given, exchange) : given;
      const [path = "", query = ""] = filled.split("?", 2);
      const own = parseQuery(query);
      const taken = new Set(own.map(([name]) => name.toLowerCase()));
      const named = exchange.template.queryParameters;
      const copied = copies(exchange)
        ? parseQuery(exchange.context.request.url.queryString).filter(
            ([name]) => !named.has(name) && !taken.has(name.toLowerCase()),
          )
        : [];
      exchange.remainder = path.startsWith("/") ? path : `/${path}`;
      setUrl(exchange, exchange.base, printQuery([...own, ...copied]));
      note(exchange, () => filled);
      return undefined;
    };
  },
};

function fill(template: string, exchange: Exchange): string {
  return template.replace(/\{([^{}]+)\}/g, (_, name: string) => {
    const value = exchange.context.request.matchedParameters.get(name);
    if (value === undefined) {
      throw new PolicyError(500, `The template's {${name}} is no parameter of the operation.`, {
        answer: internalError,
      });
    }
    return encodeURIComponent(value);
  });
}
