/**
 * Every rule by which a spec can be refused, with what it means: the one list that `explain`, reports and the code that
 * finds problems share.
 */
export const specRules = {
  "yaml-syntax": "The file is not YAML.",
  "yaml-tabs": "YAML forbids tabs as indentation.",
  "yaml-depth": "Maps and lists are nested more than 100 deep.",
  "yaml-anchor":
    "Anchors, aliases and merge keys are not supported: what an entry is should be readable where it stands.",
  "yaml-tag": "A YAML tag is not one of the core schema, or does not fit its value.",
  "yaml-key": "A key is not text.",
  "duplicate-key": "A key is given twice in one map.",
  "several-documents": "The file holds more than one YAML document.",
  "empty-spec": "The file holds nothing.",
  "unknown-environment": "The environment that was asked for is not in the spec.",
  "overlay-key": "An environment changes what must be the same in all of them.",
  "nothing-to-remove": "An environment removes, with null, what is not there.",
  "unset-variable": "A variable has neither a value nor a default.",
  "malformed-variable": "A ${…} is not a variable.",
  "unknown-key": "A key that the format does not have.",
  "missing-key": "A required key is not there.",
  "wrong-type": "A value is of another type than the format asks for.",
  "invalid-value": "A value is not one that the format allows.",
  "invalid-duration": "A duration cannot be read, or APIM cannot take it.",
  "invalid-name": "An id has characters or a length that APIM refuses.",
  "duplicate-id":
    "Two ids differ in case only, a backend and a pool share one, or what the spec makes is listed as existing.",
  "duplicate-display-name": "Two named values, or two products, have the same display name.",
  "duplicate-path": "Two APIs have the same URL path.",
  "duplicate-version": "Two APIs are the same version of a version set.",
  "duplicate-member": "A pool has the same backend twice.",
  "duplicate-counter": "Two token limits of a product count in one counter.",
  "duplicate-fallback": "A fallback goes to a backend that this request has already tried.",
  "unknown-backend": "There is no such backend or pool in the spec.",
  "unknown-logger": "There is no such logger in the spec.",
  "logger-type": "A diagnostic sends to a logger of another type.",
  "unknown-version-set": "There is no such version set in the spec.",
  "unknown-api": "There is no such API in the spec.",
  "retry-needs-pool": "retry: true works out the retries from a pool's members; another backend has none.",
  "backend-section-conflict":
    "fallback, retry, timeout and streaming write the backend section; hand-written XML for it would be a second one.",
  "models-conflict":
    "models says where each model's calls go, which backend, fallback, retry and timeout of the operation would say again.",
  "duplicate-model": "Two names of models or deployments differ in case only.",
  "pool-names-differ":
    "A deployment has different names on the members of a pool, and no policy sees which member the pool picks.",
  "document-conflict": "policies.document is a whole policy document: nothing else may write a part of it.",
  "remove-without-openapi": "Without its OpenAPI document, the operations to remove are not known.",
  "sku-circuit-breaker": "The Consumption tier has no circuit breakers.",
} as const satisfies Record<string, string>;

export type SpecRule = keyof typeof specRules;
