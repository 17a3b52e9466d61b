import type { TokenCredential } from "@azure/identity";
import { ServiceFailure } from "../../core/failure.ts";
import type { JsonObject } from "../../core/json.ts";
import { isApiLink } from "../../core/model/kinds/product.ts";
import { isArmId, serviceName } from "../../core/ports.ts";
import type {
  AzureService,
  Clock,
  LiveResource,
  ServiceReader,
  ServiceRef,
  SignIn,
  WriteCondition,
  WrittenResource,
} from "../../core/ports.ts";
import { answerFailure, type FailureContext } from "./answer-failure.ts";
import { ArmReader, nothingOrFailure } from "./arm-reader.ts";
import { connectionFailure } from "./connection-failure.ts";
import { type CloudName, resolveEndpoint } from "./endpoint.ts";
import { parseErrorBody } from "./error-body.ts";
import type { ArmAnswer, ArmRequest, Exchange } from "./exchange.ts";
import { resourceIn } from "./long-running.ts";
import { readClaims } from "./token-claims.ts";
import { createRequester, type Requester } from "./requester.ts";
import { liveResource, resourceBody, wrapBareXml } from "./resource-body.ts";
import { createResourceUrls, type ResourceUrls } from "./resource-url.ts";
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
   * end, so that it can be said whether it was done, but not sent again.
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
  /** From the first try of a request to the beginning of its last. */
  readonly retryMilliseconds?: number;
};

const requestMilliseconds = 100_000;
/** How long a new resource may take to appear: key vault named values and APIs answer 404 for a while (azurerm#7539, #28201). */
const appearanceMilliseconds = 60_000;

/**
 * The management API of one service through the official SDK. Loads the SDK; signs in with the first request. Throws Failure
 * `USAGE.ENDPOINT` or `USAGE.PROXY` for settings that cannot be used.
 */
export async function createArmService(options: ArmOptions): Promise<AzureService> {
  const endpoint = resolveEndpoint(options.cloud, options.endpoint);
  const [{ chooseCredential, withReadableFailures }, { createTransport }] = await Promise.all([
    import("./credential.ts"),
    import("./transport.ts"),
  ]);
  const { internals = {}, isLocal = false, service, signal, clock, onRetry } = options;
  const token = isLocal ? "local" : options.token;
  const credential = internals.credential ?? (await chooseCredential({ endpoint, token }));
  const urls = createResourceUrls(endpoint.url, service);
  const readable = withReadableFailures(credential, signal);
  const transport = createTransport({
    endpoint,
    subscriptionId: service.subscriptionId,
    credential: readable,
    userAgent: options.userAgent,
    requestMilliseconds: internals.requestMilliseconds ?? requestMilliseconds,
  });
  const { random = Math.random, retryMilliseconds } = internals;
  const requester = createRequester({ transport, urls, clock, random, onRetry, retryMilliseconds, signal });
  const context = { service, hasGivenToken: token !== undefined && token.trim() !== "" };
  const isAnyone = isLocal || (!context.hasGivenToken && !endpoint.isHttps);
  const via = isAnyone ? "local" : context.hasGivenToken ? "token" : "chain";
  const signIn = async (): Promise<SignIn> => {
    const claims = readClaims((await readable.getToken(endpoint.scope))?.token);
    return { via, claims };
  };
  return new ArmService(titleOf(options), { urls, requester, clock, context, signal, signIn });
}

function titleOf({ service, isLocal, localDirectory }: ArmOptions): string {
  const name = serviceName(service);
  if (isLocal !== true) return `${name} (resource group ${service.resourceGroup})`;
  return `${name} (local APIM${localDirectory === undefined ? "" : `, ${localDirectory}`})`;
}

type ArmParts = {
  readonly urls: ResourceUrls;
  readonly requester: Requester;
  readonly clock: Clock;
  readonly context: FailureContext;
  readonly signal: AbortSignal | undefined;
  readonly signIn: () => Promise<SignIn>;
};

type Query = Readonly<Record<string, string>>;

function conditionHeaders(condition: WriteCondition | undefined): Record<string, string> {
  if (condition === undefined) return {};
  return "ifMatch" in condition
    ? { "If-Match": condition.ifMatch }
    : { "If-None-Match": condition.ifNoneMatch };
}

class ArmService implements AzureService {
  readonly ref: ServiceRef;
  readonly title: string;
  readonly afterWrite: ServiceReader;
  readonly #reader: ServiceReader;
  readonly #parts: ArmParts;

  constructor(title: string, parts: ArmParts) {
    const { urls, requester, context } = parts;
    this.ref = context.service;
    this.title = title;
    this.#parts = parts;
    this.#reader = new ArmReader({ urls, context, read: (...given) => requester.read(...given) });
    this.afterWrite = new ArmReader({
      urls,
      context,
      read: (...given) => requester.readAfterWrite(...given),
    });
  }

  get(path: string, query?: Query): Promise<LiveResource | undefined> {
    return this.#reader.get(path, query);
  }

  list(path: string, query?: Query): Promise<readonly LiveResource[]> {
    return this.#reader.list(path, query);
  }

  signIn(): Promise<SignIn> {
    return this.#parts.signIn();
  }

  retried(): Readonly<Record<string, number>> {
    return this.#parts.requester.retried();
  }

  async put(
    path: string,
    body: JsonObject,
    condition?: WriteCondition,
    query?: Query,
  ): Promise<WrittenResource> {
    const request: ArmRequest = {
      method: "PUT",
      url: this.#parts.urls.of(path, query),
      path,
      headers: conditionHeaders(condition),
      // A link has no content: the swagger lists no body.
      ...(isLink(path) ? {} : { body: JSON.stringify(body) }),
    };
    const { exchange, mayHaveHappened } = await this.#parts.requester.write(request);
    if (isLink(path) && isThereAlready(exchange)) return { path, body: {} };
    const answer = this.#good(exchange, request, mayHaveHappened);
    // How a long-running operation ended is not said by the status; what an earlier try has made, the next one replaces.
    const isReplacement = answer.status === 200 && answer.isOutcome !== true && !mayHaveHappened;
    const found = isReplacement ? ({ isReplacement } as const) : {};
    const written = resourceIn(answer) ?? wrapBareXml(answer, path);
    if (written !== undefined) return { ...liveResource(path, written, answer), ...found };
    return isLink(path) ? { path, body: {} } : { ...(await this.#readBack(path, query)), ...found };
  }

  async patch(path: string, body: JsonObject, condition: WriteCondition): Promise<WrittenResource> {
    const headers = conditionHeaders(condition);
    const url = this.#parts.urls.of(path);
    const request: ArmRequest = { method: "PATCH", url, path, headers, body: JSON.stringify(body) };
    const { exchange, mayHaveHappened } = await this.#parts.requester.write(request);
    const answer = this.#good(exchange, request, mayHaveHappened);
    const written = resourceIn(answer);
    return written === undefined ? this.#readBack(path) : liveResource(path, written, answer);
  }

  async act(path: string, action: string): Promise<JsonObject> {
    const url = this.#parts.urls.of(`${path}/${action}`);
    const request: ArmRequest = { method: "POST", url, path: `${path}/${action}` };
    const { exchange, mayHaveHappened } = await this.#parts.requester.write(request);
    const answer = this.#good(exchange, request, mayHaveHappened);
    return answer.text.trim() === "" ? {} : resourceBody(answer, request);
  }

  async remove(path: string, ifMatch: string, query?: Query): Promise<void> {
    const url = this.#parts.urls.of(path, query);
    const headers = takesNoCondition(path) ? {} : conditionHeaders({ ifMatch });
    const request: ArmRequest = { method: "DELETE", url, path, headers };
    const { exchange, mayHaveHappened } = await this.#parts.requester.write(request);
    if (exchange.status === 404) nothingOrFailure(exchange, request, this.#parts.context);
    else this.#good(exchange, request, mayHaveHappened);
  }

  #good(exchange: Exchange, request: ArmRequest, mayHaveHappened: boolean): ArmAnswer {
    if (exchange.status === undefined) throw connectionFailure(exchange, request, mayHaveHappened);
    if (exchange.status > 299)
      throw answerFailure(exchange, request, { ...this.#parts.context, mayHaveHappened });
    return exchange;
  }

  async #readBack(path: string, query?: Query): Promise<LiveResource> {
    const { clock, signal } = this.#parts;
    const end = clock.now().getTime() + appearanceMilliseconds;
    for (let tries = 1; ; tries += 1) {
      const resource = await this.afterWrite.get(path, query);
      if (resource !== undefined) return resource;
      const wait = Math.min(tries * 1000, 10_000);
      if (signal?.aborted === true || clock.now().getTime() + wait > end) break;
      await clock.sleep(wait, signal).catch((error: unknown) => {
        if (!signal?.aborted) throw error;
      });
    }
    throw new ServiceFailure("SERVICE.FAILED", `\`${path}\` was written but does not appear on the service`, {
      remedy: "Plan again in some minutes.",
    });
  }
}

/** Of a product to an API: no content, no GET (405), no ETag. */
function isLink(path: string): boolean {
  return /^products\/[^/]+\/apis\/[^/]+$/i.test(path);
}

/** What has no ETag: links, those in workspaces among them, and Azure's role assignments. */
function takesNoCondition(path: string): boolean {
  return isLink(path) || isApiLink(path) || isArmId(path);
}

/** 409 `Link already exists between specified …` (Azure/apiops-cli): what was wanted. */
function isThereAlready(exchange: Exchange): boolean {
  if (exchange.status !== 409) return false;
  return /link already exists/i.test(parseErrorBody(exchange.text).message);
}
