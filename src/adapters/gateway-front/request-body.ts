/** Bodies of requests: in memory, so within bounds, each and all of them together. */
import type { IncomingMessage } from "node:http";
import { readParts } from "./read-parts.ts";

/** One body. */
export const mostBodyBytes = 32 * 1024 * 1024;
/** All bodies of requests under way. */
const mostBytesTogether = 256 * 1024 * 1024;

export type ReadBody =
  { readonly kind: "read"; readonly bytes: Uint8Array } | { readonly kind: "too large" | "too much" };

/** Room for bodies, shared by all requests. */
export class BodyRoom {
  #used = 0;

  /**
   * Reads the body. `release` gives its room back, whatever came of it. Rejects when the client leaves, or sends what is no HTTP.
   */
  async read(request: IncomingMessage): Promise<{ readonly body: ReadBody; readonly release: () => void }> {
    let size = 0;
    const release = (): void => {
      this.#used -= size;
      size = 0;
    };
    if (Number(request.headers["content-length"] ?? 0) > mostBodyBytes) {
      return { body: { kind: "too large" }, release };
    }
    const parts: Buffer[] = [];
    const take = (part: Buffer): boolean => {
      size += part.length;
      this.#used += part.length;
      parts.push(part);
      return size <= mostBodyBytes && this.#used <= mostBytesTogether;
    };
    try {
      await readParts(request, take);
    } catch (error) {
      release();
      throw error;
    }
    if (size > mostBodyBytes) return { body: { kind: "too large" }, release };
    if (this.#used > mostBytesTogether) return { body: { kind: "too much" }, release };
    return { body: { kind: "read", bytes: Buffer.concat(parts) }, release };
  }
}
