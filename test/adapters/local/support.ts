/** A local APIM of its own for a test, and requests to it. Every exchange is held against the contract. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect } from "vitest";
import { startLocalApim } from "../../../src/adapters/local/local-apim.ts";
import type { LocalApim, LocalApimOptions } from "../../../src/adapters/local/local-apim.ts";
import { isJsonObject } from "../../../src/core/json.ts";
import type { Json, JsonObject } from "../../../src/core/json.ts";
import { contractFaults } from "./contract.ts";

export const subscriptionId = "00000000-0000-0000-0000-000000000000";
export const serviceId = `/subscriptions/${subscriptionId}/resourceGroups/rg1/providers/Microsoft.ApiManagement/service/apimService1`;

export type Reply = { readonly status: number; readonly headers: Headers; readonly body: Json | undefined };

export type CallOptions = {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly id?: string;
};

export type Client = {
  readonly endpoint: string;
  readonly directory: string;
  readonly call: (method: string, path: string, options?: CallOptions) => Promise<Reply>;
  readonly get: (path: string, query?: Readonly<Record<string, string>>) => Promise<Reply>;
  readonly put: (
    path: string,
    properties: unknown,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Reply>;
  readonly patch: (
    path: string,
    properties: unknown,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Reply>;
  readonly remove: (path: string, headers?: Readonly<Record<string, string>>) => Promise<Reply>;
  /** Follows a 202 to its end. */
  readonly settle: (reply: Reply) => Promise<Reply>;
  readonly close: () => Promise<void>;
};

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "apimgw-local-"));
  cleanups.push(() => Promise.resolve(rmSync(directory, { recursive: true, force: true })));
  return directory;
}

/** Starts one, by default in a new folder and with imports that end at once. */
export async function start(options: Partial<LocalApimOptions> = {}): Promise<Client> {
  const directory = options.directory ?? temporaryDirectory();
  const apim = await startLocalApim({ importDelayMs: 0, ...options, directory });
  cleanups.push(() => apim.close());
  return client(apim, directory);
}

export function client(apim: LocalApim, directory: string): Client {
  const call = (method: string, path: string, { id = serviceId, query = {}, ...rest }: CallOptions = {}) => {
    const parameters = new URLSearchParams({ "api-version": "2024-05-01", ...query });
    return send(
      `${apim.endpoint}${id}${path === "" ? "" : `/${path}`}?${parameters.toString()}`,
      method,
      rest,
    );
  };
  return {
    endpoint: apim.endpoint,
    directory,
    call,
    get: (path, query = {}) => call("GET", path, { query }),
    put: (path, properties, headers = {}) => call("PUT", path, { body: { properties }, headers }),
    patch: (path, properties, headers = { "If-Match": "*" }) =>
      call("PATCH", path, { body: { properties }, headers }),
    remove: (path, headers = { "If-Match": "*" }) => call("DELETE", path, { headers }),
    settle,
    close: () => apim.close(),
  };
}

async function settle(reply: Reply): Promise<Reply> {
  let current = reply;
  while (current.status === 202) {
    const location = current.headers.get("location");
    if (location === null) throw new Error("a 202 without Location");
    await new Promise((resolve) => setTimeout(resolve, 2));
    current = await send(location, "GET", {});
  }
  return current;
}

/** One request, with a bearer token unless the headers say otherwise. */
export async function send(url: string, method: string, { body, headers = {} }: CallOptions): Promise<Reply> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const response = await fetch(url, {
    method,
    headers: {
      Authorization: "Bearer t",
      ...(text === undefined ? {} : { "Content-Type": "application/json" }),
      ...headers,
    },
    ...(text === undefined ? {} : { body: text }),
  });
  const answer = await response.text();
  const received = answer === "" ? undefined : (JSON.parse(answer) as Json);
  const { pathname, searchParams: query } = new URL(url);
  const sent = text === undefined ? undefined : (JSON.parse(text) as Json);
  expect(
    contractFaults({
      method,
      pathname,
      query,
      sent,
      status: response.status,
      headers: response.headers,
      received,
    }),
  ).toEqual([]);
  return { status: response.status, headers: response.headers, body: received };
}

/** `properties` of a resource that was answered. */
export function propertiesOf({ body }: Reply): JsonObject {
  if (isJsonObject(body) && isJsonObject(body["properties"])) return body["properties"];
  throw new Error(`no properties in ${JSON.stringify(body)}`);
}

/** Names of the resources in a list. */
export function namesOf({ body }: Reply): string[] {
  const value = isJsonObject(body) ? body["value"] : undefined;
  if (!Array.isArray(value)) throw new Error(`not a list: ${JSON.stringify(body)}`);
  return value.map((item: unknown) => (isJsonObject(item) ? textOf(item["name"]) : ""));
}

export type Refusal = { status: number; code: unknown; message: unknown; details: unknown };

/** A refusal in short: status, code, message and `target: message` of each detail. */
export function refusalOf({ status, body }: Reply): Refusal {
  const error = isJsonObject(body) && isJsonObject(body["error"]) ? body["error"] : {};
  const details = Array.isArray(error["details"])
    ? error["details"].map((detail: unknown) =>
        isJsonObject(detail) ? `${textOf(detail["target"])}: ${textOf(detail["message"])}` : "",
      )
    : error["details"];
  return { status, code: error["code"], message: error["message"], details };
}

/** `target: message` of each detail of a 400. */
export function detailsOf(reply: Reply): unknown {
  expect(reply.status).toBe(400);
  return refusalOf(reply).details;
}

export const document = (inbound: string): string =>
  `<policies>\n  <inbound>\n    <base />\n    ${inbound}\n  </inbound>\n  <backend>\n    <base />\n  </backend>\n  <outbound>\n    <base />\n  </outbound>\n</policies>`;

export const single = { url: "https://a.example.com/openai", protocol: "http" };

export const openApi = (...operations: readonly string[]): JsonObject => ({
  openapi: "3.0.1",
  info: { title: "Chat", version: "1", description: "From the document" },
  servers: [{ url: "https://a.example.com/openai" }],
  paths: Object.fromEntries(
    operations.map((id) => [
      `/deployments/{deployment-id}/${id.toLowerCase()}`,
      {
        post: {
          operationId: id,
          summary: `Does ${id}`,
          parameters: [
            { in: "path", name: "deployment-id", required: true, schema: { type: "string" } },
            { in: "query", name: "api-version", required: true, schema: { type: "string" } },
            { in: "query", name: "verbose", schema: { type: "boolean" } },
          ],
          responses: { "200": { description: "OK" } },
        },
      },
    ]),
  ),
});

/** An import of such a document. */
export function importBody(path: string, ...operations: readonly string[]) {
  return { path, displayName: "Chat", format: "openapi+json", value: JSON.stringify(openApi(...operations)) };
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
