/** From what the command line says to the call that is sent. */
import { Failure } from "../failure.ts";

export type ProbeTarget = {
  readonly url: string;
  readonly method?: string;
  /** `Name: value` each. */
  readonly headers: readonly string[];
  readonly key?: string;
  readonly keyHeader: string;
  readonly deployment?: string;
  readonly apiVersion?: string;
  readonly body?: string;
};

export type BuiltCall = {
  readonly url: string;
  readonly method: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | undefined;
};

const usualVersion = "2024-10-21";
const usualBody = JSON.stringify({ messages: [{ role: "user", content: "Say hello." }], max_tokens: 10 });

/**
 * The call. With a deployment, a URL that names no operation becomes a chat call of Azure OpenAI's data plane. Throws Failure
 * `USAGE.URL`, `USAGE.HEADER`.
 */
export function buildCall(target: ProbeTarget): BuiltCall {
  const { deployment, apiVersion, key, keyHeader } = target;
  const url = parseUrl(target.url);
  if (key !== undefined && url.protocol === "http:" && !isLoopback(url.hostname)) {
    throw new Failure(
      "USAGE.URL",
      `${url.origin} is http on another machine, where the key could be read on the way`,
      {
        remedy: "Use https, or leave the key out.",
      },
    );
  }
  const isChat = deployment !== undefined && !/\/deployments\//.test(url.pathname);
  if (isChat)
    url.pathname = `${basePath(url.pathname)}/deployments/${encodeURIComponent(deployment)}/chat/completions`;
  const version = apiVersion ?? (isChat ? usualVersion : undefined);
  if (version !== undefined) url.searchParams.set("api-version", version);
  const body = target.body ?? (isChat ? usualBody : undefined);
  return {
    url: url.href,
    method: target.method?.toUpperCase() ?? (body === undefined ? "GET" : "POST"),
    headers: [
      ...(body === undefined ? [] : [["Content-Type", "application/json"] as const]),
      ...(key === undefined ? [] : [[keyHeader, key] as const]),
      ...target.headers.map(readHeader),
    ],
    body,
  };
}

/** `/openai` alone is what clients of Azure OpenAI put before `/deployments`. */
function basePath(path: string): string {
  const base = path.replace(/\/+$/, "");
  return base === "" ? "/openai" : base;
}

function parseUrl(text: string): URL {
  const refuse = (why: string): Failure =>
    new Failure("USAGE.URL", why, { remedy: "Write it as https://host/path." });
  if (!URL.canParse(text)) throw refuse(`\`${text}\` is not a URL`);
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") throw refuse(`\`${text}\` is not an https URL`);
  if (url.username !== "" || url.password !== "") throw refuse("the URL holds a user name or a password");
  url.hash = "";
  return url;
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** The text of a header may be a secret: it is not repeated in the failure. */
function readHeader(text: string): readonly [string, string] {
  const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)$/.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  throw new Failure("USAGE.HEADER", "a --header is not a name and a value", {
    remedy: 'Write it as "Name: value".',
  });
}
