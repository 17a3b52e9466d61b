import type { JsonObject } from "../json.ts";
import type { Location } from "../location.ts";
import type { PolicyDocument } from "../policy/tree.ts";
import type { ServiceRef } from "../ports.ts";

export const kindNames = [
  "roleAssignment",
  "namedValue",
  "logger",
  "backend",
  "pool",
  "fragment",
  "versionSet",
  "api",
  "revision",
  "operation",
  "product",
  "productApi",
  "subscription",
  "diagnostic",
  "policy",
  "release",
] as const;

/** The kinds of resources that apimgw writes: APIM's, and the roles that its identity has elsewhere. */
export type Kind = (typeof kindNames)[number];

/** One APIM resource as it should be: what a spec compiles to. */
export type Resource = {
  readonly kind: Kind;
  /** For people: `aoai`, `azure-openai/ChatCompletions_Create`. */
  readonly id: string;
  /** ARM path below the service, without a leading slash; of a role assignment its whole ARM id, with one. */
  readonly path: string;
  /** The body that is PUT. For a policy or fragment without `properties.value` and `format`: the document carries them. */
  readonly body: JsonObject;
  readonly document?: PolicyDocument;
  /** For an imported API: operation id → `POST /path`, what the import makes. */
  readonly operations?: Readonly<Record<string, string>>;
  /** An API that the spec changes but does not make: it is an error when the service lacks it. */
  readonly mustExist?: true;
  /** Said beside the change in the plan: why a retry count was chosen. */
  readonly notes?: readonly string[];
  /** Paths of the resources that must exist before this one. */
  readonly dependsOn: readonly string[];
  /** What in the spec made it. */
  readonly origin: Location;
};

/** An API of the spec, and what the service must be asked about it. */
export type ApiExpectation = {
  readonly id: string;
  /** False when the API must exist on the service already. */
  readonly isImported: boolean;
  readonly unlisted: "deny" | "allow" | "remove";
  /** Operations that the spec lists, with the places of their keys. */
  readonly operations: readonly { readonly id: string; readonly at: Location }[];
  readonly at: Location;
  /** Changes go into a new revision, which the apply releases or leaves for people to release. */
  readonly revision?: "apply" | "manual";
  /** How many old revisions stay beside the current one; all when left out. */
  readonly keepRevisions?: number;
};

/** What the service must hold though the spec does not make it: it is named, and never written or deleted. */
export type Expected = {
  /** `backend` stands for pools too. */
  readonly kind: "backend" | "fragment" | "logger" | "namedValue";
  /** The id; for a named value the display name, which `{{name}}` uses. */
  readonly name: string;
  readonly at: Location;
  /** What to do when it is not there. */
  readonly help: string;
};

/** Which of the service's managed identities calls the accounts. */
export type ServiceIdentity =
  { readonly type: "system" } | { readonly type: "user"; readonly clientId: string };

/** An account that the identity must have the role on. */
export type WantedAccount = {
  /** Its ARM id, as the spec spells it. */
  readonly scope: string;
  /** The backends that stand for it. */
  readonly backends: readonly string[];
  readonly at: Location;
};

/** The roles that the service's identity needs. Which assignments that makes depends on the service: on who the identity is there. */
export type WantedRoles = {
  readonly mode: "manage" | "check";
  /** Name or GUID. */
  readonly role: string;
  readonly identity: ServiceIdentity;
  /** Sorted by scope. */
  readonly accounts: readonly WantedAccount[];
  /** The Azure subscriptions in which assignments that carry the spec's mark are looked for. */
  readonly subscriptions: readonly string[];
};

/** All that a spec compiles to. Resources are sorted by path. */
export type Model = {
  /** The spec's name: the ownership mark. */
  readonly owner: string;
  readonly service: ServiceRef;
  readonly resources: readonly Resource[];
  readonly apis: readonly ApiExpectation[];
  readonly expected: readonly Expected[];
  /** Absent: nothing is read about roles. */
  readonly roles?: WantedRoles;
};
