import { isXmlSpace } from "../xml-text.ts";
import { closerOf, readToken, trackBracket, type ScanError, type Token } from "./tokens.ts";

export type { ScanError, Token, TokenKind } from "./tokens.ts";

/** `end` is just past the closing bracket; the tokens are those between the outer brackets. */
export type ScannedExpression = { readonly end: number; readonly tokens: readonly Token[] };

/** A value that is one policy expression: `@(code)` or `@{code}`. */
export type PolicyExpression = {
  readonly kind: "single" | "block";
  readonly code: string;
  /** Where the code starts in the value. */
  readonly codeOffset: number;
  /** The code's tokens; offsets into the value. */
  readonly tokens: readonly Token[];
};

const endTag = /<\/[A-Za-z_:]/y;
const opening = /^[ \t\r\n]*@[({]/;

/** True when an expression starts here: `@(` or `@{`. Whether it ends is another question. */
export function isExpressionStart(source: string, offset: number): boolean {
  if (source.charAt(offset) !== "@") return false;
  const next = source.charAt(offset + 1);
  return next === "(" || next === "{";
}

/** True when a value begins as an expression, white space apart. */
export function startsAsExpression(value: string): boolean {
  return opening.test(value);
}

/**
 * Finds the end of the policy expression that starts at `start`, which must be at `@(` or `@{`, by C#'s own rules for
 * strings, characters, comments and brackets. Stops with an error at an XML end tag: `</name` is never C#.
 */
export function scanExpression(source: string, start: number): ScannedExpression | ScanError {
  const closer = closerOf(source.charAt(start + 1)) ?? ")";
  const expected = [closer];
  const tokens: Token[] = [];
  let at = start + 2;
  while (at < source.length) {
    const character = source.charAt(at);
    if (character === "<" && isEndTag(source, at)) break;
    const token = readToken(source, at);
    if ("error" in token) return token;
    if (token.kind === "punctuation") {
      const mismatch = trackBracket(expected, character, at);
      if (mismatch !== undefined) return mismatch;
      if (expected.length === 0) return { end: token.end, tokens };
    }
    tokens.push(token);
    at = token.end;
  }
  return { error: `the expression that starts here has no closing \`${closer}\``, offset: start };
}

function isEndTag(source: string, offset: number): boolean {
  endTag.lastIndex = offset;
  return endTag.test(source);
}

/** Reads a value whose trimmed text is one whole expression; undefined for every other value. */
export function expressionOf(value: string): PolicyExpression | undefined {
  if (!startsAsExpression(value)) return undefined;
  const start = value.indexOf("@");
  const scanned = scanExpression(value, start);
  if ("error" in scanned || !isXmlSpace(value.slice(scanned.end))) return undefined;
  const codeOffset = start + 2;
  return {
    kind: value.charAt(start + 1) === "(" ? "single" : "block",
    code: value.slice(codeOffset, scanned.end - 1),
    codeOffset,
    tokens: scanned.tokens,
  };
}
