import { apiKind } from "./api.ts";
import { backendKind } from "./backend.ts";
import { apiDiagnosticKind, serviceDiagnosticKind } from "./diagnostic.ts";
import { releaseKind } from "./release.ts";
import { versionSetKind } from "./version-set.ts";
import { fragmentKind } from "./fragment.ts";
import type { ResourceKind } from "./kind.ts";
import { loggerKind } from "./logger.ts";
import { namedValueKind } from "./named-value.ts";
import { operationKind } from "./operation.ts";
import { policyKinds } from "./policy.ts";
import { productApiKind, productApiLinkKind, productKind } from "./product.ts";
import { subscriptionKind } from "./subscription.ts";

/** The kinds of resources the local APIM keeps. */
const resourceKinds: readonly ResourceKind[] = [
  backendKind,
  namedValueKind,
  loggerKind,
  fragmentKind,
  versionSetKind,
  apiKind,
  operationKind,
  releaseKind,
  serviceDiagnosticKind,
  apiDiagnosticKind,
  productKind,
  productApiKind,
  productApiLinkKind,
  subscriptionKind,
  ...policyKinds,
];

const byCollection = new Map(resourceKinds.map((kind) => [kind.collection.toLowerCase(), kind]));

// The kind of a collection such as `apis/*/operations`, in any case.
export function kindOfCollection(collection: string): ResourceKind | undefined {
  return byCollection.get(collection.toLowerCase());
}
