/** Backends of type Pool. They have members and nothing else that a backend has. */
import type { JsonObject } from "../../../core/json.ts";
import { isJsonObject } from "../../../core/json.ts";
import { fieldError } from "../errors.ts";
import { armId, resourceOfId } from "../references.ts";
import { keyOf, nameOf } from "../stored.ts";
import type { Check } from "../validate.ts";
import { accept, fields, integer, isList, list, text, textOf } from "../validate.ts";
import type { Accepted, WriteInput } from "./kind.ts";

const maxMembers = 30;

/** What backends of both types may have. */
export const sharedChecks: Readonly<Record<string, Check>> = {
  title: text({ min: 1, max: 300 }),
  description: text({ min: 1, max: 2000 }),
  resourceId: text({ min: 1, max: 2000 }),
};

const poolChecks = fields(
  {
    ...sharedChecks,
    pool: fields(
      {
        services: list(
          fields({ id: text({ min: 1 }), weight: integer(0, 100), priority: integer(0, 100) }, ["id"]),
          1,
          maxMembers,
        ),
      },
      ["services"],
    ),
  },
  ["pool"],
);

/** `CircuitBreaker is not supported for backend pool.` and the like, one per member that a pool must not have. */
const unsupportedOnPools: readonly (readonly [name: string, title: string])[] = [
  ["url", "Url"],
  ["protocol", "Protocol"],
  ["circuitBreaker", "CircuitBreaker"],
  ["credentials", "Credentials"],
  ["tls", "Tls"],
  ["proxy", "Proxy"],
];

export function acceptPool(given: JsonObject, input: WriteInput): Accepted {
  accept(given, poolChecks, (value, _, faults) => {
    for (const [name, title] of unsupportedOnPools) {
      if (isJsonObject(value) && value[name] !== undefined) {
        faults.push({ target: name, message: `${title} is not supported for backend pool.` });
      }
    }
  });
  refuseNesting(input);
  const pool = isJsonObject(given["pool"]) ? given["pool"] : {};
  const members = isList(pool["services"]) ? pool["services"].filter(isJsonObject) : [];
  const resolved = members.map((member) => resolveMember(member, input));
  return {
    properties: {
      title: null,
      description: null,
      ...given,
      type: "Pool",
      pool: { ...pool, services: resolved.map(({ member }) => member) },
    },
    uses: resolved.map(({ key }) => key),
  };
}

/** A member of a pool cannot become a pool itself. */
function refuseNesting({ service, path }: WriteInput): void {
  const holder = service.usersOf(path).find((user) => user.properties["type"] === "Pool");
  if (holder !== undefined) {
    throw fieldError(
      "type",
      `Backend is a member of the pool '${nameOf(holder.path)}' and cannot be a pool.`,
    );
  }
}

/** Members must be there and single; what comes back is the full id in the service's own case. */
function resolveMember(
  member: JsonObject,
  { service, path }: WriteInput,
): { member: JsonObject; key: string } {
  const id = textOf(member["id"]) ?? "";
  const found = resourceOfId(service, "backends", id);
  if (found === undefined) {
    throw fieldError("pool", `Backend with id '${nameOf(id)}' could not be found.`);
  }
  const isItself = keyOf(found.path) === keyOf(path);
  if (isItself || found.properties["type"] === "Pool") {
    throw fieldError("pool", `Backend with id '${nameOf(id)}' is a pool and cannot be a member of a pool.`);
  }
  return { member: { ...member, id: armId(service, found.path) }, key: keyOf(found.path) };
}
