/** The revisions of an API on a service, and which of them calls get. */
import { Failure } from "../core/failure.ts";
import type { JsonObject } from "../core/json.ts";
import { objectMember, stringMember } from "../core/model/kind-definition.ts";
import { apiKind, apiPath } from "../core/model/kinds/api.ts";
import { readRevisionPath, releaseResource, revisionOwner } from "../core/model/kinds/revision.ts";
import { readDescription } from "../core/model/ownership.ts";
import type { Revision, Revisions } from "../core/plan/revision-list.ts";
import { nearestName } from "../core/nearest-name.ts";
import type { Clock, LiveService } from "../core/ports.ts";
import type { Owner } from "./destroy.ts";

/** Throws Failure `REVISION.NO_API` and `REVISION.NOT_OURS`, and ServiceFailure. */
export async function readRevisions(service: LiveService, owner: Owner, api: string): Promise<Revisions> {
  const listed = await service.list("apis");
  const path = apiPath(api).toLowerCase();
  const current = listed.find((each) => each.path.toLowerCase() === path);
  if (current === undefined) throw unknownApi(api, listed.map(idOf), service.title);
  const properties = objectMember(current.body, "properties") ?? {};
  refuseForeign(api, properties, owner);
  const releases = await service.list(`${current.path}/releases`);
  const others = listed.filter(
    (each) => readRevisionPath(each.path)?.api.toLowerCase() === api.toLowerCase(),
  );
  const revisions = [properties, ...others.map(({ body }) => objectMember(body, "properties") ?? {})].map(
    (each, index) =>
      revisionOf(
        each,
        index === 0,
        releases.map(({ body }) => body),
      ),
  );
  return { api: idOf(current), revisions: revisions.sort((a, b) => b.number - a.number) };
}

function revisionOf(properties: JsonObject, isCurrent: boolean, releases: readonly JsonObject[]): Revision {
  const number = Number(stringMember(properties, "apiRevision") ?? 1);
  const own = releases
    .map((body) => objectMember(body, "properties") ?? {})
    .filter(({ apiId }) => typeof apiId === "string" && apiId.toLowerCase().endsWith(`;rev=${number}`))
    .map((release) => ({
      at: stringMember(release, "createdDateTime") ?? "",
      notes: stringMember(release, "notes") ?? "",
    }))
    .sort((a, b) => (a.at < b.at ? 1 : -1));
  const description = readDescription(stringMember(properties, "apiRevisionDescription") ?? "").text;
  const madeBy = revisionOwner(properties) ?? null;
  return { number, isCurrent, description, madeBy, released: own[0] ?? null };
}

/** Makes a revision current. Returns the id of the release. Throws ServiceFailure, `REVISION.NOT_RELEASED` when the service did not. */
export async function releaseRevision(
  service: LiveService,
  api: string,
  number: number,
  notes: string,
  clock: Clock,
): Promise<string> {
  const stamp = clock.now().toISOString().replace(/\D/g, "").slice(0, 17);
  const id = `apimgw-${number}-${stamp}`;
  const { path, body } = releaseResource(api, number, id, notes, service.ref, {
    file: "",
    line: 1,
    column: 1,
  });
  await service.put(path, body, { ifNoneMatch: "*" });
  const live = await service.afterWrite.get(apiPath(api));
  const now = stringMember(objectMember(live?.body ?? {}, "properties") ?? {}, "apiRevision");
  if (now === String(number)) return id;
  throw new Failure(
    "REVISION.NOT_RELEASED",
    `the service took the release, and calls get revision ${now ?? "?"}`,
    {
      remedy: "Look at the revisions in a minute: apimgw revisions " + api,
    },
  );
}

function idOf({ path }: { readonly path: string }): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function unknownApi(api: string, ids: readonly string[], title: string): Failure {
  const known = ids.filter((id) => !id.includes(";rev="));
  const nearest = nearestName(api, known);
  return new Failure("REVISION.NO_API", `there is no API \`${api}\` on ${title}`, {
    remedy: nearest === undefined ? "name it by its id, as in the spec" : `did you mean \`${nearest}\`?`,
  });
}

/** What another spec has made is not released by this one. */
function refuseForeign(api: string, properties: JsonObject, { name }: Owner): void {
  const owner = apiKind.mark?.read(properties)?.owner;
  if (owner === undefined || owner === name) return;
  throw new Failure("REVISION.NOT_OURS", `API \`${api}\` belongs to the spec \`${owner}\``, {
    why: `this spec is \`${name}\``,
    remedy: "Name the other spec with --file.",
  });
}
