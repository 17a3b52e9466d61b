/** What `dev` says: where things are, what is served, and every request that is answered. */
import { plural } from "./count.ts";
import { palette, type ReportStyle } from "./style.ts";
import { visibleLine } from "./visible.ts";

/** One request to the local APIM, answered or with its connection broken on purpose. */
type ManagementRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly outcome: number | "dropped";
  readonly milliseconds: number;
};

/** One request to the gateway. */
type GatewayRequest = {
  readonly method: string;
  readonly path: string;
  /** Null when the client left before. */
  readonly status: number | null;
  readonly cut: string | null;
  readonly backend: string | null;
  readonly region: string | null;
  /** Null where there is only one. */
  readonly instance: number | null;
  readonly attempts: readonly {
    readonly backend: string | null;
    readonly status: number | null;
    readonly failure: string | null;
  }[];
  readonly error: string | null;
  readonly refusal: string | null;
  readonly milliseconds: number;
};

export type Ready = {
  readonly gateway: string;
  readonly management: string;
  /** Where the local APIM keeps its state. */
  readonly directory: string;
  /** The spec; undefined when what is applied is served. */
  readonly spec: string | undefined;
  readonly subscriptionKey: string;
  /** Those of products that are named, each with its product's policies. */
  readonly subscriptions: readonly { readonly id: string; readonly product: string; readonly key: string }[];
};

export function formatReady(
  { gateway, management, directory, spec, subscriptionKey, subscriptions }: Ready,
  style: ReportStyle,
): string {
  const { bold } = palette(style);
  const source = spec === undefined ? "what is applied to the local APIM" : visibleLine(spec);
  return [
    `The gateway is at ${bold(gateway)}, and serves ${source}.`,
    `  subscription key: ${subscriptionKey}`,
    ...subscriptions.map(
      ({ id, product, key }) => `  subscription ${visibleLine(`${product}/${id}`)}: ${visibleLine(key)}`,
    ),
    `  requests, routes and breakers as they change: ${gateway}/_apimgw`,
    "",
    `The local APIM is at ${bold(management)}, its state in ${visibleLine(directory)}.`,
    "Use it from another terminal; any token will do:",
    `  APIMGW_ACCESS_TOKEN=anything apimgw plan --arm-endpoint ${management}`,
    "",
    "Ctrl-C ends both.",
  ].join("\n");
}

export function formatReadyJson({ gateway, management, subscriptionKey, subscriptions }: Ready): string {
  return JSON.stringify({
    formatVersion: 1,
    gateway,
    management,
    subscriptionKey,
    subscriptions: subscriptions.map(({ id, product, key }) => ({ id, product, key })),
  });
}

/** `Serving gateway.yaml: 2 APIs, 14 operations, 3 backends. Keys of products: ...` */
export function formatServing(
  source: string,
  counts: { readonly apis: number; readonly operations: number; readonly backends: number },
  productKeys: readonly string[],
): string {
  const what = [
    plural(counts.apis, "API"),
    plural(counts.operations, "operation"),
    plural(counts.backends, "backend"),
  ];
  const keys =
    productKeys.length === 0 ? "" : ` Keys of products: ${productKeys.map(visibleLine).join(", ")}.`;
  return `Serving ${visibleLine(source)}: ${what.join(", ")}.${keys}`;
}

/** `PUT contoso-apim/backends/a  201  3 ms  ?api-version=...`; what is before the service's name is left out. */
export function formatRequest(request: ManagementRequest, style: ReportStyle): string {
  const { dim } = palette(style);
  const { method, path, query, outcome, milliseconds } = request;
  const shown = /\/providers\/Microsoft\.ApiManagement\/service\/(.+)$/i.exec(path)?.[1] ?? path;
  const asked = query === "" ? "" : `  ${dim(visibleLine(`?${query}`))}`;
  const status = paintStatus(outcome, style);
  return `${method.padEnd(6)} ${visibleLine(shown)}  ${status}  ${milliseconds} ms${asked}`;
}

/**
 * `POST /openai/deployments/gpt-4o/chat/completions  200  East US  2 attempts: a 429, b 200  512 ms`. The query is left out; what went
 * wrong stands below.
 */
export function formatGatewayRequest(request: GatewayRequest, style: ReportStyle): string {
  const { dim } = palette(style);
  const { method, path, status, cut, backend, region, instance, attempts, milliseconds } = request;
  const { error, refusal } = request;
  const by = region ?? backend;
  const parts = [
    `${visibleLine(method).padEnd(6)} ${visibleLine(path.replace(/\?.*$/s, ""))}`,
    paintStatus(status ?? "left", style),
    ...(by === null ? [] : [visibleLine(by)]),
    ...(instance === null ? [] : [`instance ${instance}`]),
    ...(attempts.length < 2 ? [] : [`${attempts.length} attempts: ${attempts.map(attemptText).join(", ")}`]),
    `${milliseconds} ms`,
    ...(cut === null ? [] : [`cut ${cut}`]),
  ];
  const reason = refusal ?? error;
  return parts.join("  ") + (reason === null ? "" : `\n       ${dim(visibleLine(reason))}`);
}

function attemptText({ backend, status, failure }: GatewayRequest["attempts"][number]): string {
  return `${visibleLine(backend ?? "URL")} ${status ?? failure ?? ""}`;
}

function paintStatus(status: number | "dropped" | "left", style: ReportStyle): string {
  const { red, yellow } = palette(style);
  if (typeof status !== "number" || status >= 500) return red(String(status));
  return status >= 400 ? yellow(String(status)) : String(status);
}
