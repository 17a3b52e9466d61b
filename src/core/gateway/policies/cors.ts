import { attributeValue, childElement, childElements } from "../../policy/tree.ts";
import type { PolicyElement } from "../../policy/tree.ts";
import { contentReader, flagReader } from "../attributes.ts";
import type { Reader } from "../attributes.ts";
import { newResponse } from "../error-state.ts";
import { note } from "../exchange.ts";
import { HeaderMap } from "../message.ts";
import type { PolicyRunner } from "../policy-definition.ts";

export const cors: PolicyRunner = {
  name: "cors",
  fidelity: {
    level: "partial",
    notes: [
      ["Answers preflight requests; adds the headers to answers for allowed origins.", "documented"],
      [
        "A preflight request that matches nothing gets 200 without headers, as if the policy were not there.",
        "documented",
      ],
      ["`terminate-unmatched-request` answers 200 to origins that are not allowed.", "documented"],
    ],
  },
  prepare: (element) => {
    const origins = list(element, "allowed-origins", ["*"]);
    const methods = list(element, "allowed-methods", ["GET", "POST"]);
    const headers = list(element, "allowed-headers", []);
    const exposed = list(element, "expose-headers", []);
    const credentials = flagReader(element, "allow-credentials", false);
    const terminates = flagReader(element, "terminate-unmatched-request", false);
    const methodList = childElement(element, "allowed-methods");
    const maxAge =
      methodList === undefined ? undefined : attributeValue(methodList, "preflight-result-max-age");
    return (exchange) => {
      const { context, atEnd } = exchange;
      const { request } = context;
      const origin = request.headers.get("Origin")?.[0];
      if (origin === undefined) return undefined;
      const allowed = origins(exchange);
      const isAny = allowed.includes("*");
      const isAllowed = isAny || allowed.some((other) => other.toLowerCase() === origin.toLowerCase());
      const wanted = request.headers.get("Access-Control-Request-Method")?.[0];
      const isPreflight = request.method === "OPTIONS" && wanted !== undefined;
      note(exchange, () => `${origin} is ${isAllowed ? "allowed" : "not allowed"}`);
      const answer = new HeaderMap();
      if (isAllowed) {
        answer.set("Access-Control-Allow-Origin", [isAny && !credentials(exchange) ? "*" : origin]);
        if (credentials(exchange)) answer.set("Access-Control-Allow-Credentials", ["true"]);
        if (!isPreflight && exposed(exchange).length > 0) {
          answer.set("Access-Control-Expose-Headers", [exposed(exchange).join(",")]);
        }
      }
      if (!isPreflight) {
        if (!isAllowed && terminates(exchange)) {
          context.response = newResponse(200);
          exchange.isEnded = true;
        }
        atEnd.push(() => {
          for (const { name, values } of answer.entries()) context.response?.headers.set(name, values);
        });
        return undefined;
      }
      const names = methods(exchange);
      if (isAllowed && (names.includes("*") || names.includes(wanted))) {
        answer.set("Access-Control-Allow-Methods", [names.includes("*") ? wanted : names.join(",")]);
        const asked = request.headers.get("Access-Control-Request-Headers")?.join(",");
        const listed = headers(exchange);
        const shown = listed.includes("*") ? asked : listed.join(",");
        if (shown !== undefined && shown !== "") answer.set("Access-Control-Allow-Headers", [shown]);
        if (maxAge !== undefined) answer.set("Access-Control-Max-Age", [maxAge]);
      }
      const response = newResponse(200);
      response.headers = answer;
      context.response = response;
      exchange.isEnded = true;
      return undefined;
    };
  },
};

function list(element: PolicyElement, name: string, fallback: readonly string[]): Reader<readonly string[]> {
  const parent = childElement(element, name);
  if (parent === undefined) return () => fallback;
  const readers = childElements(parent).map(contentReader);
  return (exchange) => readers.map((read) => read(exchange).trim());
}
