import { SaxesParser, type SaxesOptions, type SaxesTagPlain } from "saxes";
import { maskSource, type MaskFault } from "./mask.ts";
import type { ParsedPolicyNodes, PolicyParseProblem } from "./parse.ts";
import { LineIndex } from "./positions.ts";
import type { PolicyAttribute, PolicyDialect, PolicyElement, PolicyNode, Range } from "./tree.ts";
import { topLevelWithoutLayout, withoutLayout } from "./white-space.ts";
import { SourceValues } from "./source-values.ts";
import { explainXmlFault, type XmlFault } from "./xml-faults.ts";
import { characterName, commentText, findIllegalCharacter, normalizeLineEnds } from "./xml-text.ts";

/** Deeper than any policy nests; keeps every walk over a tree away from the end of the stack. */
export const maxDepth = 200;

const saxesOptions = {
  xmlns: false,
  position: false,
  defaultXMLVersion: "1.0",
  forceXMLVersion: true,
} as const;

/** The one reader behind the parser: all nodes of a text, the layout left out. A fragment may have any number of roots. */
export function readPolicyNodes(
  source: string,
  dialect: PolicyDialect,
  isFragment: boolean,
): ParsedPolicyNodes {
  const reader = new NodeReader(source, dialect);
  const problem = reader.read(isFragment);
  if (problem !== undefined) return { ok: false, problems: [problem] };
  return { ok: true, nodes: topLevelWithoutLayout(reader.nodes), dialect };
}

const stopReading = new Error("reading stopped at the first problem");

type OpenElement = {
  readonly start: number;
  readonly name: string;
  readonly nameRange: Range;
  readonly attributes: PolicyAttribute[];
  readonly children: PolicyNode[];
};

/**
 * Saxes checks the masked text and says what comes next; where it stands is found by walking the masked text, in which no
 * quote or bracket means anything but XML; the values are taken from the source.
 */
class NodeReader {
  readonly nodes: PolicyNode[] = [];
  readonly #source: string;
  readonly #dialect: PolicyDialect;
  readonly #lines: LineIndex;
  readonly #open: OpenElement[] = [];
  #masked = "";
  #values: SourceValues;
  /** Just past what has been read. */
  #cursor = 0;
  /** Where the start tag begins that is being read. */
  #tagStart: number | undefined;
  #problem: PolicyParseProblem | undefined;
  /** How far the text was read when the problem showed. */
  #problemAt = Infinity;

  constructor(source: string, dialect: PolicyDialect) {
    this.#source = source;
    this.#dialect = dialect;
    this.#lines = new LineIndex(source);
    this.#values = new SourceValues(source, []);
  }

  /** Fills `nodes`; returns what stopped it, if anything did. */
  read(isFragment: boolean): PolicyParseProblem | undefined {
    const { masked, expressions, fault } = maskSource(this.#source, this.#dialect);
    this.#cursor = masked.startsWith("\uFEFF") ? 1 : 0;
    this.#masked = this.#cursor === 1 ? ` ${masked.slice(1)}` : masked;
    this.#values = new SourceValues(this.#source, expressions);
    const illegal = illegalCharacter(this.#source);
    const text = this.#cursor === 1 && !isFragment ? masked : this.#masked;
    this.#runParser(isFragment, text.slice(0, illegal?.start));
    for (const candidate of [fault, illegal]) {
      if (candidate !== undefined && candidate.from <= this.#problemAt) this.#keep(candidate, candidate.from);
    }
    return this.#problem;
  }

  #runParser(isFragment: boolean, text: string): void {
    const options: SaxesOptions & { xmlns: false } = { ...saxesOptions, fragment: isFragment };
    const parser = new SaxesParser(options);
    parser.on("error", (error) => this.#xmlFault(error.message, parser.position));
    parser.on("xmldecl", () => void this.#skipMarkup("?>"));
    parser.on("comment", () => this.#comment());
    parser.on("cdata", () => this.#cdata());
    parser.on("opentagstart", (tag) => this.#openTagStart(tag.name));
    parser.on("attribute", (attribute) => this.#attribute(attribute.name));
    parser.on("opentag", (tag) => this.#openTag(tag));
    parser.on("closetag", (tag) => this.#closeTag(tag));
    try {
      parser.write(text).close();
      if (isFragment) this.#text(this.#masked.length);
    } catch (error) {
      if (error !== stopReading) throw error;
    }
  }

  /** Keeps the problem and leaves the XML parser, which would go on to report its consequences. */
  #fail(fault: XmlFault, at: number): never {
    this.#keep(fault, at);
    throw stopReading;
  }

  #keep({ message, help, start, end }: XmlFault, at: number): void {
    const range = this.#lines.range(start, end);
    this.#problemAt = at;
    this.#problem = help === undefined ? { message, range } : { message, range, help };
  }

  #xmlFault(message: string, position: number): void {
    const open = this.#open.at(-1);
    this.#fail(
      explainXmlFault(message, {
        source: this.#source,
        masked: this.#masked,
        dialect: this.#dialect,
        position,
        cursor: this.#cursor,
        ...(this.#tagStart === undefined ? {} : { tagStart: this.#tagStart }),
        ...(open === undefined ? {} : { open }),
      }),
      position,
    );
  }

  /** Takes the text before the next markup, then moves past the markup; returns where it starts. */
  #skipMarkup(end: string, startLength = 2): number {
    const start = this.#startMarkup();
    this.#cursor = this.#masked.indexOf(end, start + startLength) + end.length;
    return start;
  }

  #startMarkup(): number {
    const start = this.#masked.indexOf("<", this.#cursor);
    this.#text(start);
    return start;
  }

  #siblings(): PolicyNode[] {
    return this.#open.at(-1)?.children ?? this.nodes;
  }

  #text(end: number): void {
    const start = this.#cursor;
    if (start >= end) return;
    const value = this.#values.text(start, end);
    const siblings = this.#siblings();
    const last = siblings.at(-1);
    if (last?.type === "text" && last.isCData !== true && last.range !== undefined) {
      // An empty CDATA section stood between the two.
      const range = { start: last.range.start, end: this.#lines.position(end) };
      siblings[siblings.length - 1] = { type: "text", value: last.value + value, range };
    } else {
      siblings.push({ type: "text", value, range: this.#lines.range(start, end) });
    }
  }

  #comment(): void {
    const start = this.#skipMarkup("-->", 4);
    const value = commentText(normalizeLineEnds(this.#source.slice(start + 4, this.#cursor - 3)));
    this.#siblings().push({ type: "comment", value, range: this.#lines.range(start, this.#cursor) });
  }

  /** Two sections side by side are one text: that is how `]]>` is written inside CDATA. */
  #cdata(): void {
    const start = this.#skipMarkup("]]>", 9);
    const value = normalizeLineEnds(this.#source.slice(start + 9, this.#cursor - 3));
    const siblings = this.#siblings();
    const last = siblings.at(-1);
    if (last?.type === "text" && last.isCData === true && last.range?.end.offset === start) {
      const range = { start: last.range.start, end: this.#lines.position(this.#cursor) };
      siblings[siblings.length - 1] = { type: "text", value: last.value + value, isCData: true, range };
    } else if (value !== "") {
      siblings.push({ type: "text", value, isCData: true, range: this.#lines.range(start, this.#cursor) });
    }
  }

  #openTagStart(name: string): void {
    const start = this.#startMarkup();
    const nameEnd = start + 1 + name.length;
    const nameRange = this.#lines.range(start + 1, nameEnd);
    this.#open.push({ start, name, nameRange, attributes: [], children: [] });
    this.#cursor = nameEnd;
    this.#tagStart = start;
    if (this.#open.length > maxDepth) {
      const message = `elements are nested more than ${maxDepth} deep`;
      const help = "no policy nests like this; look for end tags that are missing";
      this.#fail({ message, start: start + 1, end: nameEnd, help }, start);
    }
  }

  #attribute(name: string): void {
    const masked = this.#masked;
    const nameStart = skipSpace(masked, this.#cursor);
    const nameEnd = nameStart + name.length;
    const quote = skipSpace(masked, skipSpace(masked, nameEnd) + 1);
    const end = masked.indexOf(masked.charAt(quote), quote + 1);
    this.#open.at(-1)?.attributes.push({
      name,
      value: this.#values.attribute(quote + 1, end),
      nameRange: this.#lines.range(nameStart, nameEnd),
      valueRange: this.#lines.range(quote + 1, end),
    });
    this.#cursor = end + 1;
  }

  #openTag(tag: SaxesTagPlain): void {
    this.#cursor = this.#masked.indexOf(">", this.#cursor) + 1;
    this.#tagStart = undefined;
    if (tag.isSelfClosing) this.#finishElement();
  }

  #closeTag(tag: SaxesTagPlain): void {
    if (tag.isSelfClosing) return;
    const start = this.#masked.indexOf("<", this.#cursor);
    const end = this.#masked.indexOf(">", start);
    if (this.#masked.slice(start + 2, end).trimEnd() !== tag.name) return; // saxes reports the mismatch next
    this.#text(start);
    this.#cursor = end + 1;
    this.#finishElement();
  }

  #finishElement(): void {
    const open = this.#open.pop();
    if (open === undefined) return;
    const element: PolicyElement = {
      type: "element",
      name: open.name,
      attributes: open.attributes,
      children: withoutLayout(open.children),
      range: this.#lines.range(open.start, this.#cursor),
      nameRange: open.nameRange,
    };
    this.#siblings().push(element);
  }
}

/** Looked for before saxes runs: lone surrogates it lets pass, or throws on. */
function illegalCharacter(source: string): MaskFault | undefined {
  const start = findIllegalCharacter(source);
  if (start === -1) return undefined;
  const message = `XML cannot hold the character ${characterName(source, start)}`;
  return {
    message,
    from: start,
    start,
    end: start + 1,
    help: "take it out; a reference to it is not allowed either",
  };
}

function skipSpace(text: string, from: number): number {
  const space = /[ \t\r\n]*/y;
  space.lastIndex = from;
  space.test(text);
  return space.lastIndex;
}
