/**
 * The lexical grammar of C# 7, as far as it takes to know where strings, characters and comments end. Words and
 * punctuation are not looked into: whether they make sense is the compiler's affair.
 */

export type TokenKind = "space" | "comment" | "string" | "character" | "word" | "namedValue" | "punctuation";

/** A piece of C#: offsets into the text it was read from, the end exclusive. Punctuation comes one character at a time. */
export type Token = { readonly kind: TokenKind; readonly start: number; readonly end: number };

/** Why a text is not C#: a clause without a full stop, and where. */
export type ScanError = { readonly error: string; readonly offset: number };

const maxStringNesting = 50;
const space = /\s+/y;
const word = /(?:[A-Za-z0-9_]|[^\x00-\x7f\s])+/y;
const namedValue = /\{\{[A-Za-z0-9._-]+\}\}/y;
const lineEnd = /[\r\n\u0085\u2028\u2029]/g;
const closers = new Map([
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
]);

/** The closing bracket for an opening one. */
export function closerOf(character: string): string | undefined {
  return closers.get(character);
}

export function isCloser(character: string): boolean {
  return character === ")" || character === "]" || character === "}";
}

/** Reads the token that starts at an offset inside the text. Linear in the length of the token. */
export function readToken(source: string, start: number): Token | ScanError {
  return tokenAt(source, start, 0);
}

function tokenAt(source: string, start: number, nesting: number): Token | ScanError {
  const first = source.charAt(start);
  switch (first) {
    case '"':
      return regularString(source, start);
    case "'":
      return characterLiteral(source, start);
    case "@":
    case "$":
      return prefixedString(source, start, nesting) ?? { kind: "punctuation", start, end: start + 1 };
    case "/":
      return commentAt(source, start) ?? { kind: "punctuation", start, end: start + 1 };
    case "{":
      return (
        matchAt(namedValue, "namedValue", source, start) ?? { kind: "punctuation", start, end: start + 1 }
      );
    default:
      return (
        matchAt(word, "word", source, start) ??
        matchAt(space, "space", source, start) ?? { kind: "punctuation", start, end: start + 1 }
      );
  }
}

function matchAt(pattern: RegExp, kind: TokenKind, source: string, start: number): Token | undefined {
  pattern.lastIndex = start;
  return pattern.test(source) ? { kind, start, end: pattern.lastIndex } : undefined;
}

function commentAt(source: string, start: number): Token | ScanError | undefined {
  const next = source.charAt(start + 1);
  if (next === "/") {
    lineEnd.lastIndex = start;
    const end = lineEnd.exec(source)?.index ?? source.length;
    return { kind: "comment", start, end };
  }
  if (next !== "*") return undefined;
  const close = source.indexOf("*/", start + 2);
  if (close === -1) return { error: "the comment that starts here has no `*/`", offset: start };
  return { kind: "comment", start, end: close + 2 };
}

function isLineEnd(character: string): boolean {
  return (
    character === "\n" ||
    character === "\r" ||
    character === "\u0085" ||
    character === "\u2028" ||
    character === "\u2029"
  );
}

function unclosedString(start: number): ScanError {
  return { error: "the string that starts here is not closed on its line", offset: start };
}

function regularString(source: string, start: number): Token | ScanError {
  for (let at = start + 1; at < source.length; at += 1) {
    const character = source.charAt(at);
    if (character === '"') return { kind: "string", start, end: at + 1 };
    if (character === "\\") at += 1;
    if (isLineEnd(source.charAt(at))) return unclosedString(start);
  }
  return unclosedString(start);
}

/** Also takes `'several'`: where it ends is clear, and the compiler has the better message for it. */
function characterLiteral(source: string, start: number): Token | ScanError {
  for (let at = start + 1; at < source.length; at += 1) {
    const character = source.charAt(at);
    if (character === "'") return { kind: "character", start, end: at + 1 };
    if (character === "\\") at += 1;
    if (isLineEnd(source.charAt(at))) break;
  }
  return { error: "the character literal that starts here is not closed on its line", offset: start };
}

/** `@"`, `$"`, `$@"` and `@$"` strings; undefined when the sign starts none of these. */
function prefixedString(source: string, start: number, nesting: number): Token | ScanError | undefined {
  const prefix = source.startsWith('$@"', start) || source.startsWith('@$"', start) ? 2 : 1;
  if (source.charAt(start + prefix) !== '"') return undefined;
  const body = start + prefix + 1;
  if (prefix === 1 && source.charAt(start) === "@") return verbatimString(source, start, body);
  if (nesting >= maxStringNesting) {
    return { error: `interpolated strings are nested more than ${maxStringNesting} deep`, offset: start };
  }
  return interpolatedString(source, start, body, prefix === 2, nesting);
}

function verbatimString(source: string, start: number, body: number): Token | ScanError {
  for (let at = source.indexOf('"', body); at !== -1; at = source.indexOf('"', at + 2)) {
    if (source.charAt(at + 1) !== '"') return { kind: "string", start, end: at + 1 };
  }
  return { error: "the string that starts here is not closed", offset: start };
}

function interpolatedString(
  source: string,
  start: number,
  body: number,
  isVerbatim: boolean,
  nesting: number,
): Token | ScanError {
  let at = body;
  while (at < source.length) {
    const character = source.charAt(at);
    const isDoubled = source.charAt(at + 1) === character;
    if (character === '"' && !(isVerbatim && isDoubled)) return { kind: "string", start, end: at + 1 };
    if (!isVerbatim && isLineEnd(source.charAt(character === "\\" ? at + 1 : at)))
      return unclosedString(start);
    if (character === "{" && !isDoubled) {
      const hole = skipHole(source, at, isVerbatim, nesting);
      if (typeof hole !== "number") return hole;
      at = hole;
    } else if (character === "}" && !isDoubled) {
      return { error: "`}` stands alone in an interpolated string; write `}}`", offset: at };
    } else {
      at += isPair(character, isVerbatim) ? 2 : 1;
    }
  }
  return isVerbatim
    ? { error: "the string that starts here is not closed", offset: start }
    : unclosedString(start);
}

/** Characters of an interpolated string that take the next one with them: escapes and doubled quotes or braces. */
function isPair(character: string, isVerbatim: boolean): boolean {
  if (character === "{" || character === "}") return true;
  return isVerbatim ? character === '"' : character === "\\";
}

/** From the `{` of a hole to just past its `}`. */
function skipHole(source: string, open: number, isVerbatim: boolean, nesting: number): number | ScanError {
  const expected: string[] = [];
  let at = open + 1;
  while (at < source.length) {
    const character = source.charAt(at);
    if (expected.length === 0) {
      if (character === "}") return at + 1;
      if (character === ":" && source.charAt(at + 1) !== ":")
        return skipFormat(source, at + 1, open, isVerbatim);
    }
    const token = tokenAt(source, at, nesting + 1);
    if ("error" in token) return token;
    if (token.kind === "space" && !isVerbatim && hasLineEnd(source, token)) return unclosedHole(open);
    const mismatch = token.kind === "punctuation" ? trackBracket(expected, character, at) : undefined;
    if (mismatch !== undefined) return mismatch;
    at = character === ":" && source.charAt(at + 1) === ":" ? at + 2 : token.end;
  }
  return unclosedHole(open);
}

function hasLineEnd(source: string, token: Token): boolean {
  lineEnd.lastIndex = token.start;
  const found = lineEnd.exec(source);
  return found !== null && found.index < token.end;
}

function unclosedHole(open: number): ScanError {
  return { error: "the `{` that starts here in an interpolated string is not closed", offset: open };
}

/** A format such as `yyyy-MM-dd'T'HH` is not C#: it ends at the first `}` that is not doubled. */
function skipFormat(source: string, start: number, open: number, isVerbatim: boolean): number | ScanError {
  let at = start;
  while (at < source.length) {
    const character = source.charAt(at);
    const isDoubled = source.charAt(at + 1) === character;
    if (character === "}" && !isDoubled) return at + 1;
    if (character === '"' && !(isVerbatim && isDoubled)) return unclosedHole(open);
    if (character === "{" && !isDoubled) return unclosedHole(open);
    if (!isVerbatim && isLineEnd(character)) return unclosedHole(open);
    at += isPair(character, isVerbatim) ? 2 : 1;
  }
  return unclosedHole(open);
}

/** Keeps the stack of closing brackets that are still to come; an error when the bracket is not the expected one. */
export function trackBracket(expected: string[], character: string, offset: number): ScanError | undefined {
  const closer = closers.get(character);
  if (closer !== undefined) {
    expected.push(closer);
    return undefined;
  }
  if (!isCloser(character)) return undefined;
  const wanted = expected.pop();
  if (wanted === character) return undefined;
  const error =
    wanted === undefined
      ? `\`${character}\` closes nothing`
      : `\`${wanted}\` is expected, not \`${character}\``;
  return { error, offset };
}
