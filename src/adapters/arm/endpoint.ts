import { Failure } from "../../core/failure.ts";

/** The clouds as `az cloud list` names them. */
export type CloudName = "AzureCloud" | "AzureChinaCloud" | "AzureUSGovernment";

/** Where a cloud's Azure Resource Manager is, and where one signs in for it. */
type Cloud = { readonly endpoint: string; readonly authorityHost: string };

// https://learn.microsoft.com/azure/developer/javascript/sdk/authentication/sovereign-cloud-domains
const clouds: Readonly<Record<CloudName, Cloud>> = {
  AzureCloud: {
    endpoint: "https://management.azure.com",
    authorityHost: "https://login.microsoftonline.com",
  },
  AzureChinaCloud: {
    endpoint: "https://management.chinacloudapi.cn",
    authorityHost: "https://login.chinacloudapi.cn",
  },
  AzureUSGovernment: {
    endpoint: "https://management.usgovcloudapi.net",
    authorityHost: "https://login.microsoftonline.us",
  },
};

export type Endpoint = {
  /** Without a trailing slash; may have a path. */
  readonly url: string;
  /** What a token is asked for: the cloud's own scope, also behind another endpoint. */
  readonly scope: string;
  readonly authorityHost: string;
  readonly isLoopback: boolean;
  readonly isHttps: boolean;
};

/**
 * The ARM endpoint to talk to: the cloud's, or the one that was given (`--arm-endpoint`): https anywhere, http on loopback
 * only, since a bearer token travels with each request. Throws Failure `USAGE.ENDPOINT`.
 */
export function resolveEndpoint(cloud: CloudName, given?: string): Endpoint {
  const { endpoint, authorityHost } = clouds[cloud];
  const url = parseEndpoint(given ?? endpoint);
  return {
    url: url.href.replace(/\/+$/, ""),
    scope: `${endpoint}/.default`,
    authorityHost,
    isLoopback: isLoopback(url.hostname),
    isHttps: url.protocol === "https:",
  };
}

function parseEndpoint(given: string): URL {
  if (!URL.canParse(given)) throw refuse(`\`${given}\` is not a URL`);
  const url = new URL(given);
  if (url.protocol !== "https:" && url.protocol !== "http:") throw refuse(`\`${given}\` is not an https URL`);
  if (url.username !== "" || url.password !== "") throw refuse("it holds a user name or a password");
  if (url.search !== "" || url.hash !== "") throw refuse(`\`${given}\` has a query or a fragment`);
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    throw refuse(`\`${given}\` is http on another machine, where the access token could be read on the way`);
  }
  return url;
}

/** True for localhost, 127.0.0.0/8 and ::1, as `URL.hostname` writes them. */
function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function refuse(why: string): Failure {
  return new Failure("USAGE.ENDPOINT", `the ARM endpoint cannot be used: ${why}`, {
    remedy:
      "Give an https URL such as https://management.azure.com, or http on this machine: http://127.0.0.1:8080.",
  });
}
