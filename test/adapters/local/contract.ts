/**
 * Checks every exchange of the tests against the swagger of api-version 2024-05-01, when it is there: is the path known, is
 * the method, is the status one of the documented ones, do request and answer fit their schemas.
 */
import { isJsonObject } from "../../../src/core/json.ts";
import type { Json } from "../../../src/core/json.ts";
import { loadContract } from "../../support/contract/swagger.ts";
import { isOnlyInWorkspaces, sharedPath } from "../../support/contract/workspaces.ts";
import type { Contract, SwaggerOperation } from "../../support/contract/swagger.ts";

export type Exchange = {
  readonly method: string;
  readonly pathname: string;
  readonly query: URLSearchParams;
  readonly sent: Json | undefined;
  readonly status: number;
  readonly headers: Headers;
  readonly received: Json | undefined;
};

/** Where the local APIM departs from the swagger on purpose, as the live service does unless another reason is given. */
const deviations: readonly { readonly why: string; applies(exchange: Exchange): boolean }[] = [
  {
    why: "imports answer 202 with a Location (neighbours 3.3)",
    applies: ({ method, pathname, status }) =>
      method === "PUT" && /\/apis\/[^/]+$/i.test(pathname) && status === 202,
  },
  {
    why: "what a Location is polled for is not in the swagger",
    applies: ({ query }) => query.has("asyncId"),
  },
  {
    why: "the list of an API's revisions has a contract of its own that is checked by eye",
    applies: ({ pathname }) => /\/revisions$/.test(pathname),
  },
];

/** Members that come back as null where the swagger has only a type; the service does the same for absent values. */
const nullable = new Set([
  ...[
    "title",
    "description",
    "resourceId",
    "serviceUrl",
    "displayName",
    "policies",
    "terms",
    "subscriptionsLimit",
    "approvalRequired",
  ],
  ...[
    "alwaysLog",
    "metrics",
    "frontend",
    "backend",
    "oAuth2",
    "openid",
    "identityClientId",
    "details",
    "minApiVersion",
  ],
]);

/** What is wrong with an exchange, in sentences; nothing when the swagger is not at hand. */
export function contractFaults(sent: Exchange): string[] {
  const contract = loadContract();
  // Of what the swagger has no path of its own for: what is sent is checked by test/support/contract.
  if (isOnlyInWorkspaces(sent.pathname)) return [];
  const exchange = { ...sent, pathname: sharedPath(sent.pathname) ?? sent.pathname };
  if (contract === undefined || deviations.some((deviation) => deviation.applies(exchange))) return [];
  const { method, pathname, status } = exchange;
  const name = `${method} ${pathname} -> ${status}`;
  const template = contract.templates.find(({ pattern }) => pattern.test(pathname));
  if (template === undefined) return status >= 400 ? [] : [`${name}: the swagger has no such path`];
  const operation = template.operations[method.toLowerCase()];
  if (operation === undefined) return status >= 400 ? [] : [`${name}: the swagger has no such method`];
  const documented =
    operation.responses[String(status)] ?? (status >= 400 ? operation.responses["default"] : undefined);
  if (documented === undefined)
    return [`${name}: documented are ${Object.keys(operation.responses).join(", ")}`];
  return [
    ...requestFaults(contract, operation, exchange).map((fault) => `${name}: request ${fault}`),
    ...responseFaults(contract, documented, exchange).map((fault) => `${name}: answer ${fault}`),
  ];
}

/** A body that is accepted must fit; one that is refused need not. */
function requestFaults(
  { validate }: Contract,
  { parameters = [] }: SwaggerOperation,
  { status, sent }: Exchange,
): string[] {
  const body = parameters.find((parameter) => parameter["in"] === "body");
  if (status >= 400 || sent === undefined || !isJsonObject(body?.["schema"])) return [];
  return validate(body["schema"], withoutNullables(sent));
}

function responseFaults(
  { validate }: Contract,
  documented: SwaggerOperation["responses"][string],
  exchange: Exchange,
): string[] {
  const { method, headers, received, status } = exchange;
  const needsEtag = documented.headers?.["etag"] !== undefined && status < 300 && status !== 202;
  const faults = needsEtag && headers.get("etag") === null ? ["lacks the ETag header"] : [];
  if (documented.schema === undefined || method === "HEAD") {
    return received === undefined ? faults : [...faults, "has a body where none is documented"];
  }
  return received === undefined
    ? [...faults, "has no body"]
    : [...faults, ...validate(documented.schema, withoutNullables(received))];
}

function withoutNullables(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((item: Json) => withoutNullables(item) ?? null);
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).filter(([key, member]) => member !== null || !nullable.has(key));
  return Object.fromEntries(kept.map(([key, member]) => [key, withoutNullables(member)]));
}
