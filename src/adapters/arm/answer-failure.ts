import { ServiceFailure } from "../../core/failure.ts";
import { isArmId, type ServiceRef } from "../../core/ports.ts";
import { type ErrorBody, oneLine, parseErrorBody } from "./error-body.ts";
import type { ArmAnswer, ArmRequest } from "./exchange.ts";
import { redactFor } from "./redact.ts";

export type FailureContext = {
  readonly service: ServiceRef;
  /** A ready token was given: what to do about a refused one differs. */
  readonly hasGivenToken: boolean;
  /** An earlier try of the same write got no answer and may have been carried out. */
  readonly mayHaveHappened?: boolean;
};

const codes: Readonly<Record<number, string>> = {
  400: "SERVICE.REJECTED",
  401: "SERVICE.UNAUTHORIZED",
  403: "SERVICE.FORBIDDEN",
  404: "SERVICE.NOT_FOUND",
  409: "SERVICE.CONFLICT",
  412: "SERVICE.CHANGED",
  429: "SERVICE.THROTTLED",
};

const verbs = { GET: "read", PUT: "write", PATCH: "change", POST: "carry out", DELETE: "delete" } as const;

/** The failure that an error answer means: ARM's code and message on one line, its details, and what to do. */
export function answerFailure(
  answer: ArmAnswer,
  request: ArmRequest,
  context: FailureContext,
): ServiceFailure {
  const body = parseErrorBody(answer.text, redactFor(request.body));
  const missing = missingService(answer, request, context.service);
  if (missing !== undefined) return missing;
  const why = whyOf(answer, body, context);
  const remedy = remedyOf(answer, body, request, context);
  return new ServiceFailure(codes[answer.status] ?? "SERVICE.FAILED", messageOf(answer, body, request), {
    status: answer.status,
    details: body.details,
    ...(why !== undefined && { why }),
    ...(remedy !== undefined && { remedy }),
  });
}

/** `SERVICE.FAILED` for an answer with a good status whose body is not what was asked for. */
export function unreadableAnswer(answer: ArmAnswer, request: ArmRequest, what: string): ServiceFailure {
  const kind = answer.header("content-type") ?? "without a content type";
  const message = `cannot ${verbs[request.method]} ${nameOf(request)}: the answer ${what} (HTTP ${answer.status}, ${oneLine(kind, 80)})`;
  return new ServiceFailure("SERVICE.FAILED", message, {
    status: answer.status,
    remedy:
      "Check that the endpoint is Azure Resource Manager and that no proxy or sign-in page answers in its place.",
  });
}

/**
 * `SERVICE.NOT_FOUND` when a 404 says that the service itself, its resource group or its subscription is not there, or that
 * something else than the management API has answered; undefined when it is about a resource below the service.
 */
export function missingService(
  answer: ArmAnswer,
  { path }: Pick<ArmRequest, "path">,
  service: ServiceRef,
): ServiceFailure | undefined {
  if (answer.status !== 404) return undefined;
  const { code, message } = parseErrorBody(answer.text, redactFor(undefined));
  // What stands elsewhere may be missing with its group and its subscription, and the service be there.
  if (isArmId(path) && code !== undefined && !code.startsWith("Invalid")) return undefined;
  if (code === "SubscriptionNotFound") {
    return notFound(
      `there is no Azure subscription \`${service.subscriptionId}\` for this sign-in`,
      message,
      {
        remedy:
          "Check --subscription, and that you are signed in to the subscription's tenant (az account show).",
      },
    );
  }
  if (code === "ResourceGroupNotFound") {
    return notFound(`there is no resource group \`${service.resourceGroup}\``, message, {
      remedy: "Check --resource-group and --subscription.",
    });
  }
  if (namesService(message, service.name)) {
    const where = `API Management service \`${service.name}\` in resource group \`${service.resourceGroup}\``;
    return notFound(`there is no ${where}`, message, {
      remedy: "Check --service, --resource-group and --subscription (az apim list -o table).",
    });
  }
  if (code !== undefined && !code.startsWith("Invalid")) return undefined;
  if (code === undefined && answer.text.trim() === "") return undefined;
  return notFound("what answers at the endpoint is not this management API (HTTP 404)", message, {
    remedy: "Check --arm-endpoint and --cloud, and that no proxy answers in its place.",
  });
}

function notFound(message: string, said: string, { remedy }: { readonly remedy: string }): ServiceFailure {
  return new ServiceFailure("SERVICE.NOT_FOUND", message, {
    status: 404,
    remedy,
    ...(said !== "" && { why: said }),
  });
}

/** ARM names the top-level resource: `The Resource 'Microsoft.ApiManagement/service/x' under resource group 'y' was not found`. */
function namesService(message: string, name: string): boolean {
  const marker = `microsoft.apimanagement/service/${name.toLowerCase()}`;
  const at = message.toLowerCase().indexOf(marker);
  return at >= 0 && /^(['"\s.]|$)/.test(message.slice(at + marker.length));
}

function nameOf(request: ArmRequest): string {
  return request.path === "" ? "the service" : `\`${request.path}\``;
}

function messageOf(answer: ArmAnswer, body: ErrorBody, request: ArmRequest): string {
  return `cannot ${verbs[request.method]} ${nameOf(request)}: ${saidBy(answer, body)}`;
}

function saidBy({ status }: ArmAnswer, { code, message, isHtml }: ErrorBody): string {
  if (code !== undefined) return message === "" ? code : `${code}: ${message}`;
  if (isHtml) return `HTTP ${status} with an HTML page${message === "" ? "" : ` "${message}"`}`;
  return message === "" ? `HTTP ${status}` : `HTTP ${status}: ${message}`;
}

function whyOf(answer: ArmAnswer, body: ErrorBody, context: FailureContext): string | undefined {
  if (answer.status === 412) {
    const earlier = "; or an earlier try of this very write, whose answer was lost, was carried out";
    return `the resource was changed since it was read${context.mayHaveHappened === true ? earlier : ""}`;
  }
  const said = body.details
    .map(({ message }) => message)
    .filter((text) => text !== "" && text !== body.message);
  return said.length === 0 ? undefined : [...new Set(said)].join("; ");
}

function remedyOf(
  answer: ArmAnswer,
  body: ErrorBody,
  request: ArmRequest,
  context: FailureContext,
): string | undefined {
  if (body.code === "MethodNotAllowedInPricingTier") {
    return "The service's pricing tier does not have this feature: leave it out, or choose a tier that has it. With `service.sku` in the spec, lint says so beforehand.";
  }
  switch (answer.status) {
    case 401:
      return context.hasGivenToken
        ? "The token in APIMGW_ACCESS_TOKEN is not accepted: it has expired or is for another cloud or tenant. Get a new one (az account get-access-token --query accessToken -o tsv)."
        : "Sign in again (az login), to the tenant of the subscription.";
    case 403:
      if (isArmId(request.path)) return forbiddenOutside(request);
      return `Ask for the role "API Management Service Contributor" on the service \`${context.service.name}\`; to plan only, "API Management Service Reader Role" is enough.`;
    case 407:
      return "The proxy wants a sign-in: put user and password into HTTPS_PROXY (http://user:password@host:port).";
    case 409:
      if (body.code === "RoleAssignmentExists")
        return "Somebody has given it the role meanwhile: plan again.";
      return "Another change is under way on the service: try again when it has ended.";
    case 412:
      return "Plan again and look at what has changed.";
    case 429:
      return throttledRemedy(answer);
    default:
      return answer.status >= 500 ? serverErrorRemedy(answer, body) : undefined;
  }
}

/** Roles are needed where the resource is: on the account, not on the service. */
function forbiddenOutside({ method, path }: ArmRequest): string {
  const [scope = path] = path.split(/\/providers\/Microsoft\.Authorization\//i);
  return method === "GET"
    ? `Ask for the role "Reader" on ${scope}.`
    : `Ask for the role "Role Based Access Control Administrator" on ${scope}; or have the assignment made by somebody who has it, and set \`roles: check\` in the spec.`;
}

function throttledRemedy(answer: ArmAnswer): string {
  const after = oneLine(answer.header("retry-after") ?? "", 40);
  const wait = /^\d+$/.test(after) ? `Wait ${after} seconds and try again` : "Try again in some minutes";
  return `${wait}; other programs that use the same sign-in count too.`;
}

function serverErrorRemedy(answer: ArmAnswer, body: ErrorBody): string {
  if (body.isHtml) return "Check that no proxy answers in the management API's place.";
  const requestId = oneLine(answer.header("x-ms-request-id") ?? "", 80);
  const support = requestId === "" ? "" : ` If it stays so, give Azure support the request id ${requestId}.`;
  return `Try again.${support}`;
}
