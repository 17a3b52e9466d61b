/** Which APIs and operations are drawn. */
import { Failure } from "../failure.ts";
import type { ApiConfig, OperationConfig } from "../gateway/config.ts";
import { nearestName } from "../nearest-name.ts";
import { compareText } from "../problem.ts";

export type GraphSelection = {
  /** Ids of APIs; all when empty. */
  readonly apis: readonly string[];
  /** Ids of operations, or `API/OPERATION`; all when empty. */
  readonly operations: readonly string[];
};

export type SelectedApi = { readonly api: ApiConfig; readonly operations: readonly OperationConfig[] };

/**
 * The APIs and the operations that were asked for, both by id; APIs that are left without any are left out. Throws Failure
 * `USAGE.API` or `USAGE.OPERATION` for a name that there is not.
 */
export function selectOperations(
  apis: readonly ApiConfig[],
  selection: GraphSelection,
): readonly SelectedApi[] {
  const chosen = selectApis(apis, selection.apis);
  for (const name of selection.operations) requireOperation(chosen, name);
  const wanted = (api: ApiConfig, id: string) =>
    selection.operations.length === 0 || selection.operations.some((name) => isNamed(api, id, name));
  return chosen
    .map((api) => ({
      api,
      operations: api.operations.filter(({ id }) => wanted(api, id)).sort((a, b) => compareText(a.id, b.id)),
    }))
    .filter(({ operations }) => selection.operations.length === 0 || operations.length > 0)
    .sort((a, b) => compareText(a.api.id, b.api.id));
}

function selectApis(apis: readonly ApiConfig[], names: readonly string[]): readonly ApiConfig[] {
  for (const name of names) {
    if (apis.some(({ id }) => equal(id, name))) continue;
    throw unknown(
      "API",
      name,
      apis.map(({ id }) => id),
    );
  }
  return names.length === 0 ? apis : apis.filter(({ id }) => names.some((name) => equal(id, name)));
}

function requireOperation(apis: readonly ApiConfig[], name: string): void {
  if (apis.some((api) => api.operations.some(({ id }) => isNamed(api, id, name)))) return;
  const known = apis.flatMap((api) =>
    api.operations.map(({ id }) => (name.includes("/") ? `${api.id}/${id}` : id)),
  );
  throw unknown("OPERATION", name, known);
}

function isNamed(api: ApiConfig, operation: string, name: string): boolean {
  return equal(operation, name) || equal(`${api.id}/${operation}`, name);
}

function equal(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function unknown(what: "API" | "OPERATION", name: string, known: readonly string[]): Failure {
  const nearest = nearestName(name, known);
  const noun = what === "API" ? "API" : "operation";
  const sorted = [...known].sort();
  const list =
    sorted.length <= 10
      ? sorted.join(", ")
      : `${sorted.slice(0, 10).join(", ")} and ${sorted.length - 10} more`;
  return new Failure(`USAGE.${what}`, `there is no ${noun} \`${name}\` in the gateway`, {
    remedy: nearest === undefined ? `name one of ${list}` : `did you mean \`${nearest}\`?`,
  });
}
