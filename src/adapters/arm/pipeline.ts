/**
 * The official client's own pipeline, for raw JSON bodies. Its typed operations are not used: they drop fields they do not know on
 * PUT and lose the text of API policies on GET (azure-sdk-for-js#31566, azure-rest-api-specs#32665). What is changed about
 * the pipeline that ApiManagementClient assembles:
 *
 *   serialization, deserialization, form data, multipart   out: for typed operations; deserialization quotes whole bodies in its
 *                                                          errors and refuses XML
 *   defaultRetryPolicy                                     out: see retry.ts
 *   tracing                                                out: nobody records spans of a command line tool
 *   deadline                                               in, in the place of retry: nothing may hang
 *   proxy, compression                                     out on loopback
 *   bearer token                                           replaced on http (loopback only), where the SDK's refuses
 *
 * The same is done to the client of Azure's roles (authorization-client.ts). Neither is given an api-version: it would be put into every
 * URL, also into those of other resource providers.
 */
import { Agent } from "node:http";
import { ApiManagementClient } from "@azure/arm-apimanagement";
import type { Pipeline, PipelinePolicy, PipelineRequest, PipelineResponse } from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";
import { Failure } from "../../core/failure.ts";
import type { Endpoint } from "./endpoint.ts";

export type PipelineOptions = {
  readonly endpoint: Endpoint;
  readonly subscriptionId: string;
  readonly credential: TokenCredential;
  /** Product and version, put before the SDK's own. */
  readonly userAgent: string;
  /** From the sending of a request to the last byte of its answer. */
  readonly requestMilliseconds: number;
};

const unused = [
  "serializationPolicy",
  "deserializationPolicy",
  "formDataPolicy",
  "multipartPolicy",
  "defaultRetryPolicy",
  "tracingPolicy",
];
const unusedOnLoopback = ["proxyPolicy", "decompressResponsePolicy"];

/** A client whose `sendRequest` signs, sends through the proxy, stops at the deadline and logs (AZURE_LOG_LEVEL), but not more. */
export function createPipelineClient(options: PipelineOptions): ApiManagementClient {
  const { endpoint, credential } = options;
  if (!endpoint.isLoopback) checkProxySettings();
  const client = new ApiManagementClient(credential, options.subscriptionId, clientSettings(options));
  preparePipeline(client.pipeline, options);
  return client;
}

/** What every client of the SDK is made with. */
export function clientSettings({ endpoint, userAgent }: PipelineOptions): {
  readonly endpoint: string;
  readonly credentialScopes: string;
  readonly userAgentOptions: { readonly userAgentPrefix: string };
} {
  const userAgentOptions = { userAgentPrefix: userAgent };
  return { endpoint: endpoint.url, credentialScopes: endpoint.scope, userAgentOptions };
}

/** Makes a client's pipeline what the head of this file says. */
export function preparePipeline(pipeline: Pipeline, options: PipelineOptions): void {
  const { endpoint, credential } = options;
  for (const name of endpoint.isLoopback ? [...unused, ...unusedOnLoopback] : unused)
    pipeline.removePolicy({ name });
  if (!endpoint.isHttps) {
    pipeline.removePolicy({ name: "bearerTokenAuthenticationPolicy" });
    pipeline.addPolicy(bearerTokenOnLoopback(credential, endpoint.scope));
  }
  pipeline.addPolicy(keepProxyConnections, { afterPolicies: ["proxyPolicy"] });
  pipeline.addPolicy(deadline(options.requestMilliseconds), { phase: "Retry" });
}

/** `host:port` without a scheme is what people write; the SDK would take the host for the scheme and connect to nowhere. */
function checkProxySettings(): void {
  for (const name of ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy"]) {
    const given = process.env[name];
    if (given === undefined || given === "") continue;
    if (URL.canParse(given) && ["http:", "https:"].includes(new URL(given).protocol)) continue;
    throw new Failure("USAGE.PROXY", `${name} is not the URL of an HTTP proxy`, {
      remedy: "Write it as http://host:port, or http://user:password@host:port.",
    });
  }
}

/**
 * The SDK's agent for proxies closes its connection after each request: a CONNECT and a TLS handshake for each of thousands of reads.
 * Node's agents look at `keepAlive` for every request. Without `protocol` the agent guesses it from the call stack, differently
 * when it puts a connection away than when it looks for one.
 */
const keepProxyConnections: PipelinePolicy = {
  name: "apimgwKeepProxyConnectionsPolicy",
  sendRequest(request, next) {
    if (request.agent instanceof Agent) {
      Object.assign(request.agent, { keepAlive: true });
      request.requestOverrides = { ...request.requestOverrides, protocol: new URL(request.url).protocol };
    }
    return next(request);
  },
};

function bearerTokenOnLoopback(credential: TokenCredential, scope: string): PipelinePolicy {
  return {
    name: "apimgwLoopbackBearerPolicy",
    async sendRequest(request, next) {
      const token = await credential.getToken(scope);
      if (token !== null) request.headers.set("Authorization", `Bearer ${token.token}`);
      return next(request);
    },
  };
}

/** Thrown when a request has not been answered in time. */
export class DeadlineError extends Error {
  override readonly name = "DeadlineError";
}

/**
 * Ends a request at the deadline or when its signal is aborted. The SDK's own timeout ends with the answer's headers, and its
 * reader never returns when a compressed answer is cut off, so the whole of it is raced.
 */
function deadline(milliseconds: number): PipelinePolicy {
  return {
    name: "apimgwDeadlinePolicy",
    async sendRequest(request, next) {
      const outer = request.abortSignal;
      const inner = new AbortController();
      let stop: () => void = () => undefined;
      const stopped = new Promise<never>((_, reject) => {
        stop = () => {
          inner.abort();
          reject(new DeadlineError(`no complete answer within ${milliseconds} ms`));
        };
      });
      const timer = setTimeout(stop, milliseconds);
      outer?.addEventListener("abort", stop);
      request.abortSignal = inner.signal;
      try {
        return await Promise.race([sendOn(request, next), stopped]);
      } finally {
        clearTimeout(timer);
        outer?.removeEventListener("abort", stop);
      }
    },
  };
}

function sendOn(
  request: PipelineRequest,
  next: (request: PipelineRequest) => Promise<PipelineResponse>,
): Promise<PipelineResponse> {
  // Node takes an IPv6 address without the brackets that URL.hostname has; the SDK passes it with them.
  if (request.url.startsWith("http://[::1]")) request.requestOverrides = { hostname: "::1" };
  return next(request);
}
