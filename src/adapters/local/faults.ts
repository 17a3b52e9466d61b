/** Bad weather for tests: what the local APIM answers instead of, or does after, the real thing. */
import type { JsonObject } from "../../core/json.ts";

export type FaultRequest = {
  readonly method: string;
  /** ARM path below the service, as sent: `apis/x/operations`; empty for the service itself. */
  readonly path: string;
  readonly query: URLSearchParams;
};

export type Fault =
  /** This answer, and the request is not carried out. */
  | {
      readonly status: number;
      readonly code: string;
      readonly message: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The connection breaks: before anything is done, or after the request was carried out, its answer lost. */
  | { readonly drop: "before" | "after" };

/** Asked for every request that names a service; undefined lets it through. */
export type FaultHook = (request: FaultRequest) => Fault | undefined;

/** The body of an injected answer. */
export function faultBody(fault: { readonly code: string; readonly message: string }): JsonObject {
  return { error: { code: fault.code, message: fault.message, details: null } };
}
