/** The operations of an API: from what the import makes, with names and queries where the body lists them. */
import { isJsonObject } from "../json.ts";
import type { Json } from "../json.ts";
import { listMember, objectMember, stringMember } from "../model/kind-definition.ts";
import type { GatewayResource, OperationConfig } from "./config.ts";

/** `operations` of the resource (id to `POST /path`), else `properties.operations`, a list of ARM's bodies with an id. */
export function apiOperations({ operations, body }: GatewayResource): OperationConfig[] {
  if (operations !== undefined) {
    return Object.entries(operations).map(([id, signature]) => {
      const space = signature.indexOf(" ");
      return {
        id,
        name: id,
        method: signature.slice(0, space),
        urlTemplate: signature.slice(space + 1),
      };
    });
  }
  const listed = listMember(objectMember(body, "properties") ?? {}, "operations");
  return listed.flatMap((operation: Json) => {
    if (!isJsonObject(operation)) return [];
    const id = stringMember(operation, "id");
    const method = stringMember(operation, "method");
    const urlTemplate = stringMember(operation, "urlTemplate");
    if (id === undefined || method === undefined || urlTemplate === undefined) return [];
    return [{ id, name: stringMember(operation, "displayName") ?? id, method, urlTemplate }];
  });
}
