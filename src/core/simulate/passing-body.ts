/** The body of an answer that passes the gateway event by event, in virtual time. */
import type { MessageBody } from "../gateway/message.ts";
import { NotSupported } from "../gateway/policy-error.ts";
import type { PacedStream } from "./streamed-answer.ts";

export class PassingBody implements MessageBody {
  readonly kind = "IMessageBody";
  isConsumed = false;
  /** When the gateway passes the first part on; undefined when the stream breaks before that. */
  readonly firstByteAt: number | undefined;
  /** When it has ended or has broken off. */
  readonly endsAt: number;
  readonly isCut: boolean;
  readonly #stream: PacedStream;
  readonly #acts: (() => void)[] = [];
  #whole: Uint8Array | undefined;

  /** `stream` as it leaves the gateway; `arrivedAt` is when its headers came. */
  constructor(stream: PacedStream, arrivedAt: number) {
    const first = stream.parts[0];
    this.#stream = stream;
    this.firstByteAt = first === undefined ? undefined : arrivedAt + first.after;
    this.endsAt = arrivedAt + stream.endsAfter;
    this.isCut = stream.isCut;
  }

  get bytes(): Uint8Array {
    if (this.#whole !== undefined) return this.#whole;
    throw new NotSupported("a policy reads the body of an answer that is passing through");
  }

  onceWhole(act: () => void): void {
    this.#acts.push(act);
  }

  /** All that will pass has passed: what waits for that is done. */
  end(): void {
    this.#whole = Buffer.concat(this.#stream.parts.map(({ bytes }) => bytes));
    for (const act of this.#acts.splice(0)) act();
  }
}
