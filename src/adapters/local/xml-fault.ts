/**
 * What .NET's XmlReader says about a text that is not well-formed XML, in its words and with its position: the service hands
 * that message on (pulumi/pulumi-azure#611, Azure/azure-powershell#12836). It reads only as far as the first fault.
 */

type Open = { readonly name: string; readonly offset: number };

class XmlFault extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const nameHere = /[A-Za-z_:\u00c0-\uffff][\w:.\-\u00b7-\uffff]*/y;
const spaceHere = /[ \t\r\n]*/y;
const predefinedEntities = ["lt", "gt", "amp", "quot", "apos"];

/** The first fault, ending in ` Line L, position C.`; undefined when the text is well-formed. */
export function describeXmlFault(source: string): string | undefined {
  try {
    readDocument(source);
    return undefined;
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error;
    const before = source.slice(0, error.offset).split("\n");
    return `${error.message} Line ${before.length}, position ${(before.at(-1)?.length ?? 0) + 1}.`;
  }
}

function readDocument(source: string): void {
  const open: Open[] = [];
  let hasRoot = false;
  let offset = source.startsWith("\uFEFF") ? 1 : 0;
  while (offset < source.length) {
    const next = source.indexOf("<", offset);
    const end = next < 0 ? source.length : next;
    if (open.length > 0) checkText(source, offset, end);
    else checkOutside(source, offset, end);
    if (next < 0) break;
    if (isStartTag(source, next) && open.length === 0) {
      if (hasRoot) throw new XmlFault("There are multiple root elements.", next + 1);
      hasRoot = true;
    }
    offset = readMarkup(source, next, open);
  }
  if (open.length > 0) {
    const names = open
      .map(({ name }) => name)
      .reverse()
      .join(", ");
    throw new XmlFault(
      `Unexpected end of file has occurred. The following elements are not closed: ${names}.`,
      source.length,
    );
  }
  if (!hasRoot) throw new XmlFault("Root element is missing.", source.length);
}

function isStartTag(source: string, offset: number): boolean {
  return !["/", "!", "?"].includes(source[offset + 1] ?? "");
}

/** Reads one tag, comment, CDATA section or instruction; returns the offset past it. */
function readMarkup(source: string, offset: number, open: Open[]): number {
  if (source.startsWith("<!--", offset)) return readComment(source, offset);
  if (source.startsWith("<![CDATA[", offset)) {
    if (open.length === 0) throw new XmlFault("Data at the root level is invalid.", offset + 1);
    return pastEnd(source, "]]>", offset + 9);
  }
  if (source.startsWith("<?", offset)) return pastEnd(source, "?>", offset + 2);
  if (source.startsWith("<!", offset)) {
    throw new XmlFault("For security reasons DTD is prohibited in this XML document.", offset + 1);
  }
  return source[offset + 1] === "/" ? readEndTag(source, offset, open) : readStartTag(source, offset, open);
}

function readComment(source: string, offset: number): number {
  const dashes = source.indexOf("--", offset + 4);
  if (dashes >= 0 && source[dashes + 2] !== ">") {
    throw new XmlFault("An XML comment cannot contain '--', and '-' cannot be the last character.", dashes);
  }
  return pastEnd(source, "-->", offset + 4);
}

function pastEnd(source: string, mark: string, from: number): number {
  const end = source.indexOf(mark, from);
  if (end < 0) throw new XmlFault("Unexpected end of file has occurred.", source.length);
  return end + mark.length;
}

function readEndTag(source: string, offset: number, open: Open[]): number {
  const name = readName(source, offset + 2);
  const opened = open.pop();
  if (opened === undefined) throw new XmlFault("Unexpected end tag.", offset + 2);
  if (opened.name !== name) {
    const before = source.slice(0, opened.offset).split("\n");
    const place = `line ${before.length} position ${(before.at(-1)?.length ?? 0) + 1}`;
    throw new XmlFault(
      `The '${opened.name}' start tag on ${place} does not match the end tag of '${name}'.`,
      offset + 2,
    );
  }
  const close = skipSpace(source, offset + 2 + name.length);
  if (source[close] !== ">") throw unexpected(source, close, ">");
  return close + 1;
}

function readStartTag(source: string, offset: number, open: Open[]): number {
  const name = readName(source, offset + 1);
  const seen = new Set<string>();
  let at = offset + 1 + name.length;
  for (;;) {
    const next = skipSpace(source, at);
    if (source[next] === ">") {
      open.push({ name, offset: offset + 1 });
      return next + 1;
    }
    if (source[next] === "/") {
      if (source[next + 1] !== ">") throw unexpected(source, next + 1, ">");
      return next + 2;
    }
    const attribute = readName(source, next);
    if (next === at)
      throw new XmlFault(`'${attribute}' is an unexpected token. Expecting white space.`, next);
    if (seen.has(attribute)) throw new XmlFault(`'${attribute}' is a duplicate attribute name.`, next);
    seen.add(attribute);
    at = readValue(source, next + attribute.length);
  }
}

/** Reads `= "value"`; returns the offset past the closing quote. */
function readValue(source: string, offset: number): number {
  const equals = skipSpace(source, offset);
  if (source[equals] !== "=") throw unexpected(source, equals, "=");
  const start = skipSpace(source, equals + 1);
  const quote = source[start];
  if (quote !== '"' && quote !== "'") throw unexpected(source, start, `'"' or '''`, false);
  for (let at = start + 1; at < source.length; at += 1) {
    const char = source[at];
    if (char === quote) return at + 1;
    if (char === "<")
      throw new XmlFault("'<', hexadecimal value 0x3C, is an invalid attribute character.", at);
    if (char === "&") checkReference(source, at);
  }
  throw new XmlFault("There is an unclosed literal string.", start);
}

function checkText(source: string, from: number, to: number): void {
  for (let at = from; at < to; at += 1) {
    if (source[at] === "&") checkReference(source, at);
    if (source[at] === "]" && source.startsWith("]]>", at)) {
      throw new XmlFault("']]>' is not allowed in character data.", at);
    }
  }
}

function checkOutside(source: string, from: number, to: number): void {
  const data = skipSpace(source, from);
  if (data < to) throw new XmlFault("Data at the root level is invalid.", data);
}

function checkReference(source: string, offset: number): void {
  if (source[offset + 1] === "#") {
    const digits = /&#(?:\d+|x[0-9a-fA-F]+)/y;
    digits.lastIndex = offset;
    const end = offset + (digits.exec(source)?.[0].length ?? 2);
    if (source[end] !== ";")
      throw new XmlFault("Invalid syntax for a decimal numeric entity reference.", end);
    return;
  }
  nameHere.lastIndex = offset + 1;
  const name = nameHere.exec(source)?.[0];
  if (name === undefined) throw new XmlFault("An error occurred while parsing EntityName.", offset + 1);
  const end = offset + 1 + name.length;
  if (source[end] !== ";") throw unexpected(source, end, ";");
  if (!predefinedEntities.includes(name))
    throw new XmlFault(`Reference to undeclared entity '${name}'.`, offset + 1);
}

function readName(source: string, offset: number): string {
  nameHere.lastIndex = offset;
  const name = nameHere.exec(source)?.[0];
  if (name !== undefined) return name;
  const char = source[offset];
  if (char === undefined) throw new XmlFault("Unexpected end of file has occurred.", offset);
  const hex = `0x${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
  throw new XmlFault(`Name cannot begin with the '${char}' character, hexadecimal value ${hex}.`, offset);
}

function unexpected(source: string, offset: number, expected: string, quoted = true): XmlFault {
  const char = source[offset];
  if (char === undefined) return new XmlFault("Unexpected end of file has occurred.", offset);
  nameHere.lastIndex = offset;
  const token = nameHere.exec(source)?.[0] ?? char;
  return new XmlFault(
    `'${token}' is an unexpected token. The expected token is ${quoted ? `'${expected}'` : expected}.`,
    offset,
  );
}

function skipSpace(source: string, offset: number): number {
  spaceHere.lastIndex = offset;
  return offset + (spaceHere.exec(source)?.[0].length ?? 0);
}
