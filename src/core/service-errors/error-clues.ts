/** What a message of the service tells about the place that it means. */
import type { ServiceErrorDetail } from "../failure.ts";

/** Lines and columns count from 1. */
export type TextPosition = { readonly line: number; readonly column: number };

export type ErrorClues = {
  /** The message without the place in the document that was sent: that place says nothing to the reader. */
  readonly message: string;
  /** The element that is named. For an expression in a child (`when`) the service names the policy (`choose`). */
  readonly element?: string;
  /** A place in the document that was sent: an element's name, or where the XML reader stood. */
  readonly position?: TextPosition;
  /** A place inside an expression, as the C# compiler counts. */
  readonly codePosition?: TextPosition;
  readonly attribute?: string;
  /** Display name of a `{{named value}}`. */
  readonly namedValue?: string;
  /** All that stands in single quotes, except what the XML reader quotes: that may be any piece of text. */
  readonly quoted: readonly string[];
};

const inElement = /Error in element '([^']+)' on line (\d+), column (\d+): ([\s\S]*)$/;
const xmlReader = /\s*\bLine (\d+), position (\d+)\.?$/;
const compiler = /\((\d+),\s*(\d+)\): error CS\d+/;

/**
 * The wordings are those of reports: `Error in element 'x' on line 4, column 6: …` (Azure/apiops#56, #67), .NET's
 * `… Line 3, position 12.` (pulumi-azure#611, azure-powershell#12836), `Cannot find a property 'x'` for a named value, and the C#
 * compiler's `(1,14): error CS1002: …`.
 */
export function readClues({ message, target }: ServiceErrorDetail): ErrorClues {
  const placed = inElement.exec(message);
  const said = placed?.[4] ?? message;
  const read = placed === null ? xmlReader.exec(message) : null;
  const element = placed?.[1] ?? /\bThe element '([^']+)'/.exec(said)?.[1] ?? target;
  const position = positionOf(placed?.[2], placed?.[3]) ?? positionOf(read?.[1], read?.[2]);
  const code = compiler.exec(said);
  const codePosition = positionOf(code?.[1], code?.[2]);
  const attribute = /\bThe '([^']+)' attribute\b/.exec(said)?.[1];
  const namedValue = /\bCannot find a property '([^']+)'/.exec(said)?.[1];
  return {
    message: read === null ? said : said.slice(0, read.index),
    ...(element === undefined ? {} : { element }),
    ...(position === undefined ? {} : { position }),
    ...(codePosition === undefined ? {} : { codePosition }),
    ...(attribute === undefined ? {} : { attribute }),
    ...(namedValue === undefined ? {} : { namedValue }),
    quoted: read === null ? [...said.matchAll(/'([^']+)'/g)].flatMap((match) => match[1] ?? []) : [],
  };
}

function positionOf(line: string | undefined, column: string | undefined): TextPosition | undefined {
  return line === undefined || column === undefined
    ? undefined
    : { line: Number(line), column: Number(column) };
}
