import type { LiveResource, ServiceReader } from "../../core/ports.ts";
import { answerFailure, type FailureContext, missingService } from "./answer-failure.ts";
import { connectionFailure } from "./connection-failure.ts";
import type { ArmAnswer, ArmRequest } from "./exchange.ts";
import { endlessList, listedResource, liveResource, pageOf, resourceBody } from "./resource-body.ts";
import type { ReadOptions, Requester } from "./requester.ts";
import type { ResourceUrls } from "./resource-url.ts";

const mostPages = 10_000;

export type ReaderParts = {
  readonly urls: ResourceUrls;
  readonly context: FailureContext;
  /** Sends a read, with all its tries. */
  readonly read: Requester["read"];
};

type Query = Readonly<Record<string, string>>;

/** Reads of the management API, raw bodies with their ETags. */
export class ArmReader implements ServiceReader {
  readonly #parts: ReaderParts;

  constructor(parts: ReaderParts) {
    this.#parts = parts;
  }

  async get(path: string, query?: Query): Promise<LiveResource | undefined> {
    const request: ArmRequest = { method: "GET", url: this.#parts.urls.of(path, query), path };
    const answer = await this.#answered(request);
    if (answer.status === 404) return nothingOrFailure(answer, request, this.#parts.context);
    return liveResource(path, resourceBody(answer, request), answer);
  }

  async list(path: string, query?: Query): Promise<readonly LiveResource[]> {
    const { urls, context } = this.#parts;
    const resources: LiveResource[] = [];
    const seen = new Set<string>();
    let url: string | undefined = urls.of(path, query);
    while (url !== undefined) {
      const request: ArmRequest = { method: "GET", url, path };
      if (seen.has(url) || seen.size >= mostPages) throw endlessList(path);
      seen.add(url);
      // Further reads wait for lists, and pages come one after the other.
      const answer = await this.#answered(request, { isFirst: true });
      // The parent is not there. On a later page it has been deleted meanwhile: the pages so far are not the truth.
      if (answer.status === 404) {
        nothingOrFailure(answer, request, context);
        if (seen.size === 1) return [];
        throw answerFailure(answer, request, context);
      }
      const { items, nextLink } = pageOf(answer, request);
      for (const item of items) resources.push(listedResource(path, item, answer, request));
      url = nextLink === undefined ? undefined : urls.follow(nextLink, url, "link to the next page");
    }
    return resources;
  }

  /** A good answer or a 404. */
  async #answered(request: ArmRequest, options?: ReadOptions): Promise<ArmAnswer> {
    const { exchange } = await this.#parts.read(request, options);
    if (exchange.status === undefined) throw connectionFailure(exchange, request);
    if (exchange.status > 299 && exchange.status !== 404)
      throw answerFailure(exchange, request, this.#parts.context);
    return exchange;
  }
}

/** For a 404: undefined when only the resource is not there; throws when the service itself is not. */
export function nothingOrFailure(
  answer: ArmAnswer,
  request: ArmRequest,
  { service }: FailureContext,
): undefined {
  const missing = missingService(answer, request, service);
  if (missing !== undefined) throw missing;
  return undefined;
}
