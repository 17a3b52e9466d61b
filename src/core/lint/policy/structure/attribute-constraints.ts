/** Which attributes go together: facts from the rules on the policies' pages. Paths as in the catalogue. */
import type { Severity } from "../../../problem.ts";
import type { SectionName } from "../../../spec/schema.ts";

export type AttributeGroup = {
  readonly path: string;
  readonly attributes: readonly string[];
  /** Where the sources are weaker than an error. */
  readonly severity?: Severity;
};

/** At least one of them must be given. */
export const neededGroups: readonly AttributeGroup[] = [
  { path: "quota", attributes: ["calls", "bandwidth"] },
  { path: "quota/api", attributes: ["calls", "bandwidth"] },
  { path: "quota/api/operation", attributes: ["calls", "bandwidth"] },
  { path: "quota-by-key", attributes: ["calls", "bandwidth"] },
  { path: "rate-limit/api", attributes: ["name", "id"] },
  { path: "rate-limit/api/operation", attributes: ["name", "id"] },
  { path: "rate-limit/operation", attributes: ["name", "id"], severity: "warning" },
  { path: "quota/api", attributes: ["name", "id"] },
  { path: "quota/api/operation", attributes: ["name", "id"] },
  { path: "azure-openai-token-limit", attributes: ["tokens-per-minute", "token-quota"] },
  { path: "llm-token-limit", attributes: ["tokens-per-minute", "token-quota"] },
  { path: "validate-jwt", attributes: ["header-name", "query-parameter-name", "token-value"] },
  { path: "authentication-certificate", attributes: ["thumbprint", "certificate-id", "body"] },
  { path: "set-backend-service", attributes: ["base-url", "backend-id"] },
  { path: "validate-content/content-type-map/type", attributes: ["from", "when"] },
  { path: "send-service-bus-message", attributes: ["queue-name", "topic-name"] },
  { path: "xsl-transform/parameter", attributes: ["name", "parameter-name"], severity: "warning" },
];

/** At most one of them may be given. */
export const exclusiveGroups: readonly AttributeGroup[] = [
  { path: "validate-jwt", attributes: ["header-name", "query-parameter-name", "token-value"] },
  { path: "validate-azure-ad-token", attributes: ["header-name", "query-parameter-name", "token-value"] },
  {
    path: "validate-client-certificate/identities/identity",
    attributes: ["issuer-certificate-id", "issuer-subject"],
  },
  {
    path: "validate-client-certificate/identities/identity",
    attributes: ["issuer-certificate-id", "issuer-thumbprint"],
  },
  {
    path: "authentication-certificate",
    attributes: ["thumbprint", "certificate-id", "body"],
    severity: "warning",
  },
  { path: "set-backend-service", attributes: ["base-url", "backend-id"] },
  { path: "forward-request", attributes: ["timeout", "timeout-ms"] },
  { path: "send-request", attributes: ["timeout", "timeout-ms"], severity: "warning" },
  { path: "log-to-eventhub", attributes: ["partition-id", "partition-key"] },
  { path: "send-service-bus-message", attributes: ["queue-name", "topic-name"] },
  { path: "validate-content/content-type-map/type", attributes: ["from", "when"], severity: "warning" },
];

/** When `attribute` is given (with the value `is`, if there is one), all of `needs` must be given too. */
export type AttributeDependency = {
  readonly path: string;
  readonly attribute: string;
  readonly is?: string;
  readonly needs: readonly string[];
  readonly severity?: Severity;
};

const dapr = ["dapr-app-id", "dapr-method", "dapr-namespace"];
const serviceFabric = ["sf-listener-name"];

export const dependencies: readonly AttributeDependency[] = [
  ...["azure-openai-token-limit", "llm-token-limit"].flatMap((path) => [
    { path, attribute: "token-quota", needs: ["token-quota-period"] },
    { path, attribute: "token-quota-period", needs: ["token-quota"] },
  ]),
  ...["validate-jwt/issuer-signing-keys/key", "validate-jwt/decryption-keys/key"].flatMap((path) => [
    { path, attribute: "n", needs: ["e"] },
    { path, attribute: "e", needs: ["n"] },
  ]),
  { path: "authentication-certificate", attribute: "password", needs: ["body"], severity: "warning" },
  {
    path: "get-authorization-context",
    attribute: "identity-type",
    is: "jwt",
    needs: ["identity"],
    severity: "warning",
  },
  { path: "retry", attribute: "max-interval", needs: ["delta"], severity: "warning" },
  { path: "proxy", attribute: "username", needs: ["password"], severity: "warning" },
  { path: "proxy", attribute: "password", needs: ["username"], severity: "warning" },
  { path: "validate-content/content", attribute: "schema-ref", needs: ["schema-id"], severity: "warning" },
  { path: "set-backend-service", attribute: "backend-id", is: "dapr", needs: ["dapr-app-id", "dapr-method"] },
  ...[...dapr, ...serviceFabric].map((attribute) => ({
    path: "set-backend-service",
    attribute,
    needs: ["backend-id"],
    severity: "warning" as const,
  })),
];

/** When `attribute` is not given with the value `unless`, `ignored` has no effect. */
export type IgnoredAttribute = {
  readonly path: string;
  readonly ignored: string;
  readonly attribute: string;
  /** In lower case; undefined: absent. */
  readonly unless: string | undefined;
  readonly because: string;
};

/** Attributes without effect in a section. */
export const ignoredInSection: readonly {
  readonly path: string;
  readonly ignored: string;
  readonly section: SectionName;
}[] = [{ path: "llm-content-safety", ignored: "enforce-on-completions", section: "outbound" }];

export const ignoredAttributes: readonly IgnoredAttribute[] = [
  ...[
    "rate-limit/api",
    "rate-limit/api/operation",
    "rate-limit/operation",
    "quota/api",
    "quota/api/operation",
  ].map((path) => ({
    path,
    ignored: "name",
    attribute: "id",
    unless: undefined,
    because: "`id` is given and wins",
  })),
  {
    path: "validate-jwt",
    ignored: "require-scheme",
    attribute: "header-name",
    unless: "authorization",
    because: "it works for the header `Authorization` only",
  },
  {
    path: "get-authorization-context",
    ignored: "identity",
    attribute: "identity-type",
    unless: "jwt",
    because: "`identity-type` is not `jwt`",
  },
  ...dapr.map((ignored) => ({
    path: "set-backend-service",
    ignored,
    attribute: "backend-id",
    unless: "dapr",
    because: "`backend-id` is not `dapr`",
  })),
  {
    path: "validate-content/content",
    ignored: "schema-ref",
    attribute: "validate-as",
    unless: "json",
    because: "it works for JSON schemas only",
  },
];

/** Of two attributes the first may not exceed the second. */
export type OrderedPair = {
  readonly path: string;
  readonly lower: string;
  readonly upper: string;
  /** Equal is wrong too. */
  readonly isStrict?: true;
  readonly severity?: Severity;
};

export const orderedPairs: readonly OrderedPair[] = [
  { path: "retry", lower: "interval", upper: "max-interval" },
  { path: "llm-content-safety", lower: "window-overlap-size", upper: "window-size", isStrict: true },
  { path: "cache-value", lower: "refresh-after", upper: "expires-after", isStrict: true },
  { path: "validate-odata-request", lower: "min-odata-version", upper: "default-odata-version" },
  { path: "validate-odata-request", lower: "default-odata-version", upper: "max-odata-version" },
  { path: "validate-odata-request", lower: "min-odata-version", upper: "max-odata-version" },
];
