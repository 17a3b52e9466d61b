import { elementText } from "../../../policy/tree.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { atElement } from "./findings.ts";
import { literalOf } from "./literals.ts";
import { placementsAt } from "./placement.ts";

const known = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];
const ofResolvers = ["GET", "POST", "PUT", "PATCH", "DELETE"];

export const methodName: PolicyRule = {
  id: "method-name",
  severity: "warning",
  summary: "`set-method` holds no HTTP method.",
  why: "The text is the name of an HTTP method or an expression (learn.microsoft.com/azure/api-management/set-method-policy); resolvers take GET, POST, PUT, PATCH and DELETE.",
  examples: { bad: inbound(`<set-method>FETCH</set-method>`), good: inbound(`<set-method>GET</set-method>`) },
  *check(context) {
    for (const { element, parent } of placementsAt(context, "set-method")) {
      const method = literalOf(elementText(element));
      const methods = parent?.name === "http-request" ? ofResolvers : known;
      if (method === undefined || method === "" || methods.includes(method.toUpperCase())) continue;
      yield atElement(element, { message: `\`${method}\` is no HTTP method that can stand here` });
    }
  },
};
