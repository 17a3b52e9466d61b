import { isExpressionStart } from "./expression/scan.ts";
import { LineIndex } from "./positions.ts";
import type { PolicyAttribute, PolicyDialect, Range } from "./tree.ts";

/** Where the XML parser was when it found a fault. */
export type FaultContext = {
  readonly source: string;
  readonly masked: string;
  readonly dialect: PolicyDialect;
  /** Offset just past the character that it could not take. */
  readonly position: number;
  /** Offset just past the last thing that was read whole. */
  readonly cursor: number;
  /** Where the start tag begins, when one is being read. */
  readonly tagStart?: number;
  /** The innermost element that is open. */
  readonly open?: {
    readonly name: string;
    readonly nameRange: Range;
    readonly attributes: readonly PolicyAttribute[];
  };
};

export type XmlFault = {
  readonly message: string;
  readonly start: number;
  readonly end: number;
  readonly help?: string;
};

const messages: readonly (readonly [RegExp, string, string?])[] = [
  [/^no whitespace between attributes/, "white space is missing between attributes"],
  [/^unquoted attribute value/, "an attribute value is not in quotes", 'write name="value"'],
  [
    /^(attribute without value|disallowed character in attribute name)/,
    'An attribute is not written as name="value".',
  ],
  [
    /^disallowed character in (tag name|closing tag)/,
    "an element name is expected here",
    "write &lt; for a `<` that is text",
  ],
  [/^forward-slash in opening tag/, "`/` in a start tag must be followed by `>`"],
  [
    /^documents may contain only one root/,
    "a policy document has one root element; here a second one starts",
  ],
  [/^the string "]]>"/, "`]]>` may not stand in text", "write ]]&gt;"],
  [/^weird empty close tag/, "an end tag must name the element that it closes"],
];

/** Turns a message of saxes into a fault in our words, at the place where the mistake is. */
export function explainXmlFault(saxesMessage: string, context: FaultContext): XmlFault {
  const { masked, cursor } = context;
  if (/^(unexpected close tag|unmatched closing tag)/.test(saxesMessage)) return endTagFault(context);
  if (/^(unclosed tag|unexpected end)/.test(saxesMessage)) return unfinishedFault(context);
  if (saxesMessage.startsWith("document must contain")) {
    return {
      message: "there is no root element",
      start: 0,
      end: 0,
      help: "A policy document is <policies> or <fragment>.",
    };
  }
  if (saxesMessage.startsWith("text data outside")) {
    const start = masked.slice(cursor).search(/[^ \t\r\n]/) + cursor;
    return { message: "there is text outside the root element", start, end: start + 1 };
  }
  if (saxesMessage.startsWith("duplicate attribute")) return duplicateFault(saxesMessage, context);
  if (saxesMessage.startsWith("malformed character entity")) {
    const start = masked.lastIndexOf("&", context.position - 1);
    return { message: "XML cannot hold the character with this number", start, end: context.position };
  }
  if (saxesMessage.startsWith("malformed comment")) {
    const start = masked.lastIndexOf("--", context.position - 1);
    const help = "take the double hyphen out";
    return { message: "a comment holds `--`, which XML does not allow", start, end: start + 2, help };
  }
  const start = Math.max(0, context.position - 1);
  return withExpressionHelp({ ...known(saxesMessage, masked.charAt(start)), start, end: start + 1 }, context);
}

function known(saxesMessage: string, character: string): { message: string; help?: string } {
  for (const [pattern, message, help] of messages) {
    if (pattern.test(saxesMessage)) return help === undefined ? { message } : { message, help };
  }
  if (saxesMessage.startsWith("disallowed character") && character === "<") {
    return { message: "`<` may not stand here", help: "write &lt;" };
  }
  return { message: `this is not well-formed XML: ${saxesMessage}` };
}

function duplicateFault(saxesMessage: string, { open, position }: FaultContext): XmlFault {
  const name = saxesMessage.slice("duplicate attribute: ".length, -1);
  const range = open?.attributes.findLast((attribute) => attribute.name === name)?.nameRange;
  const start = range?.start.offset ?? position;
  return { message: `the attribute \`${name}\` is given twice`, start, end: range?.end.offset ?? start };
}

function endTagFault({ source, masked, cursor, open }: FaultContext): XmlFault {
  const start = masked.indexOf("<", cursor);
  const end = masked.indexOf(">", start);
  const name = masked.slice(start + 2, end).trimEnd();
  const range = { start: start + 2, end };
  if (open === undefined) return { message: `</${name}> closes nothing`, ...range };
  // Counted from here: the text may be a part of a file, whose lines have other numbers.
  const above = new LineIndex(source).position(start).line - open.nameRange.start.line;
  const where = above === 0 ? "on this line" : above === 1 ? "one line above" : `${above} lines above`;
  return { message: `</${name}> does not close <${open.name}>, which starts ${where}`, ...range };
}

function unfinishedFault({ masked, cursor, tagStart, open }: FaultContext): XmlFault {
  const next = tagStart ?? masked.indexOf("<", cursor);
  if (next !== -1) {
    const what = masked.startsWith("<!--", next)
      ? "the comment"
      : masked.startsWith("<![", next)
        ? "the CDATA section"
        : "the tag";
    return { message: `${what} that starts here has no end`, start: next, end: next + 1 };
  }
  if (open === undefined)
    return { message: "the text ends too early", start: masked.length, end: masked.length };
  const { start, end } = open.nameRange;
  return { message: `<${open.name}> is not closed`, start: start.offset, end: end.offset };
}

/** In format xml a raw quote ends the value, and saxes complains about what follows; the cause is the expression. */
function withExpressionHelp(fault: XmlFault, { source, dialect, cursor, open }: FaultContext): XmlFault {
  if (dialect !== "xml" || open === undefined) return fault;
  const tag = source.lastIndexOf("<", cursor);
  const opening = /=\s*["']\s*(?=@[({])/g;
  opening.lastIndex = Math.max(tag, open.nameRange.start.offset);
  const found = opening.exec(source);
  if (found === null || opening.lastIndex >= fault.start || !isExpressionStart(source, opening.lastIndex))
    return fault;
  const help =
    "in format xml, expressions are written with &quot;, &lt; and &amp;. As it stands this is format rawxml";
  return { ...fault, help };
}
