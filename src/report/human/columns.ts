/** Terminal columns: East Asian wide characters and emoji take two, combining marks none. */
export function columns(text: string): number {
  let width = 0;
  for (const character of text) width += columnsOf(character);
  return width;
}

/** As much of a line as fits, with an ellipsis where something was cut. */
export function cutColumns(text: string, most: number): string {
  if (columns(text) <= most) return text;
  let kept = "";
  let left = most - 1;
  for (const character of text) {
    left -= columnsOf(character);
    if (left < 0) break;
    kept += character;
  }
  return most < 1 ? "" : `${kept}…`;
}

function columnsOf(character: string): number {
  if (/\p{Mn}/u.test(character)) return 0;
  const isWide =
    /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
  return isWide.test(character) ? 2 : 1;
}
