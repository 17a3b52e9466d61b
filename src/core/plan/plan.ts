import type { Json, JsonObject } from "../json.ts";
import type { Location } from "../location.ts";
import type { Kind } from "../model/resource.ts";
import type { ServiceRef } from "../ports.ts";

export type Action = "create" | "update" | "adopt" | "delete";

export type Drift = "service" | "both";

/** One property that differs. `path` is dotted below the body: `properties.url`, `properties.pool.services[aoai].priority`. */
export type Edit = {
  readonly path: string;
  readonly before?: Json;
  readonly after?: Json;
  /** The values are secrets or not readable: they are neither kept nor shown. */
  readonly isSecret?: true;
};

/**
 * One resource to write or delete. `before` and `after` are the bodies that were compared, normalized, secrets replaced by
 * `"(secret)"`; a policy document stands in them as printed text under `properties.value`.
 */
export type Change = {
  readonly action: Action;
  readonly kind: Kind;
  readonly id: string;
  /** ARM path below the service. */
  readonly path: string;
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
  /** Changed properties; for a document the text is in `diff` only. */
  readonly edits: readonly Edit[];
  /** Unified diff of the normalized documents, or the edits one per line; empty for creates and deletes of other kinds. */
  readonly diff: string;
  /** ETag of the live resource that the plan saw; null for a create. */
  readonly etag: string | null;
  /**
   * Whether somebody else changed the live resource since the last apply: `service`, only there; `both`, the spec has changed too.
   * Null when not, or when it cannot be known.
   */
  readonly drift: Drift | null;
  /** Paths that must be written before this one, or for deletes, deleted before it. */
  readonly dependsOn: readonly string[];
  /** What in the spec causes it; null for deletes. */
  readonly origin: Location | null;
  /** Said beside the change: why a retry count was chosen, what cannot be compared. */
  readonly notes: readonly string[];
};

/** Something worth saying about a resource that does not change, such as a secret that cannot be compared. */
export type PlanNote = {
  readonly kind: Kind;
  readonly id: string;
  readonly path: string;
  readonly note: string;
};

export type LeftOut = Pick<Change, "action" | "kind" | "id" | "path">;

/** What would change on the service, in the order in which it is applied. The JSON output is this value. */
export type Plan = {
  readonly formatVersion: 1;
  readonly service: ServiceRef;
  /** The spec's name: the ownership mark. */
  readonly name: string;
  readonly changes: readonly Change[];
  readonly unchanged: number;
  /** How many of the unchanged ones carry no mark: they are not this spec's to delete. */
  readonly unmarked: number;
  readonly summary: {
    readonly create: number;
    readonly update: number;
    readonly adopt: number;
    readonly delete: number;
  };
  /** What would change too, had it not been left out by --target, --exclude or --no-delete. */
  readonly leftOut: readonly LeftOut[];
  readonly notes: readonly PlanNote[];
  /** SHA-256 of the service and the changes with both sides: what consent and a saved plan are bound to. */
  readonly digest: string;
};

/** One thing that the service refused, and where in the user's files it comes from. */
export type ErrorPlace = { readonly message: string; readonly at: Location };

/** What apply says as it goes. One JSON object per line with `--format json`. */
export type ApplyEvent =
  | { readonly event: "started"; readonly changes: number; readonly digest: string }
  | {
      readonly event: "step-started";
      readonly action: Action;
      readonly kind: Kind;
      readonly id: string;
      readonly path: string;
    }
  | {
      readonly event: "step-finished";
      readonly action: Action;
      readonly kind: Kind;
      readonly id: string;
      readonly path: string;
      readonly milliseconds: number;
      /** It was so already: an earlier try whose answer was lost had been carried out, or somebody did the same. */
      readonly isFound?: true;
      /** What the service made of it otherwise than it was sent: a diff of what was sent against what is there. */
      readonly changedByService?: string;
      /** Why what was written could not be compared with what was sent. */
      readonly unchecked?: string;
      /** A create replaced something that had come into being since the plan: the service does not heed `If-None-Match`. */
      readonly isReplacement?: true;
    }
  | {
      readonly event: "step-failed";
      readonly action: Action;
      readonly kind: Kind;
      readonly id: string;
      readonly path: string;
      readonly code: string;
      /** What failed and, after a colon, why. */
      readonly message: string;
      /** The place in the user's files that the service's error comes from, else what in the spec made the resource. */
      readonly at?: Location;
      /** Every place that could be traced, when the service said what is wrong. */
      readonly places?: readonly ErrorPlace[];
      /** `SERVICE.CHANGED`: a diff of what the plan was made from against what is there. */
      readonly changes?: string;
      readonly remedy?: string;
    }
  | {
      readonly event: "step-skipped";
      readonly action: Action;
      readonly kind: Kind;
      readonly id: string;
      readonly path: string;
      /** Path of the failed change it depends on, or "interrupted". */
      readonly because: string;
    }
  | ApplySummary;

export type ApplySummary = {
  readonly event: "summary";
  readonly formatVersion: 1;
  readonly service: ServiceRef;
  readonly done: {
    readonly create: number;
    readonly update: number;
    readonly adopt: number;
    readonly delete: number;
  };
  readonly failed: number;
  readonly skipped: number;
  readonly isInterrupted: boolean;
  /** How many of those that were done are not on the service as they were sent. */
  readonly changedByService: number;
  /** How often requests were sent again, by reason: `too many requests (429)`. */
  readonly retried: Readonly<Record<string, number>>;
  /** Path of the journal; null when there was nothing to do. */
  readonly journal: string | null;
  readonly milliseconds: number;
};

/** How the plans of several environments went, in one run. */
export type FleetSummary = Pick<
  ApplySummary,
  | "event"
  | "formatVersion"
  | "done"
  | "failed"
  | "skipped"
  | "isInterrupted"
  | "changedByService"
  | "milliseconds"
> & { readonly environments: Readonly<Record<string, ApplySummary>> };
