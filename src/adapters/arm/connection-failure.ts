import { ServiceFailure } from "../../core/failure.ts";
import { explainConnection, untrustedCodes } from "../connection-faults.ts";
import type { ArmRequest, NoAnswer } from "./exchange.ts";

/** `SERVICE.UNREACHABLE` for a request that got no answer. `mayHaveHappened`: an earlier try may have been carried out. */
export function connectionFailure(
  noAnswer: NoAnswer,
  request: ArmRequest,
  mayHaveHappened = false,
): ServiceFailure {
  const { why, remedy } = explainConnection(noAnswer);
  const { host } = new URL(request.url);
  const message = `cannot reach the management API at ${host}: ${why} (${noAnswer.code})`;
  if (request.method === "GET") return new ServiceFailure("SERVICE.UNREACHABLE", message, { remedy });
  const doubt = `whether \`${request.path}\` was ${outcomes[request.method]} is not known`;
  return new ServiceFailure("SERVICE.UNREACHABLE", message, {
    ...(neverSent(noAnswer.code) && !mayHaveHappened ? {} : { why: doubt }),
    remedy,
  });
}

const outcomes = { PUT: "written", PATCH: "changed", POST: "carried out", DELETE: "deleted" } as const;

/** The connection was not even made, so nothing can have happened on the service. */
export function neverSent(code: string): boolean {
  return (
    untrustedCodes.has(code) ||
    ["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "EPROTO"].includes(code) ||
    code.startsWith("CERT_") ||
    code.startsWith("ERR_TLS_")
  );
}
