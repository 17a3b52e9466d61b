import { pieceBytes } from "../../core/simulate/streamed-answer.ts";

/** The same bytes as `buffer-response` passes them on: in pieces of at least 8 KB, the last one shorter. */
export async function* inPieces(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let held: Uint8Array[] = [];
  let size = 0;
  for await (const part of source) {
    held.push(part);
    size += part.length;
    if (size < pieceBytes) continue;
    yield Buffer.concat(held);
    held = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(held);
}
