/**
 * The state of one call on its way through the policies: the engine fills and changes it, expressions read it as `context`.
 * Names are those of the policy expression reference, in camel case. Nothing here reads a clock or rolls dice by itself.
 */
import type { ObjectValue, Value } from "./expression/values.ts";
import type { GatewayUrl, HeaderMap, MessageBody } from "./message.ts";

/** Where time and chance come from. */
export type GatewaySources = {
  /** Milliseconds since 1970, UTC. */
  readonly now: () => number;
  /** From 0 up to, and without, 1. */
  readonly random: () => number;
  /** A new GUID in lower case with hyphens. */
  readonly guid: () => string;
};

export type GatewayRequest = ObjectValue & {
  readonly kind: "IRequest";
  method: string;
  /** What is going out: policies change it. */
  url: GatewayUrl;
  /** What the client sent. */
  readonly originalUrl: GatewayUrl;
  headers: HeaderMap;
  /** Null when the request has no body. */
  body: MessageBody | null;
  readonly ipAddress: string;
  readonly matchedParameters: ReadonlyMap<string, string>;
  readonly certificate: ClientCertificate | null;
};

/** Also what `send-request` leaves in its variable. */
export type GatewayResponse = ObjectValue & {
  readonly kind: "IResponse";
  statusCode: number;
  statusReason: string;
  headers: HeaderMap;
  body: MessageBody | null;
};

/** Dates are ISO 8601 in UTC. */
export type ClientCertificate = ObjectValue & {
  readonly kind: "X509Certificate2";
  readonly thumbprint: string;
  readonly subject: string;
  readonly issuer: string;
  readonly serialNumber: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly rawData: Uint8Array;
  /** Whether `Verify()` holds. */
  readonly isTrusted: boolean;
};

export type GatewayApi = ObjectValue & {
  readonly kind: "IContextApi";
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly revision: string;
  readonly version: string;
  readonly isCurrentRevision: boolean;
  readonly protocols: readonly string[];
  readonly serviceUrl: GatewayUrl | null;
  readonly subscriptionKeyNames: { readonly header: string; readonly query: string };
};

export type GatewayOperation = ObjectValue & {
  readonly kind: "IOperation";
  readonly id: string;
  readonly name: string;
  readonly method: string;
  readonly urlTemplate: string;
};

export type GatewayProduct = ObjectValue & {
  readonly kind: "IProduct";
  readonly id: string;
  readonly name: string;
  readonly approvalRequired: boolean;
  readonly subscriptionRequired: boolean;
  readonly subscriptionLimit: number | null;
  readonly state: "NotPublished" | "Published";
  readonly apis: readonly GatewayApi[];
  readonly groups: readonly Named[];
};

/** Dates are ISO 8601 in UTC. */
export type GatewaySubscription = ObjectValue & {
  readonly kind: "ISubscription";
  readonly id: string;
  readonly name: string;
  /** The key that the call came with. */
  readonly key: string;
  readonly primaryKey: string;
  readonly secondaryKey: string;
  readonly createdDate: string;
  readonly startDate: string | null;
  readonly endDate: string | null;
};

export type GatewayUser = ObjectValue & {
  readonly kind: "IUser";
  readonly id: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly note: string;
  readonly registrationDate: string;
  readonly groups: readonly Named[];
  readonly identities: readonly { readonly id: string; readonly provider: string }[];
};

export type Named = { readonly id: string; readonly name: string };

export type GatewayDeployment = ObjectValue & {
  readonly kind: "IDeployment";
  /** `managed` on managed gateways. */
  readonly gatewayId: string;
  readonly region: string;
  readonly serviceId: string;
  readonly serviceName: string;
  /** By thumbprint. */
  readonly certificates: ReadonlyMap<string, ClientCertificate>;
};

export type GatewayError = ObjectValue & {
  readonly kind: "ILastError";
  readonly source: string;
  readonly reason: string | null;
  readonly message: string;
  readonly scope: string | null;
  readonly section: string | null;
  readonly path: string | null;
  readonly policyId: string | null;
};

export type GatewayContext = ObjectValue & {
  readonly kind: "IContext";
  readonly sources: GatewaySources;
  readonly request: GatewayRequest;
  /** 200 without a body until a backend has answered; null only where the engine wants the guard tried. */
  response: GatewayResponse | null;
  readonly variables: Map<string, Value>;
  api: GatewayApi;
  operation: GatewayOperation;
  product: GatewayProduct | null;
  subscription: GatewaySubscription | null;
  user: GatewayUser | null;
  workspace: (ObjectValue & Named & { readonly kind: "IWorkspace" }) | null;
  readonly deployment: GatewayDeployment;
  lastError: GatewayError | null;
  readonly requestId: string;
  /** When the request came in: milliseconds since 1970. `Elapsed` counts from here. */
  readonly timestamp: number;
  readonly isTracing: boolean;
  /** What `context.Trace(...)` was given. */
  readonly traces: string[];
};
