/** What stands between callers and backends, in few words: limits, checks of who calls, caches. */
import { expressionOf } from "../policy/expression/scan.ts";
import { attributeValue, childElement, childElements, elementText } from "../policy/tree.ts";
import type { PolicyElement } from "../policy/tree.ts";
import { shortDuration } from "../spec/duration.ts";
import type { ApiConfig, OperationConfig } from "../gateway/config.ts";
import { perKey } from "./condition-text.ts";

export type GuardText = {
  readonly text: string;
  /** Whether it counts calls or tokens: the same words in two places are then two counters. */
  readonly counts: boolean;
};

/** The operation that the words are for. */
export type GuardedOperation = { readonly api: ApiConfig; readonly operation: OperationConfig };

type Describe = (element: PolicyElement, operation: GuardedOperation) => readonly string[];

const counting: Readonly<Record<string, Describe>> = {
  "llm-token-limit": tokenLimit,
  "azure-openai-token-limit": tokenLimit,
  "rate-limit": (element, operation) => bySubscription(element, operation, "calls"),
  "rate-limit-by-key": (element) => [`${calls(element)} ${perKey(attributeValue(element, "counter-key"))}`],
  quota: (element, operation) => bySubscription(element, operation, "quota"),
  "quota-by-key": (element) => [`quota: ${calls(element)} ${perKey(attributeValue(element, "counter-key"))}`],
  "limit-concurrency": (element) => [
    `${amount(attributeValue(element, "max-count"))} at once ${perKey(attributeValue(element, "key"))}`,
  ],
};

const plain: Readonly<Record<string, Describe>> = {
  "validate-azure-ad-token": entraToken,
  "validate-jwt": jwt,
  "validate-client-certificate": () => ["client certificate"],
  "check-header": (element) => [`header ${attributeValue(element, "name") ?? ""} is checked`],
  "ip-filter": ipFilter,
  "get-authorization-context": () => ["authorization from the credential manager"],
  "authentication-basic": () => ["user name and password to the backend"],
  "authentication-certificate": () => ["client certificate to the backend"],
  "authentication-managed-identity": () => ["managed identity to the backend"],
  "cache-lookup": () => ["response cache"],
  "azure-openai-semantic-cache-lookup": () => ["semantic cache"],
  "llm-semantic-cache-lookup": () => ["semantic cache"],
  "llm-content-safety": () => ["content safety"],
};

/** What a policy does to the calls that come to it; empty for policies that let every call pass. */
export function guardTexts(element: PolicyElement, operation: GuardedOperation): readonly GuardText[] {
  const count = Object.hasOwn(counting, element.name) ? counting[element.name] : undefined;
  const describe = count ?? (Object.hasOwn(plain, element.name) ? plain[element.name] : undefined);
  return (describe?.(element, operation) ?? []).map((text) => ({ text, counts: count !== undefined }));
}

/** Backends that a policy calls beside the route, and what for. */
export function sideCall(
  element: PolicyElement,
): { readonly backend: string; readonly purpose: string } | undefined {
  const purpose = {
    "azure-openai-semantic-cache-lookup": "embeddings",
    "llm-semantic-cache-lookup": "embeddings",
    "llm-content-safety": "content safety",
  }[element.name];
  const backend = attributeValue(element, "embeddings-backend-id") ?? attributeValue(element, "backend-id");
  return purpose === undefined || backend === undefined ? undefined : { backend, purpose };
}

function tokenLimit(element: PolicyElement): readonly string[] {
  const perMinute = attributeValue(element, "tokens-per-minute");
  const quota = attributeValue(element, "token-quota");
  const period = (attributeValue(element, "token-quota-period") ?? "").toLowerCase();
  const key = perKey(attributeValue(element, "counter-key"));
  const periods: Readonly<Record<string, string>> = {
    hourly: "h",
    daily: "day",
    weekly: "week",
    monthly: "month",
    yearly: "year",
  };
  return [
    ...(perMinute === undefined ? [] : [`${amount(perMinute)} tokens/min ${key}`]),
    ...(quota === undefined ? [] : [`quota: ${amount(quota)} tokens/${periods[period] ?? "period"} ${key}`]),
  ];
}

function bySubscription(
  element: PolicyElement,
  { api, operation }: GuardedOperation,
  kind: "calls" | "quota",
): readonly string[] {
  const prefix = kind === "quota" ? "quota: " : "";
  const own = ["calls", "bandwidth"].some((name) => attributeValue(element, name) !== undefined);
  const about = (child: PolicyElement): boolean => {
    const entity = child.name === "api" ? api : operation;
    const id = attributeValue(child, "id");
    return id === undefined ? attributeValue(child, "name") === entity.name : id === entity.id;
  };
  const nested = childElements(element)
    .filter(about)
    .flatMap((child) =>
      bySubscription(child, { api, operation }, kind).map((text) =>
        child.name === "api" ? `${text} in ${api.id}` : `${text}, ${operation.id}`,
      ),
    );
  return [...(own ? [`${prefix}${calls(element)} per subscription`] : []), ...nested];
}

/** `100 calls/min`, `1,000 calls and 40,000 kB/day`. */
function calls(element: PolicyElement): string {
  const parts = [
    [attributeValue(element, "calls"), "calls"],
    [attributeValue(element, "bandwidth"), "kB"],
  ] as const;
  const amounts = parts.flatMap(([value, unit]) => (value === undefined ? [] : [`${amount(value)} ${unit}`]));
  return `${amounts.join(" and ")}${period(attributeValue(element, "renewal-period"))}`;
}

const unitNames: Readonly<Record<string, string>> = {
  "1s": "s",
  "1m": "min",
  "1h": "h",
  "1d": "day",
  "7d": "week",
};

/** `/min` of 60 seconds, ` in 90s`; nothing where the period never ends, as 0 says. */
function period(seconds: string | undefined): string {
  const value = Number(seconds ?? Number.NaN);
  if (!Number.isFinite(value)) return seconds === undefined ? "" : " in a period of an expression";
  if (value === 0) return " in all";
  const duration = shortDuration(value * 1000);
  const unit = unitNames[duration];
  return unit === undefined ? ` in ${duration}` : `/${unit}`;
}

/** Digits in groups of three; a value that an expression gives is no number yet. */
function amount(value: string | undefined): string {
  if (value === undefined) return "?";
  if (expressionOf(value) !== undefined) return "a computed number of";
  return value.trim().replace(/\B(?=(?:\d{3})+$)/g, ",");
}

function entraToken(element: PolicyElement): readonly string[] {
  const applications = childElements(childElement(element, "client-application-ids") ?? element).filter(
    ({ name }) => name === "application-id",
  ).length;
  const tenant = attributeValue(element, "tenant-id");
  const from =
    applications === 0
      ? ""
      : ` of ${applications === 1 ? "one application" : `${applications} applications`}`;
  return [`Entra ID token${from}${tenant === undefined ? "" : `, tenant ${tenant}`}`, ...claims(element)];
}

function jwt(element: PolicyElement): readonly string[] {
  const configuration = childElement(element, "openid-config");
  const url = configuration === undefined ? undefined : attributeValue(configuration, "url");
  const host = /^https?:\/\/([^/]+)/.exec(url ?? "")?.[1];
  return [host === undefined ? "JWT" : `JWT of ${host}`, ...claims(element)];
}

function claims(element: PolicyElement): readonly string[] {
  const required = childElement(element, "required-claims");
  if (required === undefined) return [];
  return childElements(required).map((claim) => {
    const values = childElements(claim).map((value) => elementText(value).trim());
    const name = `claim ${attributeValue(claim, "name") ?? ""}`;
    if (values.length === 0) return name;
    return values.length > 3 ? `${name}: one of ${values.length} values` : `${name}: ${values.join(", ")}`;
  });
}

function ipFilter(element: PolicyElement): readonly string[] {
  const count = childElements(element).length;
  const ranges = count === 1 ? "one address or range" : `${count} addresses or ranges`;
  return [attributeValue(element, "action") === "forbid" ? `not from ${ranges}` : `only from ${ranges}`];
}
