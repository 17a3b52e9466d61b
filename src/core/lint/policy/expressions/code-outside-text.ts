import type { PolicyExpression } from "../../../policy/expression/scan.ts";

/** The code with strings, characters and comments blanked out; offsets stay. */
export function codeOutsideText({ code, codeOffset, tokens }: PolicyExpression): string {
  let outside = "";
  for (const { kind, start, end } of tokens) {
    const isText = kind === "string" || kind === "comment" || kind === "character";
    outside += isText ? " ".repeat(end - start) : code.slice(start - codeOffset, end - codeOffset);
  }
  return outside;
}
