/**
 * One step of a plan, carried out. Every write is sent under the condition that the service still holds what the plan saw. When that
 * is refused, or when nobody knows what became of a write, the resource is read and decides:
 *
 *   the service holds          412                               no answer, 409, 422, 429, 5xx (after the adapter's retries)
 *   what was to be written     done                              done
 *   what was planned from      sent again with the new ETag      failed, not carried out
 *   anything else              failed, changed since the plan    failed
 *
 * Afterwards the answer is compared with what was sent.
 */
import { Failure, ServiceFailure } from "../core/failure.ts";
import type { JsonObject } from "../core/json.ts";
import { objectMember, stringMember } from "../core/model/kind-definition.ts";
import { kinds } from "../core/model/kinds/index.ts";
import type { Kind, Resource } from "../core/model/resource.ts";
import { isApiLink } from "../core/model/kinds/product.ts";
import { globalPolicyPath } from "../core/model/kinds/policy.ts";
import { uncomparable } from "../core/plan/compare.ts";
import type { Step } from "../core/plan/compare.ts";
import { liveEntry, liveOperations, pathKey } from "../core/plan/live.ts";
import type { LiveEntry } from "../core/plan/live.ts";
import { changesSince, deviation, isAsPlanned, lacksOperations } from "../core/plan/outcome.ts";
import { needsImport, writeBody } from "../core/plan/write-body.ts";
import { samePolicy } from "../core/policy/canonical.ts";
import { defaultGlobalPolicy } from "../core/policy/global-policy.ts";
import { markOf } from "../core/policy/ownership.ts";
import { printPolicyDocument } from "../core/policy/print.ts";
import { revisionDescription, revisionOwner } from "../core/model/kinds/revision.ts";
import { baseArmId } from "../core/ports.ts";
import type { Clock, LiveResource, LiveService, WriteCondition, WrittenResource } from "../core/ports.ts";
import { readAgain } from "./read-live.ts";
import {
  ChangedSincePlan,
  inDoubt,
  leavesDoubt,
  lost,
  notCarriedOut,
  notWhole,
  orFailure,
} from "./write-failures.ts";

export type StepOutcome = {
  /** It was so already: an earlier try whose answer was lost had been carried out, or somebody did the same. */
  readonly isFound?: true;
  /** What the service made of it otherwise than it was sent: a diff. */
  readonly changedByService?: string;
  /** Why what was written could not be compared with what was sent. */
  readonly unchecked?: string;
  /** A create that replaced something which had come into being since the plan: the service does not heed `If-None-Match`. */
  readonly isReplacement?: true;
};

/** Writes whose ETag is outdated though the content is not: more than this many in a row are no coincidence. */
const mostRenewals = 3;
/** APIs and operations appear late: a write below them, or a look at them, finds nothing for a while (bicep#7032, azurerm#28201). */
const appearanceMilliseconds = 60_000;

/**
 * What the service wants to be told to delete as well, or it refuses: an API's revisions, the current one among them, and a
 * product's subscriptions, of which the administrators' is there from the beginning (Azure/azure-service-operator#3408).
 */
const takenAlong: Partial<Record<Kind, Readonly<Record<string, string>>>> = {
  api: { deleteRevisions: "true" },
  product: { deleteSubscriptions: "true" },
};

type Attempt = { readonly step: Step; readonly condition?: WriteCondition };

export class StepWriter {
  readonly #service: LiveService;
  /** The spec's name: whose mark what is written carries. */
  readonly #owner: string;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  /** All that the plan was made for, to see before a release whether it is there. */
  readonly #desired: readonly Resource[];
  readonly #retried = new Map<string, number>();

  constructor(
    service: LiveService,
    owner: string,
    clock: Clock,
    signal: AbortSignal,
    desired: readonly Resource[] = [],
  ) {
    this.#desired = desired;
    this.#service = service;
    this.#owner = owner;
    this.#clock = clock;
    this.#signal = signal;
  }

  /** How often this sent a write again, by reason; the adapter's own retries are not among them. */
  retried(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#retried);
  }

  /**
   * Carries out a step. `isBelowNew`: it stands below something that was made a moment ago. Throws ServiceFailure, ChangedSincePlan
   * among them; and the signal's reason when nothing was sent.
   */
  async carryOut(step: Step, isBelowNew: boolean): Promise<StepOutcome> {
    const { resource } = step;
    if (step.change.action === "delete") return this.#remove(step);
    if (resource === undefined) throw new Error(`no resource for ${step.change.path}`);
    if (step.source !== undefined) return this.#makeRevision(step, resource, step.source);
    if (resource.kind === "release") await this.#requireWhole(resource);
    const end = this.#now() + (isBelowNew ? appearanceMilliseconds : 0);
    let attempt: Attempt = { step, ...firstCondition(step) };
    for (let tries = 1; ; tries += 1) {
      const body = writeBody({ ...attempt.step, resource });
      const written = await orFailure(this.#send(attempt, resource, body));
      if (!(written instanceof ServiceFailure)) {
        const outcome = await this.#check(step, resource, written);
        return isUnwantedReplacement(step, written) ? { ...outcome, isReplacement: true } : outcome;
      }
      if (written.status === 404 && (await this.#waits(tries, end))) {
        this.#count("what it belongs to is not there yet (404)");
        continue;
      }
      const next = await this.#settle(attempt, resource, written, tries);
      if (next === undefined) return { isFound: true };
      attempt = next;
    }
  }

  /** A subscription that is there is changed and not replaced: a PUT without keys might be answered with new ones. */
  #send({ step, condition }: Attempt, { kind, path }: Resource, body: JsonObject): Promise<WrittenResource> {
    const isChange = kind === "subscription" && step.change.action !== "create";
    if (!isChange) return this.#service.put(path, body, condition);
    return this.#service.patch(path, body, condition ?? { ifMatch: "*" });
  }

  /** Copies the current revision, and writes into the copy what is to differ: the service does not do both in one request. */
  async #makeRevision(step: Step, resource: Resource, source: LiveEntry): Promise<StepOutcome> {
    const { change } = step;
    const description = revisionDescription(this.#owner);
    const { path, serviceUrl } = source.properties;
    const copy: JsonObject = {
      path,
      ...(typeof serviceUrl === "string" ? { serviceUrl } : {}),
      sourceApiId: `${baseArmId(this.#service.ref)}/${source.path}`,
      apiRevisionDescription: description,
    };
    const failure = await orFailure(
      this.#service.put(change.path, { properties: copy }, { ifNoneMatch: "*" }),
    );
    const made =
      failure instanceof ServiceFailure
        ? await this.#readAfter(failure, step)
        : await this.#poll(
            () => this.#read(step),
            (found) => found !== undefined,
          );
    // A write whose answer was lost may have made it; one that somebody else made is not ours to fill.
    if (made === undefined || revisionOwner(made.properties) !== this.#owner)
      throw failure instanceof ServiceFailure ? failure : lost(step);
    if (change.edits.length === 0) return {};
    return this.carryOut({ change: { ...change, action: "update", etag: null }, resource, live: made }, true);
  }

  /** Throws unless everything that is to be in the released revision is there, as the spec wants it. */
  async #requireWhole(release: Resource): Promise<void> {
    const target = pathKey(release.dependsOn[0] ?? "");
    const parts = this.#desired.filter(
      ({ path }) => pathKey(path) === target || pathKey(path).startsWith(`${target}/`),
    );
    for (const resource of parts) {
      const { kind, id, path } = resource;
      const found = await this.#poll(
        async () => {
          const entry = await readAgain(this.#service, { kind, id, path, properties: {} });
          return entry === undefined || resource.operations === undefined
            ? entry
            : { ...entry, operations: liveOperations(await this.#service.list(`${path}/operations`)) };
        },
        (entry) => entry !== undefined && !lacksOperations(resource, entry),
      );
      if (found === undefined || deviation(resource, found, this.#owner) !== "")
        throw notWhole(release, resource);
    }
  }

  /** How to go on after a failure; undefined when it is done all the same. Throws when it is not. */
  async #settle(
    { step, condition }: Attempt,
    resource: Resource,
    failure: ServiceFailure,
    tries: number,
  ): Promise<Attempt | undefined> {
    const found = await this.#readAfter(failure, step);
    if (found !== undefined && (await this.#isWanted(step, resource, found))) {
      if (uncomparable(resource) === undefined) return undefined;
      // All but the secret is as wanted, and the secret nobody can see: it must be written to be sure.
      if (failure.status !== 412 || tries > mostRenewals) throw inDoubt(failure, step);
      this.#count("a secret, which cannot be compared (412)");
      return { step, condition: matching(found) };
    }
    const isCreate = step.change.action === "create";
    const isUntouched = isCreate ? found === undefined : found !== undefined && isAsPlanned(step, found);
    if (failure.status !== 412) throw isUntouched ? notCarriedOut(failure) : inDoubt(failure, step);
    if (!isUntouched) throw this.#changedSincePlan(step, found);
    if (isCreate ? condition === undefined : tries > mostRenewals) throw failure;
    this.#count(isCreate ? "refused, though not there (412)" : "changed, but not in meaning (412)");
    // A create that is refused though nothing is there: the service misreads `If-None-Match`. The look was the check.
    return found === undefined ? { step } : { step: { ...step, live: found }, condition: matching(found) };
  }

  async #remove(step: Step): Promise<StepOutcome> {
    const { change } = step;
    let etag = change.etag ?? "*";
    for (let tries = 1; ; tries += 1) {
      const failure = await orFailure(this.#takeAway(change, etag));
      if (failure === undefined) return {};
      const found = await this.#readAfter(failure, step);
      if (found === undefined || (this.#isGlobal(found.path) && isPutBack(found))) return { isFound: true };
      if (failure.status !== 412) throw notCarriedOut(failure);
      if (!isAsPlanned(step, found)) throw this.#changedSincePlan(step, found);
      if (tries > mostRenewals) throw failure;
      this.#count("changed, but not in meaning (412)");
      etag = found.etag ?? "*";
    }
  }

  /**
   * Deletes; in place of the global document, without which nothing is forwarded, it puts that of a new service. The document of a
   * workspace is none: above it stands the global one.
   */
  async #takeAway({ kind, path }: Step["change"], etag: string): Promise<undefined> {
    if (!this.#isGlobal(path)) {
      await this.#service.remove(path, etag, takenAlong[kind]);
      return;
    }
    const value = printPolicyDocument(defaultGlobalPolicy, { dialect: "xml" });
    await this.#service.put(path, { properties: { format: "xml", value } }, { ifMatch: etag });
  }

  #isGlobal(path: string): boolean {
    return this.#service.ref.workspace === undefined && pathKey(path) === pathKey(globalPolicyPath);
  }

  /** What the service holds after a failure; throws that failure when it says enough by itself, or when reading fails too. */
  async #readAfter(failure: ServiceFailure, step: Step): Promise<LiveEntry | undefined> {
    if (!leavesDoubt(failure)) throw failure;
    const found = await orFailure(this.#read(step));
    if (found instanceof ServiceFailure) throw inDoubt(failure, step);
    return found;
  }

  async #isWanted(step: Step, resource: Resource, found: LiveEntry): Promise<boolean> {
    if (deviation(resource, found, this.#owner) !== "") return false;
    const whole = await orFailure(this.#withOperations(step, resource, found));
    return !(whole instanceof ServiceFailure) && deviation(resource, whole, this.#owner) === "";
  }

  async #read({ change: { kind, id, path } }: Step): Promise<LiveEntry | undefined> {
    const { afterWrite } = this.#service;
    if (kind !== "productApi" || isApiLink(path))
      return readAgain(afterWrite, { kind: listedKind(kind), id, path, properties: {} });
    // A link on the service itself has no GET (405).
    const links = await afterWrite.list(path.slice(0, path.lastIndexOf("/")));
    const isThere = links.some((link) => pathKey(link.path) === pathKey(path));
    return isThere ? { kind, id, path, properties: {} } : undefined;
  }

  /** Compares what was written with what was sent: by the answer where that suffices, else by what the service holds. */
  async #check(step: Step, resource: Resource, written: LiveResource): Promise<StepOutcome> {
    if (resource.document === undefined && objectMember(resource.body, "properties") === undefined) return {};
    const found = await orFailure(this.#whatBecameOf(step, resource, written));
    if (found instanceof ServiceFailure) return { unchecked: found.message };
    if (found === undefined) throw lost(step);
    const changedByService = deviation(resource, found, this.#owner);
    return changedByService === "" ? {} : { changedByService };
  }

  async #whatBecameOf(step: Step, resource: Resource, written: LiveResource): Promise<LiveEntry | undefined> {
    const answered = answeredEntry(resource, written);
    const suffices = answered !== undefined && deviation(resource, answered, this.#owner) === "";
    const entry = suffices
      ? answered
      : await this.#poll(
          () => this.#read(step),
          (found) => found !== undefined,
        );
    return entry === undefined ? undefined : this.#withOperations(step, resource, entry);
  }

  /** After an import, with its operations: they are made after the API has been answered for (bicep#7032). */
  async #withOperations(step: Step, resource: Resource, entry: LiveEntry): Promise<LiveEntry> {
    if (!needsImport(step)) return entry;
    const path = `${entry.path}/operations`;
    return this.#poll(
      async () => ({ ...entry, operations: liveOperations(await this.#service.afterWrite.list(path)) }),
      (found) => !lacksOperations(resource, found),
    );
  }

  /** Reads until it is there, or the time for appearing is over, or an interruption comes; the last that was read. */
  async #poll<T>(read: () => Promise<T>, isThere: (value: T) => boolean): Promise<T> {
    const end = this.#now() + appearanceMilliseconds;
    for (let tries = 1; ; tries += 1) {
      const value = await read();
      if (isThere(value) || !(await this.#waits(tries, end))) return value;
    }
  }

  /** Waits before another try; false when there is to be none. */
  async #waits(tries: number, end: number): Promise<boolean> {
    const wait = Math.min(500 * 2 ** (tries - 1), 10_000);
    if (this.#now() + wait > end) return false;
    try {
      await this.#clock.sleep(wait, this.#signal);
      return true;
    } catch (error) {
      if (!this.#signal.aborted) throw error;
      return false;
    }
  }

  #changedSincePlan(step: Step, found: LiveEntry | undefined): ChangedSincePlan {
    const { kind, id, action } = step.change;
    const what = `${kinds[kind].title} \`${id}\``;
    if (found === undefined) return new ChangedSincePlan(`somebody deleted ${what} since the plan`, "");
    const who = found.owner === this.#owner ? "another apply, or an earlier try of this one," : "somebody";
    const said = action === "create" ? `${who} created ${what}` : `somebody changed ${what}`;
    return new ChangedSincePlan(`${said} since the plan`, changesSince(step, found));
  }

  #count(reason: string): void {
    this.#retried.set(reason, (this.#retried.get(reason) ?? 0) + 1);
  }

  #now(): number {
    return this.#clock.now().getTime();
  }
}

function firstCondition({ change: { action, kind, etag }, live }: Step): Pick<Attempt, "condition"> {
  // What has no ETag has nothing in it that somebody else might have changed. A copy in a new revision is nobody's but ours.
  if (kinds[kind].hasNoEtag === true || live?.isPredicted === true) return {};
  return { condition: action === "create" ? { ifNoneMatch: "*" } : { ifMatch: etag ?? "*" } };
}

function isUnwantedReplacement({ change }: Step, { isReplacement }: WrittenResource): boolean {
  return change.action === "create" && kinds[change.kind].hasNoEtag !== true && isReplacement === true;
}

/** Whether the global document is that of a new service. */
function isPutBack({ document }: LiveEntry): boolean {
  if (document === undefined) return false;
  return samePolicy(document, defaultGlobalPolicy) && markOf(document) === undefined;
}

function matching({ etag }: LiveEntry): WriteCondition {
  return { ifMatch: etag ?? "*" };
}

/** Backends and pools share a collection: which of the two is there, the entry says. */
function listedKind(kind: Kind): Kind {
  return kind === "pool" ? "backend" : kind;
}

/** The resource in the answer to a write, as far as the answer has it; undefined when it leaves out what was sent. */
function answeredEntry(resource: Resource, written: LiveResource): LiveEntry | undefined {
  const properties = objectMember(written.body, "properties");
  if (properties === undefined) return undefined;
  if (resource.document !== undefined && stringMember(properties, "value") === undefined) return undefined;
  try {
    return liveEntry(listedKind(resource.kind), resource.id, written);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return undefined;
  }
}
