/**
 * Answers that come event by event: when which part of them is there, and what the gateway's buffering makes of that. Virtual and
 * real time share it.
 */
import type { MessageBody } from "../gateway/message.ts";
import type { StreamEvent } from "./event-stream.ts";

/** A stream whose events are only written when somebody takes them. */
export class EventStreamBody implements MessageBody {
  readonly kind = "IMessageBody";
  isConsumed = false;
  readonly #write: () => readonly StreamEvent[];
  #events: readonly StreamEvent[] | undefined;
  #bytes: Uint8Array | undefined;

  constructor(write: () => readonly StreamEvent[]) {
    this.#write = write;
  }

  get events(): readonly StreamEvent[] {
    return (this.#events ??= this.#write());
  }

  get bytes(): Uint8Array {
    return (this.#bytes ??= encode(this.events.map(({ text }) => text).join("")));
  }
}

/** How a stream goes on after its headers, which come with the first event. */
export type StreamPace = {
  /** From the first event to the last one. */
  readonly milliseconds: number;
  /** After so many tokens the connection breaks; undefined where the stream comes to its end. */
  readonly cutAfterTokens: number | undefined;
};

/** A part of a stream, and how many milliseconds after the headers it is there. */
export type StreamPart = { readonly bytes: Uint8Array; readonly after: number };

export type PacedStream = {
  readonly parts: readonly StreamPart[];
  /** When the stream ends or breaks, in milliseconds after the headers. */
  readonly endsAfter: number;
  readonly isCut: boolean;
};

/** `buffer-response` passes chunked answers on in pieces of this size [documented]. */
export const pieceBytes = 8 * 1024;

/** The events at their times, evenly from the first to the last. */
export function paceEvents(
  events: readonly StreamEvent[],
  { milliseconds, cutAfterTokens }: StreamPace,
): PacedStream {
  const dueAt = (index: number): number => (index === 0 ? 0 : (milliseconds * index) / (events.length - 1));
  const cutAt = cutAfterTokens === undefined ? -1 : indexAfterTokens(events, cutAfterTokens);
  const isCut = cutAt !== -1;
  const passed = isCut ? events.slice(0, cutAt) : events;
  return {
    parts: passed.map(({ text }, index) => ({ bytes: encode(text), after: dueAt(index) })),
    endsAfter: isCut ? dueAt(cutAt) : milliseconds,
    isCut,
  };
}

/** The same as a gateway with `buffer-response` passes it on. What is in the buffer when the connection breaks is lost [inferred]. */
export function bufferStream({ parts, endsAfter, isCut }: PacedStream): PacedStream {
  const pieces: StreamPart[] = [];
  let held: Uint8Array[] = [];
  let size = 0;
  for (const { bytes, after } of parts) {
    held.push(bytes);
    size += bytes.length;
    if (size < pieceBytes) continue;
    pieces.push({ bytes: Buffer.concat(held), after });
    held = [];
    size = 0;
  }
  if (size > 0 && !isCut) pieces.push({ bytes: Buffer.concat(held), after: endsAfter });
  return { parts: pieces, endsAfter, isCut };
}

/** Where the event stands that comes after so many tokens and the one with the next token; -1 when there is none. */
function indexAfterTokens(events: readonly StreamEvent[], tokens: number): number {
  let seen = 0;
  return events.findIndex(({ isToken }) => isToken && ++seen > tokens);
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
