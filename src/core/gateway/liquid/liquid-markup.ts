/** Where Liquid stands in a text: found in one pass, since texts may have many beginnings without an end. */

const ends: Readonly<Record<string, string>> = { "{{": "}}", "{%": "%}" };

/** The text in pieces: what is no Liquid at even places, `{{ … }}` and `{% … %}` at odd ones. */
function splitMarkup(text: string): string[] {
  const pieces: string[] = [];
  const nextEnd = new Map<string, number>();
  let from = 0;
  for (const { index, 0: start } of text.matchAll(/\{\{|\{%/g)) {
    if (index < from) continue;
    const end = ends[start] ?? "";
    const known = nextEnd.get(end) ?? 0;
    const at = known === -1 || known >= index + 2 ? known : text.indexOf(end, index + 2);
    nextEnd.set(end, at);
    if (at === -1) continue;
    pieces.push(text.slice(from, index), text.slice(index, at + 2));
    from = at + 2;
  }
  return [...pieces, text.slice(from)];
}

/** The text with its Liquid, or all else, changed. */
export function mapMarkup(
  text: string,
  change: { readonly markup?: (piece: string) => string; readonly rest?: (piece: string) => string },
): string {
  const same = (piece: string): string => piece;
  const { markup = same, rest = same } = change;
  return splitMarkup(text)
    .map((piece, index) => (index % 2 === 1 ? markup(piece) : rest(piece)))
    .join("");
}
