/** Names that have to fit somewhere. */
import { columns } from "../human/columns.ts";

/** About how wide a column of text is, in parts of the size of its letters; wider than most. */
const columnShare = 0.6;

/** Pixels that a text takes at most, but for one of very wide letters. */
export function textWidth(text: string, fontSize: number): number {
  return columns(text) * columnShare * fontSize;
}

/** The text, or its beginning and its end where all of it is too wide: names often differ in their ends. */
export function fitText(text: string, pixels: number, fontSize: number): string {
  if (textWidth(text, fontSize) <= pixels) return text;
  const characters = Array.from(text);
  for (let kept = characters.length - 1; kept > 1; kept -= 1) {
    const head = Math.ceil(kept / 2);
    const short = `${characters.slice(0, head).join("")}…${characters.slice(head - kept).join("")}`;
    if (textWidth(short, fontSize) <= pixels) return short;
  }
  return "…";
}
