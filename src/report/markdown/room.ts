/** Keeping within the length of a comment. */

const encoder = new TextEncoder();

/** Bytes of UTF-8. */
export function size(text: string): number {
  return encoder.encode(text).length;
}

/** The first `longest` UTF-16 units at most, with an ellipsis where something was cut; never half a character. */
export function cutText(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/**
 * As many lines as fit into `room` bytes, line ends included. When not all do, the last line is what `rest` says of the number
 * left out, and fits too.
 */
export function fitLines(
  lines: readonly string[],
  room: number,
  rest: (left: number) => string,
): readonly string[] {
  const sizes = lines.map((line) => size(line) + 1);
  if (sizes.reduce((sum, bytes) => sum + bytes, 0) <= room) return lines;
  let left = room - size(rest(lines.length)) - 1;
  const end = sizes.findIndex((bytes) => (left -= bytes) < 0);
  return [...lines.slice(0, end), rest(lines.length - end)];
}
