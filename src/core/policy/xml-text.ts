/** What XML says about the characters of a document: entities, line ends, and which characters it can hold. */

const reference = /&(?:(lt|gt|amp|quot|apos)|#([0-9]+)|#x([0-9A-Fa-f]+));/g;
const referenceHere = /&(?:lt|gt|amp|quot|apos|#[0-9]+|#x[0-9A-Fa-f]+);/y;
const anyReference = /&(?:lt|gt|amp|quot|apos|#[0-9]+|#x[0-9A-Fa-f]+);/;
const lineEnd = /\r\n?/g;
const illegal = /[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
const nameStart =
  "A-Z_a-z\\u{C0}-\\u{D6}\\u{D8}-\\u{F6}\\u{F8}-\\u{2FF}\\u{370}-\\u{37D}\\u{37F}-\\u{1FFF}\\u{200C}\\u{200D}" +
  "\\u{2070}-\\u{218F}\\u{2C00}-\\u{2FEF}\\u{3001}-\\u{D7FF}\\u{F900}-\\u{FDCF}\\u{FDF0}-\\u{FFFD}\\u{10000}-\\u{EFFFF}";
const xmlName = new RegExp(
  `^[:${nameStart}][-:.0-9\\u{B7}\\u{300}-\\u{36F}\\u{203F}\\u{2040}${nameStart}]*$`,
  "u",
);
const named: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };
const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "&#xA;",
  "\t": "&#x9;",
  "\r": "&#xD;",
};

/** XML's white space, which is narrower than JavaScript's. */
export function isXmlSpace(text: string): boolean {
  return /^[ \t\r\n]*$/.test(text);
}

/** The text without XML white space at both ends. */
export function trimXmlSpace(text: string): string {
  return text.replace(/^[ \t\r\n]+/, "").replace(/(?<![ \t\r\n])[ \t\r\n]+$/, "");
}

export function isXmlName(text: string): boolean {
  return xmlName.test(text);
}

/** Where the first character stands that no XML document can hold, not even as a reference; -1 when all is well. */
export function findIllegalCharacter(text: string): number {
  return text.search(illegal);
}

/** `U+0001` for the character at an offset. */
export function characterName(text: string, offset: number): string {
  return `U+${(text.codePointAt(offset) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** True when one of XML's five entities or a character reference stands at `offset`, which must be at `&`. */
export function isReferenceAt(source: string, offset: number): boolean {
  referenceHere.lastIndex = offset;
  return referenceHere.test(source);
}

/** True when an entity or character reference stands anywhere in the text. */
export function hasReference(text: string): boolean {
  return text.includes("&") && anyReference.test(text);
}

/** End of the reference at `offset`; undefined when there is none. */
export function referenceEnd(source: string, offset: number): number | undefined {
  return isReferenceAt(source, offset) ? referenceHere.lastIndex : undefined;
}

/** CRLF and lone CR become LF, as for every XML parser. */
export function normalizeLineEnds(text: string): string {
  return text.includes("\r") ? text.replace(lineEnd, "\n") : text;
}

/** Resolves entities and character references; what looks like one and is none stays as it is. */
export function decodeReferences(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(reference, (whole, name: string | undefined, decimal?: string, hex?: string) => {
    if (name !== undefined) return named[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number.parseInt(decimal, 10);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** Character data of an element. Line ends and tabs stay; a carriage return would not survive reading. */
export function escapeText(text: string): string {
  return text.replace(/[&<>\r]/g, (character) => escapes[character] ?? character);
}

/** An attribute value, to be put in double quotes; line ends and tabs as references, since reading would lose them. */
export function escapeAttribute(text: string): string {
  return text.replace(/[&<>"\r\n\t]/g, (character) => escapes[character] ?? character);
}

/** The same for a value that is read as an expression: there, line ends and tabs survive. */
export function escapeAttributeKeepingLines(text: string): string {
  return text.replace(/[&<>"\r]/g, (character) => escapes[character] ?? character);
}

/** Text that a comment can hold: no `--`, and no `-` at the end. */
export function commentText(text: string): string {
  return text.replace(/-(?=-|$)/g, "- ");
}
