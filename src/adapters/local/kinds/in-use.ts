import { plainValidationError } from "../errors.ts";
import type { ServiceStore } from "../service-store.ts";
import type { Stored } from "../stored.ts";
import { nameOf } from "../stored.ts";

/** Throws when others cannot do without the resource, in the words the service has for fragments (Azure/apiops-cli#261). */
export function refuseWhenUsed(service: ServiceStore, stored: Stored, title: string): void {
  const users = service.usersOf(stored.path);
  if (users.length === 0) return;
  const lines = users.map(({ path }) => `/${path}\r\n`).sort();
  throw plainValidationError(
    `The ${title} '${nameOf(stored.path)}' is used by the following entities:\r\n${lines.join("")}`,
  );
}
