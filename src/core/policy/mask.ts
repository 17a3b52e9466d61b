import { decodeRun, hasBareAmpersand, indexInRun, type DecodedRun } from "./decoded-run.ts";
import { isExpressionStart, scanExpression, type Token } from "./expression/scan.ts";
import type { PolicyDialect } from "./tree.ts";
import { hasReference, isReferenceAt, isXmlSpace } from "./xml-text.ts";

export type Span = { readonly start: number; readonly end: number };

/** Something that ends reading: a sentence, and the offsets it is about. */
export type MaskFault = Span & {
  readonly message: string;
  readonly help?: string;
  /** Where the thing starts that is broken, for faults found inside it: XML faults from here on are its consequence. */
  readonly from: number;
};

/** A text of the same length that is XML, and what was hidden in it. */
export type MaskedSource = {
  readonly masked: string;
  /** The expressions that stand verbatim in the text, in order. Those that an escaping tool wrote are plain XML. */
  readonly expressions: readonly Span[];
  /** Where hiding had to stop. A fault of the XML further up counts more. */
  readonly fault?: MaskFault;
};

/**
 * Hides what is not XML in a policy document behind characters that are, so that offsets agree. In `rawxml` that is the
 * markup inside expressions, and each `&` outside them that starts no entity: the service returns such (Azure/apiops#555).
 * In `xml` nothing is hidden. An attribute value is an expression when it begins as one; in element text expressions may
 * also stand among other text, where one that has no end is text. All 1,560 expressions of the sampled public documents
 * begin their value; `@@(` and `name@(` occur in none.
 */
export function maskSource(source: string, dialect: PolicyDialect): MaskedSource {
  return new SourceMask(source, dialect).run();
}

const anyEndTag = /<\/[A-Za-z_:]/;
/** What stands before the value of an attribute that holds a distinguished name. */
const beforeName = /\s(?:issuer-)?subject\s*=\s*"$/;
/** The end of a key, a value in quotes, and what may come after it in a distinguished name. */
const quotedPart = /[A-Za-z0-9]="[^\s"<>][^"<>]*"(?=\s*[,;+"])/y;
const byteOrderMark = "\uFEFF";

class SourceMask {
  readonly #expressions: Span[] = [];
  #fault: MaskFault | undefined;
  readonly #source: string;
  readonly #isRaw: boolean;
  readonly #pieces: string[] = [];
  #copied = 0;
  #decoded: DecodedRun | undefined;
  /** After one failure, expressions among text must end before the next tag: else reading would not be linear. */
  #mayCrossTags = true;

  constructor(source: string, dialect: PolicyDialect) {
    this.#source = source;
    this.#isRaw = dialect === "rawxml";
  }

  /** Each step returns where it ended: at the end of the source when there is a fault. */
  run(): MaskedSource {
    let at = this.#source.startsWith(byteOrderMark) ? 1 : 0;
    while (at < this.#source.length) {
      at = this.#textRun(at);
      if (at < this.#source.length) at = this.#markup(at);
    }
    return this.#result();
  }

  #result(): MaskedSource {
    const masked = this.#pieces.join("") + this.#source.slice(this.#copied);
    const result = { masked, expressions: this.#expressions };
    return this.#fault === undefined ? result : { ...result, fault: this.#fault };
  }

  /** Reads up to the next `<` outside expressions; returns its offset. */
  #textRun(start: number): number {
    const first = this.#skipSpace(start);
    const next = /[<@&]/g;
    let mayHoldMore = true;
    let limit = -1;
    next.lastIndex = first;
    for (let found = next.exec(this.#source); found !== null; found = next.exec(this.#source)) {
      const at = found.index;
      if (found[0] === "<") return at;
      if (found[0] === "&") this.#ampersand(at);
      else if (this.#isRaw && mayHoldMore && this.#startsExpression(at)) {
        if (limit < at) limit = this.#indexOf("<", at);
        const end = this.#expression(at, limit, at === first);
        if (end === undefined) mayHoldMore = false;
        else next.lastIndex = end;
      }
      if (this.#fault !== undefined) break;
    }
    return this.#source.length;
  }

  #startsExpression(at: number): boolean {
    return isExpressionStart(this.#source, at) && this.#source.charAt(at - 1) !== "@";
  }

  /** Skips a tag, comment, CDATA section or declaration; returns where it ends. */
  #markup(at: number): number {
    const source = this.#source;
    if (source.startsWith("<!--", at)) return this.#comment(at);
    if (source.startsWith("<![CDATA[", at)) return this.#after("]]>", at + 9);
    if (source.startsWith("<!", at)) return this.#doctype(at);
    if (source.startsWith("<?", at)) return this.#instruction(at);
    return this.#tag(at);
  }

  /** Public samples have comments with `--` inside, which the service lets pass; strict XML does not. */
  #comment(at: number): number {
    const end = this.#after("-->", at + 4);
    if (this.#isRaw && end > at + 7) this.#hide(at + 4, end - 3);
    return end;
  }

  #doctype(at: number): number {
    if (/^<!doctype/i.test(this.#source.slice(at, at + 9))) {
      this.#fault = {
        message: "a policy document cannot have a DOCTYPE",
        from: at,
        start: at,
        end: at + 9,
        help: "take it out; XML's five entities and character references such as &#233; need no declaration",
      };
    }
    return this.#source.length;
  }

  #instruction(at: number): number {
    const isDeclaration = /^<\?xml\s/.test(this.#source.slice(at, at + 6));
    const isFirst = isXmlSpace(this.#source.slice(this.#source.startsWith(byteOrderMark) ? 1 : 0, at));
    if (isDeclaration && isFirst) return this.#after("?>", at);
    this.#fault = {
      message: isDeclaration
        ? "The XML declaration must be the first thing in the document."
        : "a policy document cannot have processing instructions",
      from: at,
      start: at,
      end: at + 2,
      help: "take it out",
    };
    return this.#source.length;
  }

  #tag(at: number): number {
    const next = /["'<>]/g;
    next.lastIndex = at + 1;
    for (let found = next.exec(this.#source); found !== null; found = next.exec(this.#source)) {
      if (found[0] === ">") return found.index + 1;
      if (found[0] === "<") break;
      next.lastIndex = this.#attributeValue(found.index + 1, found[0]);
      if (this.#fault !== undefined) break;
    }
    return this.#source.length;
  }

  /** From just inside the opening quote to just past the closing one. */
  #attributeValue(start: number, quote: string): number {
    const first = this.#skipSpace(start);
    let at = start;
    if (this.#isRaw && isExpressionStart(this.#source, first)) {
      const end = this.#expression(first, this.#indexOf(quote, first), true);
      if (end === undefined) return this.#source.length;
      at = end;
    }
    const close = this.#indexOf(quote, this.#isRaw ? this.#afterQuotedParts(start, at) : at);
    for (const found of this.#source.slice(at, close).matchAll(/["&]/g)) {
      const place = at + found.index;
      if (found[0] === "&") this.#ampersand(place);
      else if (quote === '"') this.#hide(place, place + 1);
      if (this.#fault !== undefined) break;
    }
    return Math.min(close + 1, this.#source.length);
  }

  /**
   * The certificate checks take names with a comma in quotes, as in `subject="O="Contoso, Inc.", CN=a"`
   * (articles/api-management/validate-client-certificate-policy.md). Returns where the last such part ends.
   */
  #afterQuotedParts(start: number, from: number): number {
    if (!beforeName.test(this.#source.slice(Math.max(0, start - 40), start))) return from;
    let end = from;
    for (let open = this.#indexOf('"', end); open > start + 1; open = this.#indexOf('"', end)) {
      quotedPart.lastIndex = open - 2;
      if (!quotedPart.test(this.#source)) break;
      end = quotedPart.lastIndex;
    }
    return end;
  }

  #ampersand(at: number): void {
    if (isReferenceAt(this.#source, at)) return;
    if (this.#isRaw) {
      this.#hide(at, at + 1);
      return;
    }
    const name = /^&[\w.:-]*;?/.exec(this.#source.slice(at, at + 40))?.[0] ?? "&";
    const isEntity = name.endsWith(";") && name.length > 2;
    this.#fault = {
      message: isEntity
        ? `XML does not know the entity \`${name}\``
        : "`&` starts an entity here, and there is none",
      from: at,
      start: at,
      end: at + name.length,
      help: isEntity ? "write the character itself, or its number: &#160;" : "write &amp;",
    };
  }

  /**
   * Reads the expression at `at`; returns where it ends. `limit` is where the value would end for an XML parser. When it
   * has no end, that is a fault if the value starts with it (`isStart`), and text otherwise.
   */
  #expression(at: number, limit: number, isStart: boolean): number | undefined {
    const source = isStart || this.#mayCrossTags ? this.#source : this.#source.slice(0, limit);
    const raw = scanExpression(source, at);
    const code = "error" in raw ? undefined : this.#source.slice(at, raw.end);
    const isSound = code !== undefined && (isStart || !anyEndTag.test(code));
    if (!isSound || hasReference(code)) {
      const mayHoldQuotes = !("error" in raw) && hasReferenceInCode(this.#source, raw.tokens);
      const escapedEnd = this.#escapedExpressionEnd(at, limit, mayHoldQuotes);
      if (escapedEnd !== undefined) return escapedEnd;
    }
    if (isSound && !("error" in raw)) {
      this.#expressions.push({ start: at, end: raw.end });
      this.#hide(at, raw.end);
      return raw.end;
    }
    if (!isStart) {
      this.#mayCrossTags = false;
    } else if ("error" in raw) {
      const { error, offset } = raw;
      this.#fault = {
        message: `broken policy expression: ${error}`,
        from: at,
        start: offset,
        end: offset + 1,
      };
    }
    return undefined;
  }

  /**
   * The end of an expression that an escaping tool wrote: it holds entities, none of the characters that such a tool would
   * have escaped, and is whole once decoded. In element text tools leave quotes alone (azure-rest-api-specs#25306).
   */
  #escapedExpressionEnd(at: number, limit: number, mayHoldQuotes: boolean): number | undefined {
    const run = this.#decodedRun(at, limit);
    if (!run.hasReferences) return undefined;
    const scanned = scanExpression(run.text, indexInRun(run, at));
    if ("error" in scanned) return undefined;
    const end = run.offsets[scanned.end] ?? limit;
    const code = this.#source.slice(at, end);
    const isWrittenRaw =
      code.includes("<") || (code.includes('"') && !mayHoldQuotes) || hasBareAmpersand(code);
    return isWrittenRaw || !hasReference(code) ? undefined : end;
  }

  #decodedRun(at: number, limit: number): DecodedRun {
    const known = this.#decoded;
    if (known?.end === limit && known.start <= at) return known;
    const run = decodeRun(this.#source, at, limit);
    this.#decoded = run;
    return run;
  }

  #hide(start: number, end: number): void {
    const text = this.#source.slice(start, end);
    this.#pieces.push(this.#source.slice(this.#copied, start), text.replace(/[<>&"'-]/g, "x"));
    this.#copied = end;
  }

  #after(text: string, from: number): number {
    const found = this.#source.indexOf(text, from);
    return found === -1 ? this.#source.length : found + text.length;
  }

  #indexOf(text: string, from: number): number {
    const found = this.#source.indexOf(text, from);
    return found === -1 ? this.#source.length : found;
  }

  #skipSpace(from: number): number {
    const space = /[ \t\r\n]*/y;
    space.lastIndex = from;
    space.test(this.#source);
    return space.lastIndex;
  }
}

/** True when an entity stands outside strings and comments, where C# has no use for one. */
function hasReferenceInCode(source: string, tokens: readonly Token[]): boolean {
  return tokens.some(({ kind, start }) => kind === "punctuation" && isReferenceAt(source, start));
}
