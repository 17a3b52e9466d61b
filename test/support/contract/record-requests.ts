/** Sees every request that this process sends to a management API through node:http, whoever sends it. */
import { ClientRequest } from "node:http";

export type SentRequest = {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Empty when there was none. */
  readonly body: string;
};

/** Tells of each request once it has been written as a whole; the request itself goes its way. */
export function recordRequests(onRequest: (request: SentRequest) => void): void {
  const bodies = new WeakMap<ClientRequest, string>();
  const add = (request: ClientRequest, chunk: unknown): void => {
    const text = typeof chunk === "string" ? chunk : chunk instanceof Uint8Array ? decode(chunk) : "";
    bodies.set(request, (bodies.get(request) ?? "") + text);
  };
  // OutgoingMessage has them too, which answers are as well: only requests are to be seen.
  const write = Reflect.get(ClientRequest.prototype, "write");
  const end = Reflect.get(ClientRequest.prototype, "end");
  Object.assign(ClientRequest.prototype, {
    write(this: ClientRequest, ...args: unknown[]): unknown {
      add(this, args[0]);
      return Reflect.apply(write, this, args);
    },
    end(this: ClientRequest, ...args: unknown[]): unknown {
      add(this, args[0]);
      if (
        /\/providers\/Microsoft\.(ApiManagement\/service|Authorization|CognitiveServices)\//i.test(this.path)
      )
        onRequest(sentBy(this, bodies.get(this) ?? ""));
      return Reflect.apply(end, this, args);
    },
  });
}

function decode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("utf8");
}

function sentBy(request: ClientRequest, body: string): SentRequest {
  const headers = Object.entries(request.getHeaders()).map(([name, value]) => [name, String(value)]);
  return {
    method: request.method,
    path: request.path,
    headers: Object.fromEntries(headers) as Record<string, string>,
    body,
  };
}
