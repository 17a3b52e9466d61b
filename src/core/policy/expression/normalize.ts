import { expressionOf, type PolicyExpression, type Token } from "./scan.ts";

/** Two characters that C# reads as one operator when nothing stands between them. `>>` is not one: it also closes generics. */
const operators = new Set(
  "++ -- && || << == != <= >= += -= *= /= %= &= |= ^= => ?? ?. -> :: // /* */ {{ }}".split(" "),
);
const spacedOperators = new Set("= == != && || ?? => <= += -= *= /=".split(" "));

/**
 * One spelling for all expressions that differ in comments and white space only; undefined when the value is not one whole
 * expression. White space stays where leaving it out would join two words or operators; strings are not touched.
 */
export function normalizeExpression(value: string): string | undefined {
  const expression = expressionOf(value);
  if (expression === undefined) return undefined;
  let code = "";
  let previous: Lexeme | undefined;
  for (const lexeme of lexemes(value, expression)) {
    code += (previous !== undefined && needsSpace(previous, lexeme) ? " " : "") + lexeme.text;
    previous = lexeme;
  }
  return expression.kind === "single" ? `@(${code})` : `@{${code}}`;
}

/**
 * A normalized expression spread over lines for reading: space around operators, and in a block a new line after `;`, `{`
 * and `}`. Equal for equal expressions. Other values stay as they are.
 */
export function layoutExpression(value: string): string {
  const expression = expressionOf(value);
  if (expression === undefined) return value;
  const list = lexemes(value, expression);
  return expression.kind === "single" ? `@(${list.map(spaced).join("").trim()})` : layoutBlock(list);
}

type Lexeme = { readonly kind: Token["kind"]; readonly text: string; readonly isApart: boolean };

/** The tokens that mean something. `isApart`: white space or a comment came before. Operators of two characters are one. */
function lexemes(value: string, { tokens }: PolicyExpression): Lexeme[] {
  const list: Lexeme[] = [];
  let isApart = false;
  for (const { kind, start, end } of tokens) {
    if (kind === "space" || kind === "comment") {
      isApart = true;
      continue;
    }
    const text = value.slice(start, end);
    const last = list.at(-1);
    if (kind === "punctuation" && last?.kind === "punctuation" && !isApart && isOperator(last.text + text)) {
      list[list.length - 1] = { ...last, text: last.text + text };
    } else {
      list.push({ kind, text, isApart });
    }
    isApart = false;
  }
  return list;
}

function isOperator(text: string): boolean {
  return operators.has(text) && text !== "{{" && text !== "}}";
}

function isWord({ kind }: Lexeme): boolean {
  return kind === "word" || kind === "namedValue";
}

function needsSpace(before: Lexeme, next: Lexeme): boolean {
  if (before.kind === "punctuation" && next.kind === "punctuation") {
    const joint = before.text.charAt(before.text.length - 1) + next.text.charAt(0);
    // Braces side by side would look like a named value, however they were written.
    return joint === "{{" || joint === "}}" || (next.isApart && operators.has(joint));
  }
  // `@ "x"` is no C#, `@"x"` is.
  const isPrefix = before.text === "@" || before.text === "$";
  return next.isApart && (isPrefix || (isWord(before) && isWord(next)));
}

function spaced(lexeme: Lexeme, index: number, list: readonly Lexeme[]): string {
  const before = list[index - 1];
  const { kind, text } = lexeme;
  if (kind === "punctuation" && text === ",") return ", ";
  if (spacedOperators.has(text) || (before !== undefined && isBinary(before, text))) return ` ${text} `;
  const isLiteral = kind === "string" || kind === "character";
  const isGap = before !== undefined && (needsSpace(before, lexeme) || (isLiteral && isWord(before)));
  return isGap ? ` ${text}` : text;
}

/** A sign between two operands; after a bracket or an operator it belongs to what follows. */
function isBinary(before: Lexeme, text: string): boolean {
  if (text.length !== 1 || !"+-*/%".includes(text)) return false;
  return before.kind !== "punctuation" || before.text === ")" || before.text === "]";
}

function layoutBlock(list: readonly Lexeme[]): string {
  const lines: string[] = [];
  let line = "";
  let depth = 1;
  const brackets: string[] = [];
  const flush = () => {
    if (line.trim() !== "") lines.push("  ".repeat(Math.max(depth, 0)) + line.trim());
    line = "";
  };
  list.forEach((lexeme, index) => {
    const { text } = lexeme;
    if (text === "}") {
      flush();
      depth -= 1;
      brackets.pop();
    } else if (text === "(" || text === "[") brackets.push(text);
    else if (text === ")" || text === "]") brackets.pop();
    line += spaced(lexeme, index, list);
    if (text === "{") {
      flush();
      depth += 1;
      brackets.push(text);
    } else if (text === ";" && (brackets.at(-1) ?? "{") === "{") flush();
    else if (text === "}" && !continuesAfterBrace(list[index + 1])) flush();
  });
  flush();
  return `@{\n${lines.join("\n")}\n}`;
}

/** `});` and `}.ToString()` stay together. */
function continuesAfterBrace(next: Lexeme | undefined): boolean {
  return next?.kind === "punctuation" && [")", ";", ",", ".", "]", "?."].includes(next.text);
}
