/**
 * .NET's regular expressions in JavaScript's words. What the two read alike is passed on, what only .NET has is refused:
 * a wrong match would be worse than none.
 */
import { NotSimulated, exception } from "./errors.ts";

const ignoreCase = 1;
const multiline = 2;
const explicitCapture = 4;
const singleline = 16;
const extended = 32;
const rightToLeft = 64;
const ecmaScript = 256;

/** Compiles a pattern; ArgumentException for what is no pattern, NotSimulated for what JavaScript cannot do. */
export function translatePattern(pattern: string, options: number): RegExp {
  if ((options & (rightToLeft | explicitCapture)) !== 0) {
    throw new NotSimulated("RegexOptions.RightToLeft and ExplicitCapture are not simulated.");
  }
  const inline = /^\(\?([imsx]+)\)/.exec(pattern);
  const letters = inline?.[1] ?? "";
  const has = (letter: string, option: number) => letters.includes(letter) || (options & option) !== 0;
  const body = pattern.slice(inline?.[0].length ?? 0);
  const isEcma = (options & ecmaScript) !== 0;
  const translated = new Translation(body, has("x", extended), has("m", multiline), isEcma).run();
  const flags = `dgu${has("i", ignoreCase) ? "i" : ""}${has("m", multiline) ? "m" : ""}${has("s", singleline) ? "s" : ""}`;
  try {
    return new RegExp(translated, flags);
  } catch {
    throw exception("ArgumentException", `parsing "${pattern}" - the pattern is not understood.`);
  }
}

const refused: readonly [RegExp, string][] = [
  [/^\(\?>/, "atomic groups"],
  [/^\(\?\(/, "conditions"],
  [/^\(\?<\w*-\w+>/, "balancing groups"],
  [/^\(\?#/, "comments"],
  [/^\(\?[imnsx-]+\)/, "options inside a pattern"],
  [/^\(\?[imnsx-]+:/, "options of a group"],
  [/^\\G/, "\\G"],
];

const literalSigns = new Set("^$\\.*+?()[]{}|/");

class Translation {
  readonly #pattern: string;
  readonly #isExtended: boolean;
  readonly #isMultiline: boolean;
  readonly #isEcma: boolean;
  #at = 0;

  constructor(pattern: string, isExtended: boolean, isMultiline: boolean, isEcma: boolean) {
    this.#pattern = pattern;
    this.#isExtended = isExtended;
    this.#isMultiline = isMultiline;
    this.#isEcma = isEcma;
  }

  run(): string {
    let text = "";
    while (this.#at < this.#pattern.length) text += this.#next();
    return text;
  }

  #next(): string {
    const rest = this.#pattern.slice(this.#at, this.#at + 200);
    for (const [start, what] of refused)
      if (start.test(rest)) throw new NotSimulated(`Regular expressions with ${what} are not simulated.`);
    const sign = rest.charAt(0);
    if (sign === "\\") return this.#escape(rest, false);
    if (sign === "[") return this.#set();
    if (sign === "(") return this.#group(rest);
    this.#at += 1;
    if (sign === "$") return this.#isMultiline ? "(?=\\n|(?![^]))" : "(?=\\n?(?![^]))";
    if (sign === "^" && this.#isMultiline) return "(?<![^\\n])";
    if (sign === ".") return this.#isEcma ? "." : this.#dot();
    if (this.#isExtended && /\s/.test(sign)) return "";
    if (this.#isExtended && sign === "#") return this.#comment();
    if (sign === "{") return this.#brace(rest);
    return sign === "}" || sign === "]" ? `\\${sign}` : sign;
  }

  /** .NET's dot stops at line feeds only; with `s` JavaScript's stops at nothing, as .NET's does. */
  #dot(): string {
    return "(?:.|[\\r\\u2028\\u2029])";
  }

  #comment(): string {
    const end = this.#pattern.indexOf("\n", this.#at);
    this.#at = end === -1 ? this.#pattern.length : end + 1;
    return "";
  }

  /** A brace that begins no quantifier stands for itself. */
  #brace(rest: string): string {
    const quantifier = /^\{\d+(,\d*)?\}/.exec(rest)?.[0];
    if (quantifier === undefined) return "\\{";
    this.#at += quantifier.length - 1;
    return quantifier;
  }

  #group(rest: string): string {
    const quoted = /^\(\?'(\w+)'/.exec(rest);
    const opening = /^\(\?(?:[:=!]|<[=!]|<([A-Za-z_]\w*)>)/.exec(rest);
    if (quoted === null && opening === null && rest.startsWith("(?")) {
      throw new NotSimulated("Such groups of regular expressions are not simulated.");
    }
    const taken = quoted?.[0] ?? opening?.[0] ?? "(";
    this.#at += taken.length;
    return quoted === null ? taken : `(?<${quoted[1] ?? ""}>`;
  }

  #escape(rest: string, inSet: boolean): string {
    const sign = rest.charAt(1);
    if (sign === "")
      throw exception("ArgumentException", `parsing "${this.#pattern}" - Illegal \\ at end of pattern.`);
    this.#at += 2;
    switch (sign) {
      case "d":
        return this.#isEcma ? "\\d" : "\\p{Nd}";
      case "D":
        return this.#isEcma ? "\\D" : "\\P{Nd}";
      case "w":
        return this.#isEcma ? "\\w" : inSet ? "\\p{L}\\p{Mn}\\p{Nd}\\p{Pc}" : "[\\p{L}\\p{Mn}\\p{Nd}\\p{Pc}]";
      case "W":
        if (!this.#isEcma && inSet) throw new NotSimulated("\\W inside a set is not simulated.");
        return this.#isEcma ? "\\W" : "[^\\p{L}\\p{Mn}\\p{Nd}\\p{Pc}]";
      case "A":
        return "(?<![^])";
      case "Z":
        return "(?=\\n?(?![^]))";
      case "z":
        return "(?![^])";
      case "a":
        return "\\x07";
      case "e":
        return "\\x1b";
      default:
        return this.#otherEscape(rest, sign);
    }
  }

  #otherEscape(rest: string, sign: string): string {
    const coded = /^\\(?:u[\da-fA-F]{4}|x[\da-fA-F]{2}|c[A-Za-z]|[pP]\{[A-Za-z]{1,2}\}|k<\w+>)/.exec(
      rest,
    )?.[0];
    if (coded !== undefined) {
      this.#at += coded.length - 2;
      return coded;
    }
    if (/[pPkuxc]/.test(sign)) throw new NotSimulated(`\\${sign} of this kind is not simulated.`);
    if (/[bBsSnrtfv0-9]/.test(sign)) return `\\${sign}`;
    if (/[A-Za-z_]/.test(sign))
      throw exception(
        "ArgumentException",
        `parsing "${this.#pattern}" - Unrecognized escape sequence \\${sign}.`,
      );
    return literalSigns.has(sign) ? `\\${sign}` : sign === "-" ? "\\x2d" : sign;
  }

  #set(): string {
    let text = this.#pattern.startsWith("[^", this.#at) ? "[^" : "[";
    this.#at += text.length;
    let isFirst = true;
    for (;;) {
      const rest = this.#pattern.slice(this.#at, this.#at + 200);
      const sign = rest.charAt(0);
      if (sign === "")
        throw exception("ArgumentException", `parsing "${this.#pattern}" - Unterminated [] set.`);
      if (rest.startsWith("-["))
        throw new NotSimulated("Subtraction of sets in regular expressions is not simulated.");
      if (sign === "]" && !isFirst) break;
      isFirst = false;
      if (sign === "\\") text += rest.startsWith("\\b") ? this.#backspace() : this.#escape(rest, true);
      else {
        this.#at += 1;
        text +=
          sign === "-"
            ? this.#hyphen(text)
            : literalSigns.has(sign) || sign === "&"
              ? sign === "&"
                ? "\\x26"
                : `\\${sign}`
              : sign;
      }
    }
    this.#at += 1;
    return `${text}]`;
  }

  #backspace(): string {
    this.#at += 2;
    return "\\x08";
  }

  /** A hyphen at an end of a set, or beside a class, stands for itself. */
  #hyphen(before: string): string {
    const isAtEnd = before === "[" || before === "[^" || this.#pattern.charAt(this.#at) === "]";
    const isAfterClass = /(\\[sSdDwW]|\\p\{\w+\})$/.test(before);
    const isBeforeClass = /^\\[dDwWsSpP]/.test(this.#pattern.slice(this.#at, this.#at + 2));
    return isAtEnd || isAfterClass || isBeforeClass ? "\\x2d" : "-";
  }
}
