/**
 * Where the sources contradict each other or practice: decided by hand from the notes and rules in policies.json. The
 * generator fails when an entry no longer fits the facts. Paths: policy, or policy/child/child.
 */
import type { CatalogueScope, Doubt, GatewayKind } from "../../src/core/policy/catalogue/definitions.ts";
import type { SectionName } from "../../src/core/spec/schema.ts";

/** Attributes, as `path@attribute`. */
export const attributeDoubts: Readonly<Record<string, readonly Doubt[]>> = {
  // Optional in the service's schema.
  "check-header@failed-check-error-message": ["required"],
  "check-header@ignore-case": ["required"],
  "ip-filter@action": ["required"],
  "send-request@response-variable-name": ["required"],
  // Left out in samples of the reference itself.
  "azure-openai-token-limit@estimate-prompt-tokens": ["required"],
  "llm-token-limit@estimate-prompt-tokens": ["required"],
  // Required by the statement and the schema, absent from the attribute table.
  "validate-content/content@action": ["required"],
  // Documented as required and as defaulted at once.
  "cache-lookup@vary-by-developer": ["required"],
  "cache-lookup@vary-by-developer-groups": ["required"],
  "azure-openai-semantic-cache-lookup@embeddings-backend-auth": ["required"],
  "llm-semantic-cache-lookup@embeddings-backend-auth": ["required"],
  // Raised by support on request.
  "validate-graphql-request@max-size": ["range"],
  // The toolkit takes an expression.
  "authentication-managed-identity@client-id": ["expressions"],
  // Samples of Microsoft that are deployed as they are have one there.
  "trace@source": ["expressions"],
  // Documented, but not in the schema's list or the other way round.
  "validate-graphql-request/authorize/rule@action": ["values"],
};

/** Attributes of the service's schema that take no expression by a rule on the policy's page. */
export const literalOnly: Readonly<Record<string, true>> = {
  "mock-response@index": true,
  "mock-response@enabled": true,
};

/** Values that the service's schema knows and the documentation does not: a warning. */
export const otherValues: Readonly<Record<string, readonly string[]>> = {
  "azure-openai-token-limit@token-quota-period": ["Indefinite"],
  "llm-token-limit@token-quota-period": ["Indefinite"],
  "azure-openai-semantic-cache-lookup@embeddings-backend-auth": ["header"],
  "llm-semantic-cache-lookup@embeddings-backend-auth": ["header"],
};

/** How often children may stand, as paths of the children. */
export const childDoubts: Readonly<Record<string, readonly Doubt[]>> = {
  // Absent in the service's schema.
  "emit-metric/dimension": ["minimum"],
  // By the service's schema only.
  "validate-client-certificate/identities/identity": ["maximum"],
  "validate-graphql-request/authorize/rule": ["maximum"],
  "azure-openai-emit-token-metric/dimension": ["maximum"],
  "llm-emit-token-metric/dimension": ["maximum"],
  // The page's table has it first, its statement and the schema behind the URL.
  "http-data-source/http-request/include-fragment": ["order"],
  // The page takes whatever Adobe's format has, the schema less.
  "cross-domain/cross-domain-policy": ["content"],
};

/** Policies whose type in the service's schema lacks the `id` that every policy is documented to take. */
export const withoutId: Readonly<Record<string, true>> = {
  "azure-openai-semantic-cache-lookup": true,
  "azure-openai-semantic-cache-store": true,
  "llm-semantic-cache-lookup": true,
  "llm-semantic-cache-store": true,
  "llm-content-safety": true,
};

/** Sections that other texts of Microsoft name (toolkit, VS Code extension, overview pages). */
export const otherSections: Readonly<Record<string, readonly SectionName[]>> = {
  "check-header": ["outbound"],
  "set-method": ["backend", "outbound"],
  "set-query-parameter": ["outbound", "on-error"],
  "json-to-xml": ["backend"],
  "xml-to-json": ["backend"],
  "xsl-transform": ["on-error"],
  wait: ["on-error"],
  "publish-to-dapr": ["outbound", "on-error"],
};

export const doubtfulScopes: Readonly<Record<string, readonly CatalogueScope[]>> = {
  // Its page lists the workspace gateway and not the scope.
  "check-header": ["workspace"],
  // The policy overview shows it at API scope.
  "cross-domain": ["workspace", "product", "api", "operation"],
};

export const doubtfulGateways: Readonly<Record<string, readonly GatewayKind[]>> = {
  // Its page lists v2, its tier banner and the index do not.
  "quota-by-key": ["v2"],
};
