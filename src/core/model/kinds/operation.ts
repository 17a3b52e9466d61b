/** Operations of an API. The import makes them; apimgw only ever removes some (`unlisted: remove`). */
import type { KindDefinition } from "../kind-definition.ts";
import { stringMember } from "../kind-definition.ts";
import { apiPath } from "./api.ts";

export const operationKind: KindDefinition = {
  kind: "operation",
  title: "operation",
  normalize: (properties) => ({
    displayName: stringMember(properties, "displayName"),
    method: stringMember(properties, "method"),
    urlTemplate: stringMember(properties, "urlTemplate"),
  }),
  identities: {},
  references: () => [],
};

export function operationPath(api: string, operation: string): string {
  return `${apiPath(api)}/operations/${operation}`;
}
