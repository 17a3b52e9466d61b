/** One request through a gateway made of literals, with canned answers of backends, in virtual time. */
import { gatewayConfig } from "../../../src/core/gateway/config.ts";
import type { GatewayResource, SubscriptionConfig } from "../../../src/core/gateway/config.ts";
import { Gateway } from "../../../src/core/gateway/engine.ts";
import type { GatewayAnswer } from "../../../src/core/gateway/answer.ts";
import type { CallResult, OutgoingCall } from "../../../src/core/gateway/exchange.ts";
import { createBody, HeaderMap, parseUrl, printUrl } from "../../../src/core/gateway/message.ts";
import { defaultOptions } from "../../../src/core/gateway/policy-definition.ts";
import type { GatewayOptions } from "../../../src/core/gateway/policy-definition.ts";
import type { JsonObject } from "../../../src/core/json.ts";
import { parsePolicyDocument } from "../../../src/core/policy/parse.ts";
import { drive } from "../../../src/core/simulate/drive.ts";
import { createRandom } from "../../../src/core/simulate/random.ts";
import { VirtualTime } from "../../../src/core/simulate/virtual-time.ts";

export type BackendAnswer = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly milliseconds?: number;
  readonly fails?: true;
};

export type GatewayCase = {
  /** By scope: `` global, `apis/ai`, `apis/ai/operations/chat`, `products/team`. */
  readonly policies?: Readonly<Record<string, string>>;
  readonly fragments?: Readonly<Record<string, string>>;
  readonly namedValues?: Readonly<Record<string, string>>;
  readonly backends?: Readonly<Record<string, JsonObject>>;
  readonly products?: Readonly<Record<string, JsonObject>>;
  readonly api?: JsonObject;
  readonly operations?: Readonly<Record<string, string>>;
  readonly subscriptions?: readonly SubscriptionConfig[];
  readonly options?: Partial<GatewayOptions>;
  readonly instances?: number;
};

export type RequestCase = {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly ipAddress?: string;
  /** Milliseconds that pass before it. */
  readonly after?: number;
};

export type SentCall = {
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string | null;
};

export type CallRun = {
  readonly answer: GatewayAnswer;
  readonly sent: readonly SentCall[];
  readonly milliseconds: number;
  readonly body: string;
};

/** A gateway with the API `ai` at /ai and the operation `chat`, and a function that calls it. */
export function createGateway(
  gateway: GatewayCase,
): (request?: RequestCase, answers?: readonly BackendAnswer[]) => CallRun {
  const time = new VirtualTime(Date.UTC(2025, 0, 1, 12));
  let guid = 0;
  const engine = new Gateway({
    config: gatewayConfig(gatewayResources(gateway), gateway.subscriptions ?? []),
    ports: { now: () => time.now, random: createRandom(1), guid: () => `guid-${++guid}` },
    options: { ...defaultOptions, ...gateway.options },
    instances: gateway.instances ?? 1,
  });
  return (request = {}, answers = []) => {
    const sent: SentCall[] = [];
    time.at(time.now + (request.after ?? 0), () => undefined);
    time.step();
    const started = time.now;
    const url = parseUrl(`https://gateway.test${request.path ?? "/ai/chat"}`);
    if (url === undefined) throw new Error("the path makes no address");
    const call = engine.call(
      {
        method: request.method ?? "POST",
        url,
        headers: new HeaderMap(Object.entries(request.headers ?? {})),
        body: request.body === undefined ? null : createBody(request.body),
        ipAddress: request.ipAddress ?? "203.0.113.7",
      },
      { traces: true, explains: true },
    );
    let thrown: { readonly thrown: unknown } | undefined;
    drive(
      call.steps,
      time,
      (outgoing) => {
        sent.push(sentCall(outgoing));
        const given = answers[sent.length - 1] ?? {};
        return { result: resultOf(given), milliseconds: given.milliseconds ?? 100 };
      },
      (error) => (thrown = error),
    );
    while (time.step());
    if (thrown !== undefined) throw thrown.thrown;
    const answer = call.answer();
    const body = answer.body === null ? "" : new TextDecoder().decode(answer.body.bytes);
    return { answer, sent, milliseconds: time.now - started, body };
  };
}

/** One request through a gateway of its own. */
export function callGateway(
  gateway: GatewayCase,
  request?: RequestCase,
  answers?: readonly BackendAnswer[],
): CallRun {
  return createGateway(gateway)(request, answers);
}

/** The document with these sections, each the inside of one; sections that are not given inherit. */
export function policyXml(
  sections: Readonly<Partial<Record<"inbound" | "backend" | "outbound" | "on-error", string>>>,
): string {
  const parts = Object.entries(sections).map(([name, content]) => `<${name}>${content}</${name}>`);
  return `<policies>${parts.join("")}</policies>`;
}

export function headersOf(headers: HeaderMap): Record<string, string> {
  return Object.fromEntries(headers.entries().map(({ name, values }) => [name, values.join(",")]));
}

function sentCall({ url, method, headers, body }: OutgoingCall): SentCall {
  const text = body === null ? null : new TextDecoder().decode(body.bytes);
  return { url: printUrl(url), method, headers: headersOf(headers), body: text };
}

function resultOf({ status = 200, headers = {}, body, fails }: BackendAnswer): CallResult {
  if (fails) return { kind: "failed", reason: "BackendConnectionFailure", message: "connection refused" };
  return {
    kind: "answered",
    status,
    reason: "",
    headers: new HeaderMap(Object.entries(headers)),
    body: body === undefined ? null : createBody(body),
  };
}

/** The resources that the literals stand for. */
export function gatewayResources(gateway: GatewayCase): GatewayResource[] {
  const { policies = {}, fragments = {}, namedValues = {}, backends = {}, products = {} } = gateway;
  return [
    {
      kind: "api",
      id: "ai",
      path: "apis/ai",
      body: {
        properties: {
          path: "ai",
          serviceUrl: "https://own.test/base",
          subscriptionRequired: false,
          ...gateway.api,
        },
      },
      operations: gateway.operations ?? { chat: "POST /chat", list: "GET /items/{id}" },
    },
    ...Object.entries(backends).map(([id, properties]): GatewayResource => ({
      kind: "pool" in properties ? "pool" : "backend",
      id,
      path: `backends/${id}`,
      body: { properties: { ...properties, type: "pool" in properties ? "Pool" : "Single" } },
    })),
    ...Object.entries(products).flatMap(([id, properties]): GatewayResource[] => [
      { kind: "product", id, path: `products/${id}`, body: { properties } },
      { kind: "productApi", id: `${id}/ai`, path: `products/${id}/apis/ai`, body: {} },
    ]),
    ...Object.entries(namedValues).map(([id, value]): GatewayResource => ({
      kind: "namedValue",
      id,
      path: `namedValues/${id}`,
      body: { properties: { displayName: id, value } },
    })),
    ...Object.entries(fragments).map(([id, xml]): GatewayResource => ({
      ...documented(xml),
      kind: "fragment",
      id,
      path: `policyFragments/${id}`,
    })),
    ...Object.entries(policies).map(([scope, xml]): GatewayResource => ({
      ...documented(xml),
      kind: "policy",
      id: scope,
      path: scope === "" ? "policies/policy" : `${scope}/policies/policy`,
    })),
  ];
}

function documented(xml: string): Pick<GatewayResource, "body" | "document"> {
  const parsed = parsePolicyDocument(xml, { dialect: "rawxml" });
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message);
  return { body: {}, document: parsed.document };
}
