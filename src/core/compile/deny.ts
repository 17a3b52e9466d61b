import { canonicalJson, isJsonObject } from "../json.ts";
import type { JsonObject } from "../json.ts";
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

type Answer = { readonly status: number; readonly reason: string; readonly body: JsonObject };

/** The answer to a model that is not open: what Azure OpenAI says of a deployment that it does not have. */
export const unknownModelAnswer = {
  status: 404,
  reason: "Not Found",
  body: {
    error: { code: "DeploymentNotFound", message: "The API deployment for this resource does not exist." },
  },
};

/** The answer to a call whose body does not say which model it wants. */
export const modelMissingAnswer = {
  status: 400,
  reason: "Bad Request",
  body: {
    error: {
      code: "BadRequest",
      message: "The body must be a JSON object that names the deployment to call in `model`.",
    },
  },
};

/** `return-response` with an answer of the spec; what it leaves out is the usual one's: that to denied operations. */
export function denyResponse(deny: ApiSpec["deny"], usual: Answer = defaultAnswer): PolicyElement {
  const answer = { ...usual, ...deny };
  const body = answer.body ?? usual.body;
  // Sorted keys: nothing may depend on the order in which the user wrote them.
  const written =
    typeof body === "string"
      ? { type: "text/plain", body: literalText(body) }
      : { type: "application/json", body: canonicalJson(isJsonObject(body) ? body : {}) };
  return element("return-response", {}, [
    element("set-status", {
      code: String(answer.status),
      reason: literalText(answer.reason ?? usual.reason),
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
