import type { ServiceRef } from "../../../core/ports.ts";

/** ARM type of a path below the service or below a workspace of it: `Microsoft.ApiManagement/service/apis/operations`. */
export function armType({ workspace }: ServiceRef, path: string): string {
  const names = path.split("/").filter((_, index) => index % 2 === 0);
  const above = workspace === undefined ? [] : ["workspaces"];
  return ["Microsoft.ApiManagement/service", ...above, ...names].join("/");
}
