import { isJsonObject, type Json } from "../../core/json.ts";
import { parseJson, type Redact } from "./error-body.ts";

const shortestSecret = 4;
const jsonWebToken = /\beyJ[\w-]{8,}(\.[\w-]*){0,2}/g;
/** Keys of a subscription, in whatever quotes them. */
const subscriptionKey = /\b((?:primary|secondary)Key\W{1,6})[\w+/=-]{8,}/gi;
const bearer = /\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi;

/**
 * For messages about one request: the service quotes what it rejects, and a debugging proxy quotes headers. Hides tokens,
 * and all that the body carries in places where secrets may stand.
 */
export function redactFor(body: string | undefined): Redact {
  const secrets = body === undefined ? [] : secretsIn(parseJson(body) ?? null);
  return (text) => {
    const hidden = secrets.reduce((rest, secret) => rest.replaceAll(secret, "(secret)"), text);
    return hidden
      .replace(jsonWebToken, "(token)")
      .replace(bearer, "$1 (token)")
      .replace(subscriptionKey, "$1(secret)");
  };
}

/** Texts under `credentials`, and `properties.value` of a body without `format`: that of a named value, not of a policy. */
function secretsIn(body: Json): string[] {
  const properties = isJsonObject(body) && isJsonObject(body.properties) ? body.properties : {};
  const value = properties.format === undefined ? properties.value : undefined;
  return [...textsIn(value), ...textsIn(properties.credentials)]
    .filter((text) => text.length >= shortestSecret)
    .sort((a, b) => b.length - a.length);
}

function textsIn(value: Json | undefined): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap((item: Json | undefined) => textsIn(item));
}
