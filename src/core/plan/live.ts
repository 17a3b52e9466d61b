/** What the service holds, as far as a plan needs it. */
import { ServiceFailure } from "../failure.ts";
import type { JsonObject } from "../json.ts";
import { objectMember, stringMember } from "../model/kind-definition.ts";
import { operationSignature } from "../model/kinds/api.ts";
import { kinds } from "../model/kinds/index.ts";
import { withoutKeys } from "../model/kinds/subscription.ts";
import type { Mark } from "../model/ownership.ts";
import { isPool } from "../model/kinds/pool.ts";
import type { Kind } from "../model/resource.ts";
import { markOf } from "../policy/ownership.ts";
import { parsePolicyDocument } from "../policy/parse.ts";
import type { PolicyDocument } from "../policy/tree.ts";
import type { LiveResource } from "../ports.ts";
import type { PlanNote } from "./plan.ts";

export type LiveEntry = {
  readonly kind: Kind;
  readonly id: string;
  readonly path: string;
  /** `properties` as received; of a subscription without its keys. */
  readonly properties: JsonObject;
  readonly document?: PolicyDocument;
  /** For APIs: operation id → `POST /path`. */
  readonly operations?: Readonly<Record<string, string>>;
  /** The entry's own mark, and the spec that it names. */
  readonly mark?: Mark;
  readonly owner?: string;
  readonly etag?: string;
  /** Not read: what there will be once a new revision has been copied, or released. */
  readonly isPredicted?: true;
};

export type LiveModel = {
  readonly entries: readonly LiveEntry[];
  /** What reading has found to say. */
  readonly notes?: readonly PlanNote[];
  /** Revisions of APIs that are not current; only those that a plan is to delete or to go on with are among the entries. */
  readonly revisions?: readonly LiveEntry[];
  /** Of them, path keys of old ones that the spec does not keep. */
  readonly retired?: ReadonlySet<string>;
  /** What revisions hold that stay beside those that are compared: what that refers to is not deleted. */
  readonly retained?: readonly LiveEntry[];
  /** By path key of a revision that is to be written: the API that it is a copy of. */
  readonly sources?: ReadonlyMap<string, LiveEntry>;
};

/** ARM paths are compared without regard to case. */
export function pathKey(path: string): string {
  return path.toLowerCase();
}

/** What is not there yet has none. */
export function etagOf(live: LiveEntry | undefined): string | null {
  return live?.isPredicted === true ? null : (live?.etag ?? null);
}

/** A resource read from the service as an entry. Throws ServiceFailure `SERVICE.UNREADABLE` when its policy text cannot be parsed. */
export function liveEntry(kind: Kind, id: string, resource: LiveResource): LiveEntry {
  const received = objectMember(resource.body, "properties") ?? {};
  const properties = kind === "subscription" ? withoutKeys(received) : received;
  const actual = kind === "backend" && isPool(properties) ? "pool" : kind;
  const document =
    actual === "policy" || actual === "fragment" ? parseLive(resource.path, properties) : undefined;
  const mark =
    actual === "policy" && document !== undefined ? markOf(document) : kinds[actual].mark?.read(properties);
  return {
    kind: actual,
    id,
    path: resource.path,
    properties,
    ...(document === undefined ? {} : { document }),
    ...(mark === undefined ? {} : { mark, owner: mark.owner }),
    ...(resource.etag === undefined ? {} : { etag: resource.etag }),
  };
}

function parseLive(path: string, properties: JsonObject): PolicyDocument | undefined {
  const value = stringMember(properties, "value");
  if (value === undefined) return undefined;
  const parsed = parsePolicyDocument(value, { dialect: "auto" });
  if (parsed.ok) return parsed.document;
  const [first] = parsed.problems;
  throw new ServiceFailure(
    "SERVICE.UNREADABLE",
    `the policy document ${path} on the service cannot be read`,
    {
      why:
        first === undefined
          ? ""
          : `line ${first.range.start.line}, column ${first.range.start.column}: ${first.message}`,
      remedy: "Repair the document in the portal or delete it, then plan again.",
    },
  );
}

/** The operations of an API, from its operations collection. */
export function liveOperations(operations: readonly LiveResource[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    operations.map(({ path, body }) => {
      const properties = objectMember(body, "properties") ?? {};
      const method = stringMember(properties, "method") ?? "";
      return [
        path.slice(path.lastIndexOf("/") + 1),
        operationSignature(method, stringMember(properties, "urlTemplate") ?? ""),
      ];
    }),
  );
}
