import type { AccessToken, TokenCredential } from "@azure/identity";
import { ServiceFailure } from "../../core/failure.ts";
import type { Endpoint } from "./endpoint.ts";
import { signInFailure, signInTimeout } from "./sign-in-failure.ts";

const signInSeconds = 90;
const azureToolMilliseconds = 60_000;
const dayMilliseconds = 86_400_000;

export type CredentialOptions = {
  readonly endpoint: Endpoint;
  /** A ready bearer token (APIMGW_ACCESS_TOKEN). */
  readonly token?: string | undefined;
};

/**
 * What signs the requests: the given token; on http, which is this machine and the local APIM, a token that means nothing;
 * otherwise @azure/identity's chain, loaded only now because that takes 200 ms.
 */
export async function chooseCredential({ endpoint, token }: CredentialOptions): Promise<TokenCredential> {
  if (token !== undefined && token.trim() !== "") return fixedToken(checkToken(token.trim()));
  if (!endpoint.isHttps) return fixedToken("local");
  const { DefaultAzureCredential } = await import("@azure/identity");
  try {
    return new DefaultAzureCredential({
      authorityHost: process.env.AZURE_AUTHORITY_HOST ?? endpoint.authorityHost,
      processTimeoutInMs: azureToolMilliseconds,
    });
  } catch (error) {
    // A wrong AZURE_TOKEN_CREDENTIALS or AZURE_AUTHORITY_HOST.
    throw signInFailure(error);
  }
}

/** Header values cannot hold white space or control characters; nothing of the token is shown. */
function checkToken(token: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new ServiceFailure("SERVICE.UNAUTHORIZED", "the value of APIMGW_ACCESS_TOKEN is not a bearer token", {
    why: /\s/.test(token) ? "it holds white space" : "it holds characters that no token has",
    remedy: "Give the token alone: az account get-access-token --query accessToken -o tsv.",
  });
}

function fixedToken(token: string): TokenCredential {
  return {
    // How long it really lasts only the service knows: it answers 401 when it is over.
    getToken: () => Promise.resolve({ token, expiresOnTimestamp: Date.now() + dayMilliseconds }),
  };
}

/**
 * A credential whose errors are ServiceFailures, that comes back in time or when `signal` is aborted, and that does not try again
 * after a first sign-in has failed: of thousands of reads waiting in line each would start the Azure CLI once more.
 */
export function withReadableFailures(credential: TokenCredential, signal?: AbortSignal): TokenCredential {
  let firstFailure: ServiceFailure | undefined;
  let hasSucceeded = false;
  return {
    async getToken(scopes, options) {
      if (firstFailure !== undefined) throw firstFailure;
      try {
        const token = await inTime(credential.getToken(scopes, options), signal);
        hasSucceeded = true;
        return token;
      } catch (error) {
        signal?.throwIfAborted();
        const failure = signInFailure(error);
        if (!hasSucceeded) firstFailure = failure;
        throw failure;
      }
    },
  };
}

async function inTime(token: Promise<AccessToken | null>, signal?: AbortSignal): Promise<AccessToken | null> {
  let stop: () => void = () => undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(signInTimeout(signInSeconds));
  });
  const timer = setTimeout(stop, signInSeconds * 1000);
  signal?.addEventListener("abort", stop);
  try {
    return await Promise.race([token, stopped]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}
