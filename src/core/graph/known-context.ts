/** What is known of a call before it is made: which operation, API and product; everything that a caller chooses is not. */
import type { GatewayContext, GatewayResponse } from "../gateway/context.ts";
import type { ContextParts } from "../gateway/context-parts.ts";
import { newResponse } from "../gateway/error-state.ts";
import type { Value } from "../gateway/expression/values.ts";

/** Thrown where an expression asks for what is not known. */
export class NotKnown extends Error {
  /** The status of the last answer: it is one of several. */
  readonly isStatus: boolean;

  constructor(what: string, isStatus = false) {
    super(`${what} is not known before the call`);
    this.isStatus = isStatus;
  }
}

/** A variable whose value is not known. */
export const unknownVariable = Symbol("unknown variable");

/** What variables hold, as far as it is known. */
export type KnownVariables = ReadonlyMap<string, Value | typeof unknownVariable>;

/**
 * The last answer: `none` before the first call, where the gateway has 200 without a body; `any` when its status is one of
 * several; else its status.
 */
export type KnownAnswer = "none" | "any" | number;

/** A context that throws NotKnown for what is not known. */
export function knownContext(
  { api, operation, product, workspace }: ContextParts,
  variables: KnownVariables,
  answer: KnownAnswer,
): GatewayContext {
  return {
    kind: "IContext",
    api,
    operation,
    product,
    variables: new VariablesOfCall(variables),
    response: responseOf(answer),
    workspace,
    traces: [],
    isTracing: false,
    get lastError(): GatewayContext["lastError"] {
      return answer === "none" ? null : unknown("the last error");
    },
    get request(): GatewayContext["request"] {
      return unknown("the request");
    },
    get subscription(): GatewayContext["subscription"] {
      return unknown("the subscription");
    },
    get user(): GatewayContext["user"] {
      return unknown("the user");
    },
    get deployment(): GatewayContext["deployment"] {
      return unknown("the gateway");
    },
    get requestId(): string {
      return unknown("the id of the request");
    },
    get timestamp(): number {
      return unknown("the time");
    },
    sources: {
      now: () => unknown("the time"),
      random: () => unknown("chance"),
      guid: () => unknown("chance"),
    },
  };
}

function unknown(what: string, isStatus = false): never {
  throw new NotKnown(what, isStatus);
}

function responseOf(answer: KnownAnswer): GatewayResponse {
  if (answer === "none") return newResponse(200);
  return {
    kind: "IResponse",
    get statusCode(): number {
      return answer === "any" ? unknown("the status of the answer", true) : answer;
    },
    get statusReason(): string {
      return unknown("the reason of the answer");
    },
    get headers(): GatewayResponse["headers"] {
      return unknown("the headers of the answer");
    },
    get body(): GatewayResponse["body"] {
      return unknown("the body of the answer");
    },
  };
}

class VariablesOfCall extends Map<string, Value> {
  readonly #unknown: ReadonlySet<string>;

  constructor(variables: KnownVariables) {
    super();
    const unknownNames = new Set<string>();
    for (const [name, value] of variables) {
      if (value === unknownVariable) unknownNames.add(name);
      else this.set(name, value);
    }
    this.#unknown = unknownNames;
  }

  override get(name: string): Value | undefined {
    if (this.#unknown.has(name)) return unknown(`the variable ${name}`);
    return super.get(name);
  }

  override [Symbol.iterator](): MapIterator<[string, Value]> {
    if (this.#unknown.size > 0) return unknown("a variable");
    return super[Symbol.iterator]();
  }
}
