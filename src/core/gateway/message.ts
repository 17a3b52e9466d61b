/** Messages as the gateway holds them: headers in order, bodies that may be read once, addresses in parts. */
import type { ObjectValue } from "./expression/values.ts";

/** Headers in the order of their first setting; names compare without case and keep the spelling they came in. */
export class HeaderMap implements ObjectValue {
  readonly kind = "Headers";
  readonly #entries = new Map<string, { readonly name: string; values: string[] }>();

  constructor(entries: Iterable<readonly [string, string]> = []) {
    for (const [name, value] of entries) this.append(name, value);
  }

  get(name: string): readonly string[] | undefined {
    return this.#entries.get(name.toLowerCase())?.values;
  }

  has(name: string): boolean {
    return this.#entries.has(name.toLowerCase());
  }

  /** Replaces all values of the header; without values the header goes. */
  set(name: string, values: readonly string[]): void {
    const key = name.toLowerCase();
    if (values.length === 0) this.#entries.delete(key);
    else this.#entries.set(key, { name: this.#entries.get(key)?.name ?? name, values: [...values] });
  }

  append(name: string, value: string): void {
    this.set(name, [...(this.get(name) ?? []), value]);
  }

  delete(name: string): void {
    this.#entries.delete(name.toLowerCase());
  }

  entries(): { readonly name: string; readonly values: readonly string[] }[] {
    return [...this.#entries.values()];
  }

  copy(): HeaderMap {
    const copy = new HeaderMap();
    for (const { name, values } of this.#entries.values()) copy.set(name, values);
    return copy;
  }
}

/**
 * A body. `As<T>()` without `preserveContent` consumes it: a later read throws, and what is forwarded is empty unless the body
 * is set again (https://learn.microsoft.com/azure/api-management/api-management-policy-expressions#ref-imessagebody).
 */
export type MessageBody = ObjectValue & {
  readonly kind: "IMessageBody";
  /** Throws NotSupported while the body is still on its way. */
  readonly bytes: Uint8Array;
  isConsumed: boolean;
  /** Of a body that passes as it comes: does something once all of it has passed. */
  readonly onceWhole?: (act: () => void) => void;
};

export function createBody(content: Uint8Array | string): MessageBody {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return { kind: "IMessageBody", bytes, isConsumed: false };
}

/** Does something with the body: at once, or when all of it has passed. */
export function whenWhole(body: MessageBody | null | undefined, act: () => void): void {
  if (body?.onceWhole === undefined) act();
  else body.onceWhole(act);
}

/** An address in the parts that `IUrl` has; `queryString` begins with `?` or is empty. */
export type GatewayUrl = ObjectValue & {
  readonly kind: "IUrl";
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly queryString: string;
};

const address =
  /^([A-Za-z][A-Za-z0-9+.-]*):\/\/(?:[^/?#@]*@)?([^/?#:]*|\[[^\]]*\])(?::(\d*))?([^?#]*)(\?[^#]*)?/;

/** Reads an absolute address; undefined when it is none. */
export function parseUrl(text: string): GatewayUrl | undefined {
  const [, scheme, host, port, path, query] = address.exec(text) ?? [];
  if (scheme === undefined || host === undefined || host === "") return undefined;
  const lower = scheme.toLowerCase();
  const known = port === undefined || port === "" ? defaultPort(lower) : Number(port);
  return {
    kind: "IUrl",
    scheme: lower,
    host: host.toLowerCase(),
    port: known,
    path: path === undefined || path === "" ? "/" : path,
    queryString: query === undefined || query === "?" ? "" : query,
  };
}

/** The address in one piece; the port only where it is not the scheme's own. */
export function printUrl({ scheme, host, port, path, queryString }: GatewayUrl): string {
  const shownPort = port === defaultPort(scheme) ? "" : `:${port}`;
  return `${scheme}://${host}${shownPort}${path}${queryString}`;
}

function defaultPort(scheme: string): number {
  return scheme === "http" ? 80 : 443;
}
