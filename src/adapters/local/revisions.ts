/**
 * Revisions of APIs. The current one is kept at `apis/ID`, the others at `apis/ID;rev=N`; a release exchanges two of them. Links
 * to products, diagnostics and releases belong to the API and stay where they are.
 */
import { ArmError, fieldError } from "./errors.ts";
import { pathOfId } from "./references.ts";
import type { Edit, ServiceStore } from "./service-store.ts";
import type { Stored } from "./stored.ts";
import { newEtag } from "./stored.ts";
import { textOf } from "./validate.ts";

const suffix = /;rev=([0-9]+)$/i;

/** The number in `ID;rev=N`; undefined for an id that names the current revision. */
export function revisionNumber(id: string): string | undefined {
  return suffix.exec(id)?.[1];
}

/** `apis/ID;rev=2` → `apis/ID` */
export function currentPath(api: string): string {
  return api.replace(suffix, "");
}

/** The API that a path's revision is of, as the path says it. */
export function isSameApi(a: string, b: string): boolean {
  return currentPath(a).toLowerCase() === currentPath(b).toLowerCase();
}

/**
 * The segments with the number left out where it is that of the current revision. Throws ArmError for deleting that one: an API
 * is deleted by its own id.
 */
export function withoutCurrentNumber(
  service: ServiceStore,
  segments: readonly string[],
  method: string,
): readonly string[] {
  const [collection = "", id = "", ...below] = segments;
  const number = collection.toLowerCase() === "apis" ? revisionNumber(id) : undefined;
  if (number === undefined) return segments;
  const current = service.get(currentPath(`apis/${id}`));
  if (current?.properties["apiRevision"] !== number) return segments;
  if (method === "DELETE" && below.length === 0)
    throw new ArmError(400, "ValidationError", "The current revision of an API cannot be deleted.");
  return [collection, currentPath(id), ...below];
}

/** What belongs to a revision: its operations and all policy documents. */
function contentOf(service: ServiceStore, api: Stored): Stored[] {
  const prefix = `${api.path}/`.toLowerCase();
  return service
    .below(api.path)
    .filter(({ path }) => /^(?:operations|policies)\//i.test(path.slice(prefix.length)));
}

/** The content of a revision, as it stands in a copy of it. */
export function copiedContent(service: ServiceStore, source: Stored, path: string): Stored[] {
  return contentOf(service, source).map((stored) => ({
    ...stored,
    path: `${path}${stored.path.slice(source.path.length)}`,
    etag: newEtag(),
  }));
}

/** The revisions of an API that are not current. */
export function otherRevisions(service: ServiceStore, api: Stored): Stored[] {
  return service.list("apis").filter(({ path }) => path !== api.path && isSameApi(path, api.path));
}

/** The revision that a release's `apiId` names. Throws ArmError when the API has no such revision. */
export function releasedRevision(service: ServiceStore, api: string, apiId: string): Stored {
  const path = pathOfId(service, apiId) ?? "";
  const [collection = "", id = ""] = path.split("/");
  const segments = withoutCurrentNumber(service, [collection, id], "GET");
  const found = isSameApi(path, api) ? service.get(segments.join("/")) : undefined;
  if (found === undefined) throw fieldError("apiId", `API revision '${apiId}' not found.`);
  return found;
}

/** What makes a revision current. */
export function releaseEdits(service: ServiceStore, api: Stored, revision: Stored): Edit[] {
  if (revision.path === api.path) return [];
  const retired = `${api.path};rev=${textOf(api.properties["apiRevision"]) ?? "1"}`;
  const puts = [
    { ...api, path: retired, etag: newEtag(), properties: { ...api.properties, isCurrent: false } },
    ...copiedContent(service, api, retired),
    {
      ...revision,
      path: api.path,
      etag: newEtag(),
      properties: { ...revision.properties, isCurrent: true },
    },
    ...copiedContent(service, revision, api.path),
  ];
  const removed = [...contentOf(service, api), ...contentOf(service, revision), revision];
  return [...removed.map(({ path }): Edit => ({ remove: path })), ...puts.map((put): Edit => ({ put }))];
}
