import type { KindDefinition } from "../kind-definition.ts";
import type { Kind } from "../resource.ts";
import { apiKind } from "./api.ts";
import { backendKind } from "./backend.ts";
import { diagnosticKind } from "./diagnostic.ts";
import { fragmentKind } from "./fragment.ts";
import { loggerKind } from "./logger.ts";
import { namedValueKind } from "./named-value.ts";
import { operationKind } from "./operation.ts";
import { policyKind } from "./policy.ts";
import { poolKind } from "./pool.ts";
import { releaseKind, revisionKind } from "./revision.ts";
import { versionSetKind } from "./version-set.ts";
import { productApiKind, productKind } from "./product.ts";
import { roleAssignmentKind } from "./role-assignment.ts";
import { subscriptionKind } from "./subscription.ts";

/** All kinds; a new one is a file beside this and a line here. */
export const kinds: Readonly<Record<Kind, KindDefinition>> = {
  roleAssignment: roleAssignmentKind,
  namedValue: namedValueKind,
  logger: loggerKind,
  backend: backendKind,
  pool: poolKind,
  fragment: fragmentKind,
  versionSet: versionSetKind,
  api: apiKind,
  revision: revisionKind,
  operation: operationKind,
  product: productKind,
  productApi: productApiKind,
  subscription: subscriptionKind,
  diagnostic: diagnosticKind,
  policy: policyKind,
  release: releaseKind,
};
