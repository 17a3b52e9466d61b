import { canonicalJson, isJsonObject } from "../json.ts";
import type { ApiSpec } from "../spec/schema.ts";
import { element, text } from "../policy/build.ts";
import type { PolicyElement } from "../policy/tree.ts";
import { expression, literalText, operationIsNot } from "./expressions.ts";

/** The answer to denied operations when the spec does not give another. */
export const defaultAnswer = {
  status: 400,
  reason: "Bad Request",
  body: { error: { code: "OperationNotSupported", message: "Your request operation is not supported" } },
};

/** `return-response` with the answer to denied operations. */
export function denyResponse(deny: ApiSpec["deny"]): PolicyElement {
  const answer = { ...defaultAnswer, ...deny };
  const body = answer.body ?? defaultAnswer.body;
  // Sorted keys: nothing may depend on the order in which the user wrote them.
  const written =
    typeof body === "string"
      ? { type: "text/plain", body: literalText(body) }
      : { type: "application/json", body: canonicalJson(isJsonObject(body) ? body : {}) };
  return element("return-response", {}, [
    element("set-status", {
      code: String(answer.status),
      reason: literalText(answer.reason ?? defaultAnswer.reason),
    }),
    element("set-header", { name: "Content-Type", "exists-action": "override" }, [
      element("value", {}, [text(written.type)]),
    ]),
    element("set-body", {}, [text(written.body)]),
  ]);
}

/**
 * The API's inbound section under `inheritance: replace`: everything is denied here, and listed operations do not inherit
 * it since their own inbound has no `<base />`.
 */
export function denyAllInbound(deny: ApiSpec["deny"]): PolicyElement[] {
  return [denyResponse(deny)];
}

/**
 * The API's inbound section under `inheritance: keep`, after `<base />`: what is not listed is denied by operation id, so that
 * listed operations can inherit the section.
 */
export function denyUnlistedInbound(deny: ApiSpec["deny"], listed: readonly string[]): PolicyElement[] {
  if (listed.length === 0) return [denyResponse(deny)];
  const when = element("when", { condition: expression(operationIsNot(listed)) }, [denyResponse(deny)]);
  return [element("choose", {}, [when])];
}
