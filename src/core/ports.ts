import type { JsonObject } from "./json.ts";

/** The APIM instance that is planned against. */
export type ServiceRef = {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
  /** The workspace of the service that everything is in; absent: the service itself. */
  readonly workspace?: string | undefined;
};

/** The same, with nothing beside it: of a value that may hold more, such as `service` of a spec. */
export function serviceRef({ subscriptionId, resourceGroup, name, workspace }: ServiceRef): ServiceRef {
  return { subscriptionId, resourceGroup, name, ...(workspace === undefined ? {} : { workspace }) };
}

/** ARM id of the service, without a trailing slash; that of the service itself where a workspace is named. */
export function serviceArmId(service: ServiceRef): string {
  return `/subscriptions/${service.subscriptionId}/resourceGroups/${service.resourceGroup}/providers/Microsoft.ApiManagement/service/${service.name}`;
}

/** For people: `contoso-apim`, or `contoso-apim/team-a` for a workspace of it. */
export function serviceName({ name, workspace }: Pick<ServiceRef, "name" | "workspace">): string {
  return workspace === undefined ? name : `${name}/${workspace}`;
}

/** ARM id of what paths are relative to: the workspace where there is one, else the service. */
export function baseArmId(service: ServiceRef): string {
  const { workspace } = service;
  return workspace === undefined ? serviceArmId(service) : `${serviceArmId(service)}/workspaces/${workspace}`;
}

/**
 * How a body names another resource. On the service itself the short form will do; in a workspace only the whole ARM id says which
 * of two that have the same path is meant.
 */
export function referenceTo(service: ServiceRef, path: string): string {
  return service.workspace === undefined ? `/${path}` : `${baseArmId(service)}/${path}`;
}

/** The path that an ARM id, or its short form, names below the service or below a workspace of it. */
export function pathOfReference(id: string): string {
  return id.replace(/^.*\/service\/[^/]+\/(?:workspaces\/[^/]+\/)?/i, "").replace(/^\//, "");
}

/** Whether a path is a whole ARM id, of something outside the service, and not a path below the service. */
export function isArmId(path: string): boolean {
  return path.startsWith("/");
}

/** Disk, in the few ways apimgw uses it. Paths are absolute or relative to the working directory. */
export interface Files {
  /** Text of a file as UTF-8, without a byte order mark. Throws Failure `FILE.NOT_FOUND` or `FILE.UNREADABLE`. */
  read(path: string): Promise<string>;
  exists(path: string): Promise<boolean>;
  /** Writes the whole file or nothing (a new file, then a rename); makes missing folders. Throws `FILE.UNWRITABLE`. */
  write(path: string, text: string): Promise<void>;
  /** Adds to the end of a file; makes it and missing folders. Throws `FILE.UNWRITABLE`. */
  append(path: string, text: string): Promise<void>;
}

export interface Clock {
  now(): Date;
  /** Resolves after `milliseconds`; rejects with the signal's reason when it is aborted first. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** A resource as the management API returned it. */
export type LiveResource = {
  /** ARM path below the service, without a leading slash: `backends/aoai`; or a whole ARM id, with one. */
  readonly path: string;
  /** The JSON body as received; nothing dropped. */
  readonly body: JsonObject;
  readonly etag?: string;
};

/** A resource as a write has left it. */
export type WrittenResource = LiveResource & {
  /** The service said that it replaced something (200), where it would have said that it made something (201). */
  readonly isReplacement?: true;
};

/** What must hold on the service for a write to be carried out. */
export type WriteCondition =
  | { readonly ifMatch: string }
  /** The resource must not exist yet. */
  | { readonly ifNoneMatch: "*" };

/**
 * Reads of one service, in our words. Paths are ARM paths below the service, or below the workspace that the ServiceRef names; the
 * empty one is the service itself either way, and one that begins with a slash is a whole ARM id: a role assignment, an account.
 */
export interface ServiceReader {
  /** Undefined when there is no such resource. */
  get(path: string, query?: Readonly<Record<string, string>>): Promise<LiveResource | undefined>;
  /** All pages of a collection such as `backends` or `apis/x/operations`; empty when the parent does not exist. */
  list(path: string, query?: Readonly<Record<string, string>>): Promise<readonly LiveResource[]>;
}

/**
 * The management API of one service. All methods throw ServiceFailure:
 * `SERVICE.UNAUTHORIZED` 401, `SERVICE.FORBIDDEN` 403, `SERVICE.NOT_FOUND` 404 (not for `get`), `SERVICE.REJECTED` 400,
 * `SERVICE.CONFLICT` 409, `SERVICE.CHANGED` 412, `SERVICE.THROTTLED` 429, `SERVICE.UNREACHABLE` no answer, `SERVICE.FAILED` others.
 * Interrupted, reads throw the signal's reason, and so do writes of which nothing has been sent yet.
 */
export interface LiveService extends ServiceReader {
  readonly ref: ServiceRef;
  /** Where this is, for people: `contoso-apim (resource group rg-ai)` or `contoso-apim (local APIM, .apimgw/local)`. */
  readonly title: string;
  /** The same reads for what a write has left behind: an interruption does not end them, though it ends their retries. */
  readonly afterWrite: ServiceReader;
  /** Creates or replaces; waits for a long-running operation to end. Returns the resource as the service now has it. */
  put(
    path: string,
    body: JsonObject,
    condition?: WriteCondition,
    query?: Readonly<Record<string, string>>,
  ): Promise<WrittenResource>;
  /** Changes the properties that are given and leaves the others as they are: keys of a subscription, say. */
  patch(path: string, body: JsonObject, condition: WriteCondition): Promise<WrittenResource>;
  /** An action such as `listSecrets`, and what it answers. Nothing of that is kept, shown with --verbose or put into an error. */
  act(path: string, action: string): Promise<JsonObject>;
  /** Deletes; a resource that is not there counts as deleted. */
  remove(path: string, ifMatch: string, query?: Readonly<Record<string, string>>): Promise<void>;
  /** How often requests were sent again so far, by reason: `too many requests (429)`. */
  retried(): Readonly<Record<string, number>>;
}

/** A sign-in that has succeeded. */
export type SignIn = {
  /** What gave the token: nothing that counts on this machine, the user, or the sign-in of Azure's library. */
  readonly via: "local" | "token" | "chain";
  /** What the token says about who it is for; undefined when it cannot be read. */
  readonly claims: JsonObject | undefined;
};

/** The management API, and who asks it. */
export interface AzureService extends LiveService {
  /** Signs in. Throws ServiceFailure `SERVICE.UNAUTHORIZED`. */
  signIn(): Promise<SignIn>;
}
