/**
 * What apimgw may send to ARM outside of API Management: no swagger of these lies beside the checkout, so this small table stands for
 * them. Microsoft.Authorization 2022-04-01 (learn.microsoft.com/rest/api/authorization/role-assignments) and
 * Microsoft.CognitiveServices 2024-10-01 (learn.microsoft.com/rest/api/aiservices/accountmanagement).
 */
import { isJsonObject } from "../../../src/core/json.ts";
import type { SentRequest } from "./record-requests.ts";

type Operation = {
  readonly path: RegExp;
  readonly methods: readonly string[];
  readonly apiVersion: string;
  /** Query parameters beside api-version, and what their values look like. */
  readonly query?: Readonly<Record<string, RegExp>>;
  /** What is wrong with the body of a PUT. */
  readonly body?: (body: unknown) => string[];
};

const account =
  "/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\\.CognitiveServices/accounts/[^/]+";
const guid = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";

const operations: readonly Operation[] = [
  {
    path: new RegExp(`^/subscriptions/.+/providers/Microsoft\\.Authorization/roleAssignments/${guid}$`, "i"),
    methods: ["GET", "PUT", "DELETE"],
    apiVersion: "2022-04-01",
    body: assignmentFaults,
  },
  {
    path: /^\/subscriptions\/.+\/providers\/Microsoft\.Authorization\/roleAssignments$/i,
    methods: ["GET"],
    apiVersion: "2022-04-01",
    query: {
      $filter: new RegExp(`^(?:atScope\\(\\) and assignedTo\\('${guid}'\\)|principalId eq '${guid}')$`, "i"),
    },
  },
  {
    path: /^\/subscriptions\/.+\/providers\/Microsoft\.Authorization\/roleDefinitions$/i,
    methods: ["GET"],
    apiVersion: "2022-04-01",
    query: { $filter: /^roleName eq '(?:[^']|'')+'$/ },
  },
  { path: new RegExp(`^${account}(?:/deployments)?$`, "i"), methods: ["GET"], apiVersion: "2024-10-01" },
];

/** Undefined for a request to API Management. */
export function otherProviderFaults({ method, path, headers, body }: SentRequest): string[] | undefined {
  const url = new URL(path, "http://arm.invalid");
  const pathname = decodeURIComponent(url.pathname);
  if (!/\/providers\/Microsoft\.(Authorization|CognitiveServices)\//i.test(pathname)) return undefined;
  const name = `${method} ${pathname}`;
  const operation = operations.find((each) => each.path.test(pathname));
  if (operation === undefined) return [`${name}: the table has no such path`];
  if (!operation.methods.includes(method)) return [`${name}: the table has no such method`];
  const faults = [
    ...[...url.searchParams].flatMap(([key, value]) => {
      const pattern = key === "api-version" ? exactly(operation.apiVersion) : operation.query?.[key];
      return pattern?.test(value) === true ? [] : [`${key}=${value} is not allowed`];
    }),
    ...(url.searchParams.has("api-version") ? [] : ["query parameter api-version is missing"]),
    ...["if-match", "if-none-match"].flatMap((header) =>
      headers[header] === undefined ? [] : [`has ${header}`],
    ),
    ...bodyFaults(operation, method, body),
  ];
  return faults.map((fault) => `${name}: ${fault}`);
}

function exactly(text: string): RegExp {
  return new RegExp(`^${text}$`);
}

function bodyFaults({ body: check }: Operation, method: string, body: string): string[] {
  if (method !== "PUT") return body === "" ? [] : ["has a body where none is documented"];
  return body === "" ? ["the body is missing"] : (check?.(JSON.parse(body)) ?? []);
}

const assignmentProperties: Readonly<Record<string, RegExp>> = {
  roleDefinitionId: new RegExp(
    `^/subscriptions/[^/]+/providers/Microsoft\\.Authorization/roleDefinitions/${guid}$`,
    "i",
  ),
  principalId: new RegExp(`^${guid}$`, "i"),
  principalType: /^ServicePrincipal$/,
  description: /^.{1,1024}$/,
};

function assignmentFaults(body: unknown): string[] {
  const properties = isJsonObject(body) ? body["properties"] : undefined;
  if (!isJsonObject(body) || !isJsonObject(properties) || Object.keys(body).length !== 1)
    return ["the body is not { properties }"];
  const wrong = Object.entries(properties).filter(
    ([key, value]) => typeof value !== "string" || assignmentProperties[key]?.test(value) !== true,
  );
  const missing = Object.keys(assignmentProperties).filter((key) => properties[key] === undefined);
  return [...wrong.map(([key]) => `body ${key} is wrong`), ...missing.map((key) => `body ${key} is missing`)];
}
