/** `context` as templates see it: the members that the page of set-body lists, and variables. */
import { Drop } from "liquidjs";
import type { GatewayContext } from "../context.ts";
import { isObjectValue } from "../expression/values.ts";
import type { Value } from "../expression/values.ts";
import { formatValue } from "../expression/format/format-value.ts";
import { isJToken } from "../expression/json/json-values.ts";
import { printUrl } from "../message.ts";
import type { GatewayUrl, HeaderMap } from "../message.ts";
import { parseQuery } from "../query.ts";
import { LiquidRefusal } from "./liquid-refusal.ts";
import { liquidJson } from "./liquid-values.ts";

/** Members by name; a name that is not listed is refused, or, in a lookup, not there. */
class Members extends Drop {
  readonly #get: (key: string) => unknown;

  constructor(get: (key: string) => unknown) {
    super();
    this.#get = get;
  }

  override liquidMethodMissing(key: string | number): unknown {
    return this.#get(String(key));
  }
}

function members(what: string, known: Readonly<Record<string, () => unknown>>): Members {
  return new Members((key) => {
    const read = Object.hasOwn(known, key) ? known[key] : undefined;
    if (read === undefined)
      throw new LiquidRefusal(`\`${what}.${key}\` is not a member that templates have here`);
    return read();
  });
}

export function liquidContext(context: GatewayContext): Members {
  return members("context", {
    Request: () => requestMembers(context),
    Response: () => responseMembers(context),
    Variables: () => new Members((key) => liquidValue(context.variables.get(key) ?? null, key)),
  });
}

function requestMembers({ request }: GatewayContext): Members {
  return members("context.Request", {
    Url: () => urlMembers(request.url),
    OriginalUrl: () => urlMembers(request.originalUrl),
    Method: () => request.method,
    IpAddress: () => request.ipAddress,
    MatchedParameters: () => new Members((key) => request.matchedParameters.get(key) ?? null),
    HasBody: () => request.body !== null,
    Headers: () => headerMembers(request.headers),
  });
}

function responseMembers({ response }: GatewayContext): Members | null {
  if (response === null) return null;
  return members("context.Response", {
    StatusCode: () => response.statusCode,
    Headers: () => headerMembers(response.headers),
  });
}

/** Several values come with commas between [inferred]. */
function headerMembers(headers: HeaderMap): Members {
  return new Members((key) => headers.get(key)?.join(",") ?? null);
}

function urlMembers(url: GatewayUrl): Members {
  return members("Url", {
    Scheme: () => url.scheme,
    Host: () => url.host,
    Port: () => url.port,
    Path: () => url.path,
    QueryString: () => url.queryString,
    Query: () =>
      new Members((key) => {
        const found = parseQuery(url.queryString).filter(
          ([name]) => name.toLowerCase() === key.toLowerCase(),
        );
        return found.length === 0 ? null : found.map(([, value]) => value).join(",");
      }),
    ToString: () => printUrl(url),
    ToUri: () => printUrl(url),
  });
}

function liquidValue(value: Value, name: string): unknown {
  if (
    value === null ||
    typeof value === "string" ||
    typeof value === "boolean" ||
    typeof value === "number"
  ) {
    return value;
  }
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (isJToken(value)) return liquidJson(value);
  if (isObjectValue(value) && /^(?:DateTime|Guid|decimal|double)$/.test(value.kind))
    return formatValue(value);
  throw new LiquidRefusal(`what a template sees of the variable \`${name}\` is not known`);
}
