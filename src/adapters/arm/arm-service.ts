import type { TokenCredential } from "@azure/identity";
import { ServiceFailure } from "../../core/failure.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Clock, LiveResource, LiveService, ServiceRef, WriteCondition } from "../../core/ports.ts";
import { answerFailure, missingService } from "./answer-failure.ts";
import { connectionFailure } from "./connection-failure.ts";
import { type CloudName, resolveEndpoint } from "./endpoint.ts";
import type { ArmAnswer, ArmRequest } from "./exchange.ts";
import { createRequester, type Requester } from "./requester.ts";
import {
  endlessList,
  listedResource,
  liveResource,
  pageOf,
  resourceBody,
  wrapBareXml,
} from "./resource-body.ts";
import { createResourceUrls, type ResourceUrls } from "./resource-url.ts";
import { resourceIn } from "./long-running.ts";
import type { RetryEvent } from "./retry.ts";

export type ArmOptions = {
  readonly service: ServiceRef;
  /** Another ARM endpoint than the cloud's; see resolveEndpoint. */
  readonly endpoint?: string | undefined;
  readonly cloud: CloudName;
  /** The embedded local APIM answers at the endpoint. */
  readonly isLocal?: boolean | undefined;
  /** Where the local APIM keeps its state; for the title. */
  readonly localDirectory?: string | undefined;
  /** A ready bearer token (APIMGW_ACCESS_TOKEN) instead of a sign-in. */
  readonly token?: string | undefined;
  readonly clock: Clock;
  readonly onRetry?: ((event: RetryEvent) => void) | undefined;
  /**
   * Ends reads, waits and sign-in, and lets no new write begin; the reason is thrown. A write that has been sent is followed to its
   * end, so that it can be said whether it was done.
   */
  readonly signal?: AbortSignal | undefined;
  /** Such as `apimgw/0.1.0`. */
  readonly userAgent: string;
  /** For tests. */
  readonly internals?: ArmInternals | undefined;
};

export type ArmInternals = {
  readonly credential?: TokenCredential;
  /** Between 0 and 1, for the jitter of retries. */
  readonly random?: () => number;
  readonly requestMilliseconds?: number;
};

const requestMilliseconds = 100_000;
/** How long a new resource may take to appear: key vault named values and APIs answer 404 for a while (azurerm#7539, #28201). */
const appearanceTries = 12;
const mostPages = 10_000;

/**
 * The management API of one service through the official SDK. Loads the SDK; signs in with the first request. Throws Failure
 * `USAGE.ENDPOINT` or `USAGE.PROXY` for settings that cannot be used.
 */
export async function createArmService(options: ArmOptions): Promise<LiveService> {
  const endpoint = resolveEndpoint(options.cloud, options.endpoint);
  const [{ chooseCredential, withReadableFailures }, { createTransport }] = await Promise.all([
    import("./credential.ts"),
    import("./transport.ts"),
  ]);
  const { internals = {}, isLocal = false, service, signal, clock, onRetry } = options;
  const token = isLocal ? "local" : options.token;
  const credential = internals.credential ?? (await chooseCredential({ endpoint, token }));
  const urls = createResourceUrls(endpoint.url, service);
  const transport = createTransport({
    endpoint,
    subscriptionId: service.subscriptionId,
    credential: withReadableFailures(credential, signal),
    userAgent: options.userAgent,
    requestMilliseconds: internals.requestMilliseconds ?? requestMilliseconds,
  });
  const random = internals.random ?? Math.random;
  const requester = createRequester({ transport, urls, clock, random, onRetry, signal });
  const hasGivenToken = token !== undefined && token.trim() !== "";
  return new ArmService(service, titleOf(options), { urls, requester, clock, hasGivenToken });
}

function titleOf({ service, isLocal, localDirectory }: ArmOptions): string {
  if (isLocal !== true) return `${service.name} (resource group ${service.resourceGroup})`;
  return `${service.name} (local APIM${localDirectory === undefined ? "" : `, ${localDirectory}`})`;
}

type ArmParts = {
  readonly urls: ResourceUrls;
  readonly requester: Requester;
  readonly clock: Clock;
  readonly hasGivenToken: boolean;
};

type Query = Readonly<Record<string, string>>;

function conditionHeaders(condition: WriteCondition | undefined): Record<string, string> {
  if (condition === undefined) return {};
  return "ifMatch" in condition
    ? { "If-Match": condition.ifMatch }
    : { "If-None-Match": condition.ifNoneMatch };
}

class ArmService implements LiveService {
  readonly ref: ServiceRef;
  readonly title: string;
  readonly #parts: ArmParts;

  constructor(ref: ServiceRef, title: string, parts: ArmParts) {
    this.ref = ref;
    this.title = title;
    this.#parts = parts;
  }

  async get(path: string, query?: Query): Promise<LiveResource | undefined> {
    const request: ArmRequest = { method: "GET", url: this.#parts.urls.of(path, query), path };
    const answer = await this.#answered(request);
    if (answer.status === 404) return this.#nothingOrFailure(answer);
    return liveResource(path, resourceBody(answer, request), answer);
  }

  async list(path: string, query?: Query): Promise<readonly LiveResource[]> {
    const resources: LiveResource[] = [];
    const seen = new Set<string>();
    let url: string | undefined = this.#parts.urls.of(path, query);
    while (url !== undefined) {
      const request: ArmRequest = { method: "GET", url, path };
      if (seen.has(url) || seen.size >= mostPages) throw endlessList(path);
      seen.add(url);
      const answer = await this.#answered(request);
      // The parent is not there. On a later page it has been deleted meanwhile: the pages so far are not the truth.
      if (answer.status === 404) {
        this.#nothingOrFailure(answer);
        if (seen.size === 1) return [];
        throw this.#failure(answer, request);
      }
      const { items, nextLink } = pageOf(answer, request);
      for (const item of items) resources.push(listedResource(path, item, answer, request));
      url =
        nextLink === undefined ? undefined : this.#parts.urls.follow(nextLink, url, "link to the next page");
    }
    return resources;
  }

  async put(path: string, body: JsonObject, condition?: WriteCondition): Promise<LiveResource> {
    const request: ArmRequest = {
      method: "PUT",
      url: this.#parts.urls.of(path),
      path,
      headers: conditionHeaders(condition),
      body: JSON.stringify(body),
    };
    const answer = await this.#written(request);
    const written = resourceIn(answer) ?? wrapBareXml(answer, path);
    return written === undefined ? this.#readBack(path) : liveResource(path, written, answer);
  }

  async remove(path: string, ifMatch: string, query?: Query): Promise<void> {
    const url = this.#parts.urls.of(path, query);
    const request: ArmRequest = { method: "DELETE", url, path, headers: { "If-Match": ifMatch } };
    const { exchange, mayHaveHappened } = await this.#parts.requester.write(request);
    if (exchange.status === undefined) throw connectionFailure(exchange, request);
    if (exchange.status === 404) this.#nothingOrFailure(exchange);
    else if (exchange.status > 299) throw this.#failure(exchange, request, mayHaveHappened);
  }

  /** A good answer or a 404. */
  async #answered(request: ArmRequest): Promise<ArmAnswer> {
    const { exchange } = await this.#parts.requester.read(request);
    if (exchange.status === undefined) throw connectionFailure(exchange, request);
    if (exchange.status > 299 && exchange.status !== 404) throw this.#failure(exchange, request);
    return exchange;
  }

  async #written(request: ArmRequest): Promise<ArmAnswer> {
    const { exchange, mayHaveHappened } = await this.#parts.requester.write(request);
    if (exchange.status === undefined) throw connectionFailure(exchange, request);
    if (exchange.status > 299) throw this.#failure(exchange, request, mayHaveHappened);
    return exchange;
  }

  async #readBack(path: string): Promise<LiveResource> {
    for (let tries = 1; tries <= appearanceTries; tries += 1) {
      const resource = await this.get(path);
      if (resource !== undefined) return resource;
      await this.#parts.clock.sleep(Math.min(tries * 1000, 10_000));
    }
    throw new ServiceFailure("SERVICE.FAILED", `\`${path}\` was written but does not appear on the service`, {
      remedy: "Plan again in some minutes.",
    });
  }

  /** For a 404: undefined when only the resource is not there; throws when the service itself is not. */
  #nothingOrFailure(answer: ArmAnswer): undefined {
    const missing = missingService(answer, this.ref);
    if (missing !== undefined) throw missing;
    return undefined;
  }

  #failure(answer: ArmAnswer, request: ArmRequest, mayHaveHappened = false): ServiceFailure {
    const { hasGivenToken } = this.#parts;
    return answerFailure(answer, request, { service: this.ref, hasGivenToken, mayHaveHappened });
  }
}
