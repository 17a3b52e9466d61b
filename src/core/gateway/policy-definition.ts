/** What a policy's own file says: how the element becomes a closure, and how faithful that is to the service. */
import type { SectionName } from "../spec/schema.ts";
import type { PolicyElement } from "../policy/tree.ts";
import type { GatewayConfig } from "./config.ts";
import type { WindowKind } from "./counters.ts";
import type { Policy, ScopeName, Statement } from "./exchange.ts";

/** Where a piece of a fact about the service is from: its documentation, published output, or a reading of the two. */
export type Evidence = "documented" | "observed" | "inferred";

export type Fidelity = {
  /** `full`: as documented. `partial`: some of it differs or is refused. `recorded`: written down, sent nowhere. */
  readonly level: "full" | "partial" | "recorded";
  /** What is as on the service, what differs and what is not known, a sentence each, with where it is from. */
  readonly notes: readonly (readonly [text: string, evidence: Evidence])[];
};

export type PolicyRunner = {
  /** The element's name. */
  readonly name: string;
  readonly fidelity: Fidelity;
  /** Throws NotSupported for what cannot be run. */
  readonly prepare: (element: PolicyElement, preparation: Preparation) => Policy;
};

/** How the gateway behaves where the service's behaviour is not established, and what is done with what cannot be run. */
export type GatewayOptions = {
  /** Policies and expressions that cannot be run are passed over; else they end the request. */
  readonly skipsUnsupported: boolean;
  /**
   * Whether a pool's member is picked at every forward-request (2024 to mid 2025 outputs), or kept until the backend is set again
   * (AI-Gateway pull request 225).
   */
  readonly pinsMember: boolean;
  /** What `context.Response` is before the first answer: 200 and empty, or null. */
  readonly responseBeforeBackend: "ok" | "null";
  /** What `context.Response` is in a retry's condition after a call without an answer. */
  readonly responseAfterFailure: "error" | "null";
  /** How the tokens of a minute pass in token limits. */
  readonly tokenWindow: WindowKind;
  /** Whether the score of semantic caches is a distance, of which less is nearer, or a similarity. */
  readonly semanticScore: "distance" | "similarity";
};

export const defaultOptions: GatewayOptions = {
  skipsUnsupported: false,
  pinsMember: false,
  responseBeforeBackend: "ok",
  responseAfterFailure: "error",
  tokenWindow: "sliding",
  semanticScore: "distance",
};

/** What a policy can use while it is prepared. */
export type Preparation = {
  readonly config: GatewayConfig;
  readonly options: GatewayOptions;
  readonly scope: ScopeName;
  readonly section: SectionName;
  /** Prepares the policies that stand in an element. */
  readonly children: (element: PolicyElement) => readonly Statement[];
  /** Prepares the policies of a fragment. Throws NotSupported when there is none of that name. */
  readonly fragment: (id: string) => readonly Statement[];
};
