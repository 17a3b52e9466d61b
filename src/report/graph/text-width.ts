/**
 * How wide a text may come out, in ems. Which font a reader has is not known, so the widths are those of the widest that is
 * usual, DejaVu Sans, by groups of characters and rounded up; other fonts leave some room.
 */
const groups: readonly (readonly [characters: string, width: number])[] = [
  ["ijl'|", 0.29],
  ["It.,:; /\\!()[]fr-`", 0.42],
  ['Jcsz"_?*°^', 0.56],
  ["vxyk", 0.6],
  ["aeghnopqbdu0123456789$FLEPTZS", 0.64],
  ["KVXYRBCA…", 0.7],
  ["wNDHUGOQ&+=<>~#×≠", 0.84],
  ["mMW@%", 1],
];

const widths = new Map(
  groups.flatMap(([characters, width]) => Array.from(characters, (one) => [one, width] as const)),
);

/** Bold is wider by about this. */
const boldness = 1.13;

/** Pixels; characters that are not among the groups, such as Chinese ones, take a whole em. */
export function textWidth(text: string, size: number, isBold = false): number {
  const ems = Array.from(text).reduce((sum, character) => sum + (widths.get(character) ?? 1), 0);
  return ems * size * (isBold ? boldness : 1);
}

/** The text in lines of at most that width, broken at spaces, else behind `.`, `/`, `-` and `_`, else anywhere. */
export function wrapText(text: string, size: number, most: number, isBold = false): readonly string[] {
  const fits = (line: string) => textWidth(line.trimEnd(), size, isBold) <= most;
  const lines: string[] = [];
  let line = "";
  for (const piece of text.split(/(?<= )/).flatMap((word) => (fits(word) ? [word] : breakWord(word, fits)))) {
    if (line !== "" && !fits(line + piece)) {
      lines.push(line.trimEnd());
      line = "";
    }
    line += piece;
  }
  return [...lines, line.trimEnd()];
}

function breakWord(word: string, fits: (text: string) => boolean): readonly string[] {
  return word.split(/(?<=[./_-])/).flatMap((part) => (fits(part) ? [part] : Array.from(part)));
}
