import { isJsonObject, type JsonObject } from "../../core/json.ts";
import { parseJson } from "./error-body.ts";

/** What a JSON Web Token says, unchecked: it is shown, and nothing is decided by it. Undefined for any other token. */
export function readClaims(token: string | undefined): JsonObject | undefined {
  const [, payload = ""] = token?.split(".") ?? [];
  const claims = parseJson(Buffer.from(payload, "base64url").toString("utf8"));
  return isJsonObject(claims) ? claims : undefined;
}
