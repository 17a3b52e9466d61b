/**
 * Calls over Node's own http and https: connections are kept, HTTP_PROXY, HTTPS_PROXY and NO_PROXY are followed by Node's agents
 * (https://nodejs.org/api/http.html#built-in-proxy-support), and NODE_EXTRA_CA_CERTS by its TLS. Redirects are not followed.
 */
import { Agent as HttpAgent, request as httpRequest } from "node:http";
import type { IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { Failure } from "../../core/failure.ts";
import type { ProbeAnswer, ProbeCaller, ProbeFailure, ProbeRequest } from "../../core/probe/calls.ts";
import { explainConnection } from "../connection-faults.ts";

export type HttpCallerOptions = {
  /** Connections side by side. */
  readonly concurrency: number;
  /** Where the proxy is set. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly userAgent: string;
};

/** Throws Failure `PROXY.NOT_SUPPORTED` when a proxy is set and this Node cannot use one. */
export function createHttpCaller(request: ProbeRequest, options: HttpCallerOptions): ProbeCaller {
  const isHttps = request.url.startsWith("https:");
  const settings = {
    keepAlive: true,
    maxSockets: options.concurrency,
    ...proxySettings(new URL(request.url), options.env),
  };
  const agent = isHttps ? new HttpsAgent(settings) : new HttpAgent(settings);
  const send = isHttps ? httpsRequest : httpRequest;
  return {
    close: () => agent.destroy(),
    call: async (signal) => {
      const start = performance.now();
      const end = AbortSignal.any([signal, AbortSignal.timeout(request.timeoutMilliseconds)]);
      const result = await new Promise<ProbeAnswer | ProbeFailure>((done) => {
        const fail = (error: Error): void => done(failureOf(error, end.aborted, request));
        const headers = { "User-Agent": options.userAgent, ...lengthOf(request) };
        const sent = send(request.url, { method: request.method, agent, signal: end, headers }, (answer) => {
          answer.on("error", fail).on("end", () => done(answerOf(answer)));
          answer.resume();
        });
        for (const [name, value] of request.headers) sent.setHeader(name, value);
        sent.on("error", fail).end(request.body);
      });
      signal.throwIfAborted();
      return { ...result, milliseconds: performance.now() - start };
    },
  };
}

function lengthOf({ body }: ProbeRequest): Record<string, number> {
  return body === undefined ? {} : { "Content-Length": Buffer.byteLength(body) };
}

function answerOf({ statusCode = 0, headers }: IncomingMessage): ProbeAnswer {
  const region = headers["x-ms-region"];
  return {
    kind: "answered",
    status: statusCode,
    region: typeof region === "string" && region !== "" ? region : null,
    retryAfter: headers["retry-after"] ?? null,
  };
}

function failureOf(error: Error, isTimeout: boolean, { timeoutMilliseconds }: ProbeRequest): ProbeFailure {
  if (isTimeout) {
    return {
      kind: "failed",
      code: "TIMEOUT",
      why: `no complete answer within ${timeoutMilliseconds / 1000} s`,
    };
  }
  const code = "code" in error && typeof error.code === "string" ? error.code : "UNKNOWN";
  const { why } = explainConnection({ code, text: error.message });
  return { kind: "failed", code, why: `${why} (${code})` };
}

/** The proxy settings of the environment, not where they name what is no URL of a proxy: Node would fail within a call. */
function proxySettings(
  { hostname, protocol }: URL,
  env: HttpCallerOptions["env"],
): { proxyEnv?: NodeJS.ProcessEnv } {
  const names = protocol === "https:" ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy", "HTTP_PROXY"];
  const name = names.find((variable) => (env[variable] ?? "") !== "");
  if (name === undefined || isThisMachine(hostname)) return {};
  const proxy = env[name] ?? "";
  if (!URL.canParse(proxy) || !/^https?:$/.test(new URL(proxy).protocol)) {
    throw new Failure("USAGE.PROXY", `${name} is not the URL of an HTTP proxy`, {
      remedy: "Write it as http://host:port, or http://user:password@host:port.",
    });
  }
  if (knowsProxies(process.versions.node)) return { proxyEnv: { ...env } };
  throw new Failure(
    "PROXY.NOT_SUPPORTED",
    `${name} is set, and Node ${process.versions.node} cannot use a proxy`,
    {
      remedy: "Use Node 24.5 or newer (or 22.21), or unset it.",
    },
  );
}

function isThisMachine(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
}

function knowsProxies(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 24 || (major === 24 && minor >= 5) || (major === 22 && minor >= 21);
}
