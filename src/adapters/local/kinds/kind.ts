import type { Json, JsonObject } from "../../../core/json.ts";
import type { Edit, ServiceStore } from "../service-store.ts";
import type { Stored } from "../stored.ts";

/** What a PUT or PATCH brings to the kind. */
export type WriteInput = {
  readonly service: ServiceStore;
  /** ARM path below the service. */
  readonly path: string;
  /** `properties` of the body; of a PATCH, merged into what is there. */
  readonly sent: JsonObject;
  readonly current: Stored | undefined;
  readonly isPatch: boolean;
  readonly now: Date;
};

/** A document to be imported once the request has been answered. */
export type ImportRequest = {
  readonly format: string;
  readonly value: string;
  /** `template`, the service's default: required query parameters become part of the URL template. */
  readonly queryConduct: "template" | "query";
};

/** What the kind makes of it. */
export type Accepted = {
  readonly properties: JsonObject;
  readonly secrets?: JsonObject;
  /** Keys of the resources this one cannot do without. */
  readonly uses?: readonly string[];
  /** Resources that come into being with this one. */
  readonly alongside?: readonly Stored[];
  /** Properties in the answer to the write, where they differ from those of a later GET. */
  readonly answer?: JsonObject;
  readonly import?: ImportRequest;
  /** What else changes, before this one is written. */
  readonly edits?: readonly Edit[];
};

export type PolicyFormat = "xml" | "rawxml";

/** All the local APIM knows of one kind of resource. */
export type ResourceKind = {
  // Collection below the service, `*` for ids: `apis/*/operations`.
  readonly collection: string;
  /** Where it is known; absent: on the service itself and in workspaces. */
  readonly place?: "service" | "workspace";
  /** It has no ETag that a delete would ask for. */
  readonly takesNoCondition?: true;
  /** As in `Backend not found.` */
  readonly title: string;
  readonly methods: readonly ("GET" | "HEAD" | "PUT" | "PATCH" | "DELETE")[];
  /** What is wrong with an id for a new resource, if anything. */
  checkId(id: string): string | undefined;
  /** Checks a body and fills in defaults. Throws ArmError. */
  accept(input: WriteInput): Accepted;
  /** `properties` as they are returned. */
  respond(stored: Stored, format: PolicyFormat): JsonObject;
  /** Throws ArmError when others cannot do without the resource. */
  refuseDelete?(service: ServiceStore, stored: Stored, query: URLSearchParams): void;
  /** Further resources that go with the deleted one, beside those below it. */
  alsoDeleted?(service: ServiceStore, stored: Stored): readonly Stored[];
  /** POST actions by lower-case name; one that gives nothing is answered with 204. */
  readonly actions?: Readonly<Record<string, (service: ServiceStore, stored: Stored) => Json | undefined>>;
};

/** An id by length and pattern; the message is for the `ValidationError`. */
export function idRule(name: string, maxLength: number, pattern: RegExp): (id: string) => string | undefined {
  return (id) => {
    if (id.length < 1 || id.length > maxLength)
      return `'${name}' must be between 1 and ${maxLength} characters long.`;
    return pattern.test(id) ? undefined : `'${name}' must match the regular expression '${pattern.source}'.`;
  };
}

/** The pattern most ids share. */
export const commonIdPattern = /^[^*#&+:<>?]+$/;

/** Stored properties as they are. */
export function respondAsStored(stored: Stored): JsonObject {
  return stored.properties;
}
