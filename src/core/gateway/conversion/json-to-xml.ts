/** What `json-to-xml` makes of a value: elements of members, repeated for arrays; documented by one example, and published runs. */
import { formatValue } from "../expression/format/format-value.ts";
import { JArrayValue, JObjectValue, JScalarValue } from "../expression/json/json-values.ts";
import type { JTokenValue } from "../expression/json/json-values.ts";
import { ConversionError } from "./conversion-error.ts";
import { readXmlTree } from "./xml-tree.ts";

export type JsonToXmlOptions = {
  /** Stands between prefix and name in the names of members. */
  readonly separator: string;
  /** Members whose names begin with it declare name spaces; none do when it is undefined. */
  readonly namespacePrefix: string | undefined;
  /** The member whose own members become attributes. */
  readonly attributeBlock: string | undefined;
};

/** XML without layout. Throws ConversionError for what XML cannot hold. */
export function jsonToXml(object: JObjectValue, options: JsonToXmlOptions): string {
  const writer = new Writer(options);
  const [only, ...others] = object.properties();
  const isRoot = only !== undefined && others.length === 0 && !(only.value instanceof JArrayValue);
  const xml =
    isRoot && !writer.isAttribute(only.name, only.value)
      ? writer.element(only.name, only.value, undefined)
      : writer.element("Document", object, undefined);
  // What .NET's writer refuses on the way: attributes that are there twice, prefixes that cannot be declared.
  readXmlTree(xml);
  return xml;
}

/** Prefixes that an element declares, and those of the elements around it. */
type Prefixes = { readonly own: ReadonlySet<string>; readonly outer: Prefixes } | undefined;

function isDeclared(prefix: string, prefixes: Prefixes): boolean {
  for (let at = prefixes; at !== undefined; at = at.outer) if (at.own.has(prefix)) return true;
  return false;
}

const schemaInstance = "http://www.w3.org/2001/XMLSchema-instance";

class Writer {
  readonly #options: JsonToXmlOptions;

  constructor(options: JsonToXmlOptions) {
    this.#options = options;
  }

  /** Whether a member goes into the start tag of the element that it is a member of, or is its text. */
  isAttribute(name: string, value: JTokenValue): boolean {
    const { attributeBlock } = this.#options;
    if (this.#declaredPrefix(name) !== undefined || name === "#text") return value instanceof JScalarValue;
    if (attributeBlock !== undefined && name === attributeBlock) return value instanceof JObjectValue;
    return name.startsWith("@") && name.length > 1 && value instanceof JScalarValue;
  }

  element(name: string, value: JTokenValue, prefixes: Prefixes): string {
    if (value instanceof JArrayValue) {
      if (value.items.length === 0) return `<${this.#name(name, prefixes)} />`;
      return value.items.map((item) => this.#item(name, item, prefixes)).join("");
    }
    return this.#item(name, value, prefixes);
  }

  #item(name: string, value: JTokenValue, prefixes: Prefixes): string {
    if (value instanceof JObjectValue) return this.#objectElement(name, value, prefixes);
    const tag = this.#name(name, prefixes);
    if (value instanceof JArrayValue)
      return `<${tag}>${value.items.length === 0 ? "" : this.element(name, value, prefixes)}</${tag}>`;
    const text = scalarText(value);
    if (text === null) return `<${tag} xsi:nil="true" xmlns:xsi="${schemaInstance}" />`;
    return `<${tag}>${escapeText(text)}</${tag}>`;
  }

  #objectElement(name: string, object: JObjectValue, outer: Prefixes): string {
    const members = object.properties();
    const declared = members.flatMap(({ name: member, value }) => {
      const prefix = value instanceof JScalarValue ? this.#declaredPrefix(member) : undefined;
      return prefix === undefined ? [] : [prefix];
    });
    const prefixes = declared.length === 0 ? outer : { own: new Set(declared), outer };
    const tag = this.#name(name, prefixes);
    let attributes = "";
    let content = "";
    for (const { name: member, value } of members) {
      if (!this.isAttribute(member, value)) content += this.element(member, value, prefixes);
      else if (member === "#text") content += escapeText(scalarText(value) ?? "");
      else attributes += this.#attributes(member, value, prefixes);
    }
    const start = `<${tag}${attributes}`;
    return content === "" ? `${start} />` : `${start}>${content}</${tag}>`;
  }

  #attributes(member: string, value: JTokenValue, prefixes: Prefixes): string {
    const prefix = this.#declaredPrefix(member);
    if (prefix !== undefined) {
      const name = prefix === "" ? "xmlns" : `xmlns:${encodeName(prefix)}`;
      return attribute(name, scalarText(value) ?? "");
    }
    if (!(value instanceof JObjectValue))
      return attribute(this.#name(member.slice(1), prefixes), scalarText(value) ?? "");
    return value
      .properties()
      .map((inner) => attribute(this.#name(inner.name, prefixes), scalarText(inner.value) ?? ""))
      .join("");
  }

  /** The prefix that a member of that name declares, "" for the name space of names without one. */
  #declaredPrefix(name: string): string | undefined {
    const { namespacePrefix, separator } = this.#options;
    if (namespacePrefix === undefined || namespacePrefix === "") return undefined;
    if (name === namespacePrefix) return "";
    const start = `${namespacePrefix}${separator}`;
    return name.startsWith(start) && name.length > start.length ? name.slice(start.length) : undefined;
  }

  /** With its prefix, when that is declared; what no name can hold is written as .NET's EncodeName does. */
  #name(name: string, prefixes: Prefixes): string {
    const { separator } = this.#options;
    const at = separator === "" ? -1 : name.indexOf(separator);
    const prefix = name.slice(0, Math.max(at, 0));
    const rest = name.slice(at + separator.length);
    if (prefix !== "" && rest !== "" && isDeclared(prefix, prefixes))
      return `${encodeName(prefix)}:${encodeName(rest)}`;
    return encodeName(name);
  }
}

/** Null for null; .NET's text of anything else, so `True` for true. */
function scalarText(token: JTokenValue): string | null {
  if (!(token instanceof JScalarValue))
    throw new ConversionError("An attribute cannot hold an object or array.");
  return token.value === null ? null : formatValue(token.value);
}

const nameCharacter = /^[\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}._\-\u00B7]$/u;
const nameStart = /^[\p{L}\p{Nl}_]$/u;

/** `XmlConvert.EncodeLocalName`. */
function encodeName(name: string): string {
  if (name === "") throw new ConversionError("A member without a name cannot be an element.");
  return name.replace(/[^]/gu, (character, offset: number) => {
    const isEscapeLike = character === "_" && /^_x[0-9A-Fa-f]{4}_/.test(name.slice(offset, offset + 7));
    const fits = offset === 0 ? nameStart.test(character) : nameCharacter.test(character);
    return fits && !isEscapeLike ? character : encodeCharacter(character);
  });
}

function encodeCharacter(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  return `_x${code.padStart(code.length > 4 ? 8 : 4, "0")}_`;
}

function attribute(name: string, value: string): string {
  const escaped = escapeText(value)
    .replaceAll('"', "&quot;")
    .replaceAll("\t", "&#x9;")
    .replaceAll("\n", "&#xA;")
    .replaceAll("\r", "&#xD;");
  return ` ${name}="${escaped}"`;
}

function escapeText(text: string): string {
  const illegal = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/u.exec(text)?.[0];
  if (illegal !== undefined) {
    const code = illegal.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0");
    throw new ConversionError(`'', hexadecimal value 0x${code}, is an invalid character.`);
  }
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
