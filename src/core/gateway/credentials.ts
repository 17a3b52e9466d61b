/** What a backend entity adds to the calls that go to it [documented]. */
import type { BackendCredentials } from "./backend-config.ts";
import type { GatewayUrl, HeaderMap } from "./message.ts";
import { parseQuery, printQuery } from "./query.ts";

/** A token that only says whose it is and for what: there is nobody here to sign one. */
export function localToken(resource: string): string {
  return `apimgw.local.${resource.replace(/^https?:\/\//, "").replace(/[^A-Za-z0-9.-]/g, "")}`;
}

/** The headers with the backend's own over them. */
export function credentialHeaders(
  headers: HeaderMap,
  credentials: BackendCredentials | undefined,
): HeaderMap {
  if (credentials === undefined) return headers;
  const all = headers.copy();
  for (const [name] of credentials.headers) all.delete(name);
  for (const [name, value] of credentials.headers) all.append(name, value);
  if (credentials.managedIdentity !== undefined) {
    all.set("Authorization", [`Bearer ${localToken(credentials.managedIdentity)}`]);
  }
  return all;
}

/** The address with the backend's query parameters behind it. */
export function withCredentialQuery(
  url: GatewayUrl,
  credentials: BackendCredentials | undefined,
): GatewayUrl {
  if (credentials === undefined || credentials.query.length === 0) return url;
  return { ...url, queryString: printQuery([...parseQuery(url.queryString), ...credentials.query]) };
}
