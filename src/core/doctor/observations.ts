/** What doctor looks at, as it was read. */
import type { JsonObject } from "../json.ts";
import type { Model, WantedAccount } from "../model/resource.ts";
import type { LiveResource, ServiceRef, SignIn } from "../ports.ts";
import type { Problem } from "../problem.ts";
import type { AccountRoles } from "../roles/find-roles.ts";
import type { ParsedSpec } from "../spec/source.ts";
import type { Seen } from "./finding.ts";

/** The spec, where there is one. */
export type DoctorSpec = { readonly parsed: ParsedSpec; readonly model: Model };

export type AccountSeen = {
  readonly account: WantedAccount;
  /** Undefined when it is not there. */
  readonly body: Seen<JsonObject | undefined>;
  readonly deployments: Seen<readonly LiveResource[]>;
  /** Undefined when it was not looked for: the identity is not known, or `roles: ignore`. */
  readonly roles: AccountRoles | undefined;
};

export type Observations = {
  readonly service: ServiceRef;
  readonly spec: DoctorSpec | undefined;
  readonly now: Date;
  readonly signIn: Seen<SignIn>;
  /** The service's own resource; undefined when it is not there. */
  readonly itself: Seen<JsonObject | undefined>;
  /** Whether the workspace is there, where everything is to be in one. */
  readonly workspace: Seen<void> | undefined;
  readonly namedValues: Seen<readonly LiveResource[]>;
  readonly loggers: Seen<readonly LiveResource[]>;
  /** Of the whole service, and of the APIs of the spec. */
  readonly diagnostics: Seen<readonly LiveResource[]>;
  readonly accounts: readonly AccountSeen[];
  /** The role that is wanted: its GUID, or why it is not known. Undefined when nothing was asked. */
  readonly roleId: Seen<string> | undefined;
  /** What lint says of the spec on the tier that the service really has. */
  readonly onTier: readonly Problem[];
};
