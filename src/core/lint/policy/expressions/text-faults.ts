import type { PolicyExpression, Token } from "../../../policy/expression/scan.ts";

/** A stretch of the decoded value with what is wrong there. */
export type TextFault = { readonly start: number; readonly end: number; readonly text: string };

const oneCharacter = /^'(?:[^\\]|\\(?:u[\da-fA-F]{4}|x[\da-fA-F]{1,4}|[^ux]))'$/s;
const escape = /\\(?:['"\\0abfnrtv]|u[\da-fA-F]{4}|U[\da-fA-F]{8}|x[\da-fA-F]{1,4})|\\(.?)/gs;

/** Character literals that hold more than one character, or none. */
export function longCharacterLiterals(expression: PolicyExpression): TextFault[] {
  return expression.tokens.flatMap((token) => {
    if (token.kind !== "character") return [];
    const text = textOf(expression, token);
    return oneCharacter.test(text) || text.includes("{{")
      ? []
      : [{ start: token.start, end: token.end, text }];
  });
}

/** Escape sequences of regular strings that C# does not have, such as `"\d"`. */
export function unknownEscapes(expression: PolicyExpression): TextFault[] {
  return expression.tokens.flatMap((token) => {
    if (token.kind !== "string") return [];
    const text = textOf(expression, token);
    if (!text.startsWith('"') || text.startsWith('"""')) return [];
    return [...text.matchAll(escape)].flatMap((match) => {
      if (match[1] === undefined) return [];
      const start = token.start + match.index;
      return [{ start, end: start + match[0].length, text: match[0] }];
    });
  });
}

function textOf({ code, codeOffset }: PolicyExpression, { start, end }: Token): string {
  return code.slice(start - codeOffset, end - codeOffset);
}
