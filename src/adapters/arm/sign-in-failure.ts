import { ServiceFailure } from "../../core/failure.ts";
import { oneLine } from "./error-body.ts";
import { redactFor } from "./redact.ts";

const usualRemedy =
  "Sign in with `az login`; in CI use workload identity (AZURE_CLIENT_ID, AZURE_TENANT_ID, AZURE_FEDERATED_TOKEN_FILE), or put a token into APIMGW_ACCESS_TOKEN.";

/** `SERVICE.UNAUTHORIZED` for whatever the sign-in threw: a short cause, never the SDK's list of all that it tried. */
export function signInFailure(error: unknown): ServiceFailure {
  if (error instanceof ServiceFailure) return error;
  return new ServiceFailure("SERVICE.UNAUTHORIZED", "cannot sign in to Azure", {
    why: shortCause(error),
    remedy: usualRemedy,
    cause: error,
  });
}

/** For a sign-in that does not come back: a browser that waits, a command line tool that hangs. */
export function signInTimeout(seconds: number): ServiceFailure {
  return new ServiceFailure("SERVICE.UNAUTHORIZED", "cannot sign in to Azure", {
    why: `the sign-in has not ended after ${seconds} seconds`,
    remedy: `Try \`az account get-access-token\` by hand. ${usualRemedy}`,
  });
}

function shortCause(error: unknown): string {
  if (!(error instanceof Error)) return "the sign-in failed";
  if (error.name === "AggregateAuthenticationError") return aggregateCause(causesOf(error));
  if (error.name === "AuthenticationError") return authenticationCause(error);
  return firstSentence(error.message);
}

function causesOf(error: Error): string[] {
  const errors: unknown = "errors" in error ? error.errors : [];
  return Array.isArray(errors)
    ? errors.map((cause: unknown) => (cause instanceof Error ? cause.message : ""))
    : [];
}

/**
 * The chain reports each way to sign in that it tried. Most are simply not set up; one that was set up and failed is the cause.
 */
function aggregateCause(messages: readonly string[]): string {
  const telling = messages.filter((message) => message !== "" && !isNotSetUp(message)).map(firstSentence);
  const azureCli = azureCliCause(messages.join("\n"));
  const causes = [...new Set([...telling, ...(azureCli === undefined ? [] : [azureCli])])];
  return causes.length === 0
    ? "no way to sign in is set up here"
    : `no way to sign in is set up here; ${causes.join("; ")}`;
}

function azureCliCause(messages: string): string | undefined {
  if (/Azure CLI could not be found/i.test(messages)) return "the Azure CLI is not installed";
  return /run 'az login'/i.test(messages) ? "the Azure CLI is not signed in" : undefined;
}

/** What @azure/identity 4 says about the ways that are not in use. */
const notSetUp = [
  /is unavailable/i,
  /is not available/i,
  /could(n't| not) be found/i,
  /not installed/i,
  /unable to execute powershell/i,
  /run 'az login'|azd auth login|connect-azaccount/i,
  /^ManagedIdentityCredential: (network unreachable|the managed identity endpoint is not available|no response)/i,
  /network_error/i,
  /not (fully )?configured/i,
  /no managed identity endpoint/i,
];

function isNotSetUp(message: string): boolean {
  return notSetUp.some((pattern) => pattern.test(message));
}

/** Microsoft Entra's own words: `AADSTS7000215: Invalid client secret provided.` */
function authenticationCause(error: Error): string {
  const response: unknown = "errorResponse" in error ? error.errorResponse : undefined;
  const described =
    typeof response === "object" && response !== null && "errorDescription" in response
      ? response.errorDescription
      : undefined;
  const text = typeof described === "string" && described !== "" ? described : error.message;
  if (/network_error|ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN/.test(text)) {
    return "the sign-in service cannot be reached; check the network, HTTPS_PROXY and NO_PROXY";
  }
  return firstSentence(text);
}

/** Up to the first full stop that ends a sentence, without trace ids and links. */
function firstSentence(text: string): string {
  const line = oneLine(redactFor(undefined)(text), 1000);
  const withoutTrace = line.split(/ (?:Trace ID|Correlation ID|To troubleshoot|More details)/i)[0] ?? line;
  const sentence = /^.*?\.(?=\s|$)/.exec(withoutTrace)?.[0] ?? withoutTrace;
  return oneLine(sentence.replace(/\.$/, "").replace(/^Error: /, ""), 200);
}
