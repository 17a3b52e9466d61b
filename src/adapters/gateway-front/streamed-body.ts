/** A body that passes while it comes. */
import type { MessageBody } from "../../core/gateway/message.ts";
import { NotSupported } from "../../core/gateway/policy-error.ts";

/** What is kept of a stream for those who look at it afterwards. */
const mostKept = 4 * 1024 * 1024;

export class StreamedBody implements MessageBody {
  readonly kind = "IMessageBody";
  isConsumed = false;
  readonly #source: AsyncIterable<Uint8Array>;
  readonly #cancel: () => void;
  readonly #acts: (() => void)[] = [];
  #whole: Uint8Array | undefined;

  /** `cancel` is called when nobody wants the rest. */
  constructor(source: AsyncIterable<Uint8Array>, cancel: () => void) {
    this.#source = source;
    this.#cancel = cancel;
  }

  get bytes(): Uint8Array {
    if (this.#whole !== undefined) return this.#whole;
    throw new NotSupported("a policy reads the body of an answer that is passing through");
  }

  onceWhole(act: () => void): void {
    this.#acts.push(act);
  }

  /** The parts as they come, once. What waits for the whole is done after the last, also when nobody takes the rest. */
  async *parts(): AsyncGenerator<Uint8Array, void, undefined> {
    const kept: Uint8Array[] = [];
    let size = 0;
    try {
      for await (const part of this.#source) {
        size += part.length;
        if (this.#acts.length > 0 && size <= mostKept) kept.push(part);
        yield part;
      }
    } finally {
      this.#whole = Buffer.concat(kept);
      for (const act of this.#acts.splice(0)) act();
    }
  }

  cancel(): void {
    this.#cancel();
  }
}
