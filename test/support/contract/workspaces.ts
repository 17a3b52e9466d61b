/**
 * Workspaces of API Management 2024-05-01 (learn.microsoft.com/azure/templates/microsoft.apimanagement/service/workspaces, the REST
 * reference beside it): the swagger at hand has none of their paths. What is below a workspace has the shape that it has below the
 * service, so that it is held against the service's paths; this table says what there is, and knows what is only there.
 */
import { isJsonObject } from "../../../src/core/json.ts";
import type { SentRequest } from "./record-requests.ts";

/** Paths below a workspace, ids as `*`, that are the service's own without the workspace. */
const shared: readonly string[] = [
  "apiVersionSets",
  "apis",
  "apis/*/diagnostics",
  "apis/*/operations",
  "apis/*/operations/*/policies",
  "apis/*/policies",
  "apis/*/releases",
  "apis/*/revisions",
  "apis/*/schemas",
  "backends",
  "diagnostics",
  "loggers",
  "namedValues",
  "policies",
  "policyFragments",
  "products",
  "products/*/policies",
  "schemas",
  "subscriptions",
];

const actions = [
  "namedValues/*/listValue",
  "namedValues/*/refreshSecret",
  "policyFragments/*/listReferences",
  "subscriptions/*/listSecrets",
  "subscriptions/*/regeneratePrimaryKey",
  "subscriptions/*/regenerateSecondaryKey",
];

const service =
  "(/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\\.ApiManagement/service/[^/]+)";
const workspacePath = new RegExp(`^${service}/workspaces(?:/([^/]+)(?:/(.+))?)?$`, "i");

const linkPath = /^products\/[^/]+\/apiLinks(?:\/[^/]+)?$/;

export type WorkspaceRequest =
  /** To be held against the swagger as this request to the service. */
  { readonly request: SentRequest } | { readonly faults: readonly string[] };

/** Undefined for a request that is not about a workspace. */
export function workspaceRequest(sent: SentRequest): WorkspaceRequest | undefined {
  const url = new URL(sent.path, "http://arm.invalid");
  const [, base, workspace, below] = workspacePath.exec(url.pathname) ?? [];
  if (base === undefined) return undefined;
  if (url.searchParams.has("asyncId")) return { faults: [] };
  if (below === undefined) return { faults: namedFaults(sent, itselfFaults(sent, workspace, url)) };
  if (linkPath.test(below)) return { faults: namedFaults(sent, linkFaults(sent, below, url)) };
  if (!isKnown(below)) return { faults: namedFaults(sent, ["a workspace has no such path"]) };
  return { request: { ...sent, path: `${base}/${below}${url.search}` } };
}

/** The path below the service that has the same shape; undefined for what is only in workspaces, and for paths elsewhere. */
export function sharedPath(pathname: string): string | undefined {
  const [, base, , below] = workspacePath.exec(pathname) ?? [];
  return base !== undefined && below !== undefined && isKnown(below) ? `${base}/${below}` : undefined;
}

/** Whether a path is a workspace's own, or one of the links that only workspaces have. */
export function isOnlyInWorkspaces(pathname: string): boolean {
  const [, base, , below] = workspacePath.exec(pathname) ?? [];
  return base !== undefined && (below === undefined || linkPath.test(below));
}

function namedFaults({ method, path }: SentRequest, faults: readonly string[]): string[] {
  return faults.map((fault) => `${method} ${path.split("?", 1)[0] ?? ""}: ${fault}`);
}

function isKnown(below: string): boolean {
  const segments = below.split("/");
  const pattern = segments.map((segment, index) => (index % 2 === 0 ? segment : "*")).join("/");
  return shared.some((each) => pattern === each || pattern === `${each}/*`) || actions.includes(pattern);
}

/** WorkspaceContract: a name that people see, and a description. */
function itselfFaults(sent: SentRequest, workspace: string | undefined, url: URL): string[] {
  const methods = workspace === undefined ? ["GET"] : ["GET", "HEAD", "PUT", "PATCH", "DELETE"];
  return [
    ...commonFaults(sent, url, methods),
    ...conditionFaults(sent, sent.method === "DELETE" || sent.method === "PATCH"),
    ...contentFaults(sent, { displayName: true, description: false }),
  ];
}

/** ProductApiLinkContract: the whole ARM id of an API. It has no ETag, so neither write nor delete takes one. */
function linkFaults(sent: SentRequest, below: string, url: URL): string[] {
  const [, , , link] = below.split("/");
  const methods = link === undefined ? ["GET"] : ["GET", "PUT", "DELETE"];
  const { apiId } = propertiesOf(sent) ?? {};
  const workspace = url.pathname.slice(0, url.pathname.length - below.length);
  const isOfWorkspace =
    typeof apiId !== "string" || apiId.toLowerCase().startsWith(`${workspace}apis/`.toLowerCase());
  return [
    ...commonFaults(sent, url, methods),
    ...["if-match", "if-none-match"].flatMap((name) =>
      sent.headers[name] === undefined ? [] : [`has ${name}`],
    ),
    ...(link !== undefined && decodeURIComponent(link).length > 80 ? ["the id of the link is too long"] : []),
    ...contentFaults(sent, { apiId: true }),
    ...(isOfWorkspace ? [] : ["body apiId is no whole id of an API of the workspace"]),
  ];
}

function commonFaults({ method }: SentRequest, { searchParams }: URL, methods: readonly string[]): string[] {
  const known = ["api-version", "$top", "$skip", "$filter"];
  return [
    ...(methods.includes(method) ? [] : ["the table has no such method"]),
    ...(searchParams.get("api-version") === "2024-05-01"
      ? []
      : ["query parameter api-version is not 2024-05-01"]),
    ...[...searchParams.keys()].flatMap((name) =>
      known.includes(name) ? [] : [`there is no query parameter ${name}`],
    ),
  ];
}

function conditionFaults({ headers }: SentRequest, isNeeded: boolean): string[] {
  return isNeeded && headers["if-match"] === undefined ? ["header parameter If-Match is missing"] : [];
}

function contentFaults(sent: SentRequest, members: Readonly<Record<string, boolean>>): string[] {
  if (sent.method !== "PUT") return [];
  const properties = propertiesOf(sent);
  if (properties === undefined) return ["the body is not { properties }"];
  return [
    ...Object.entries(members).flatMap(([name, isRequired]) =>
      isRequired && properties[name] === undefined ? [`body ${name} is missing`] : [],
    ),
    ...Object.entries(properties).flatMap(([name, value]) =>
      name in members && typeof value === "string" ? [] : [`body ${name} is wrong`],
    ),
  ];
}

function propertiesOf({ body }: SentRequest): Readonly<Record<string, unknown>> | undefined {
  const sent: unknown = body === "" ? undefined : JSON.parse(body);
  return isJsonObject(sent) && isJsonObject(sent["properties"]) ? sent["properties"] : undefined;
}
