import {
  createHttpHeaders,
  createPipelineRequest,
  type PipelineRequest,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import type { ArmAnswer, ArmRequest, Exchange } from "./exchange.ts";
import { createPipelineClient, DeadlineError, type PipelineOptions } from "./pipeline.ts";

/** Sends one request once. Throws ServiceFailure when sign-in fails, and the signal's reason when it is aborted. */
export type Transport = { send(request: ArmRequest, signal?: AbortSignal): Promise<Exchange> };

/** What is used of a client of the SDK. */
type Sender = { sendRequest(request: PipelineRequest): Promise<PipelineResponse> };

/** A transport through the official clients' pipelines. */
export function createTransport(options: PipelineOptions): Transport {
  const management = createPipelineClient(options);
  let roles: Promise<Sender> | undefined;
  const clientFor = ({ url }: ArmRequest): Sender | Promise<Sender> => {
    if (!isAboutRoles(url)) return management;
    roles ??= import("./authorization-client.ts").then((module) => module.createAuthorizationClient(options));
    return roles;
  };
  const allowInsecureConnection = !options.endpoint.isHttps;
  return {
    async send(request, signal) {
      signal?.throwIfAborted();
      const client = await clientFor(request);
      try {
        const response = await client.sendRequest(
          createPipelineRequest({
            url: request.url,
            method: request.method,
            headers: createHttpHeaders({
              Accept: "application/json",
              ...contentType(request),
              ...request.headers,
            }),
            allowInsecureConnection,
            ...(request.body !== undefined && { body: request.body }),
            ...(signal !== undefined && { abortSignal: signal }),
          }),
        );
        return toAnswer(response);
      } catch (error) {
        signal?.throwIfAborted();
        return toNoAnswer(error);
      }
    },
  };
}

function isAboutRoles(url: string): boolean {
  return /\/providers\/Microsoft\.Authorization\//i.test(url);
}

function contentType(request: ArmRequest): Record<string, string> {
  return request.body === undefined ? {} : { "Content-Type": "application/json; charset=utf-8" };
}

function toAnswer(response: PipelineResponse): ArmAnswer {
  return {
    status: response.status,
    header: (name) => response.headers.get(name),
    text: (response.bodyAsText ?? "").replace(/^\uFEFF/, ""),
  };
}

/** Network errors become values; anything else, a failed sign-in or a bug, is thrown on. */
function toNoAnswer(error: unknown): Exchange {
  if (error instanceof DeadlineError) return { status: undefined, code: "TIMEOUT", text: error.message };
  if (!(error instanceof Error) || error.name !== "RestError") throw error;
  const code = "code" in error && typeof error.code === "string" ? error.code : "UNKNOWN";
  return { status: undefined, code, text: error.message };
}
