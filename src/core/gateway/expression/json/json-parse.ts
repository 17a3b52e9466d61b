/**
 * Reads JSON as Newtonsoft does: comments, single quotes, bare names, commas at the end, hexadecimal numbers, NaN. Texts that
 * look like ISO dates become dates.
 */
import { exception } from "../errors.ts";
import type { DotNetException } from "../errors.ts";
import type { Evaluation } from "../evaluation.ts";
import { maxTicks, ticksOfUnix } from "../format/calendar.ts";
import { parseIsoDate } from "../format/date-parse.ts";
import { isWithin } from "../numbers.ts";
import { DateTimeValue, DecimalValue, NumberValue, UlongValue } from "../values.ts";
import type { Value } from "../values.ts";
import { JArrayValue, JObjectValue, JScalarValue, jNull, pathOf } from "./json-values.ts";
import type { JContainerValue, JTokenValue } from "./json-values.ts";

/** How deep Newtonsoft 13 reads by default. */
const maxDepth = 64;

/**
 * Reads one value; throws JsonReaderException for faulty text and for more than the value. Texts that look like dates stay texts
 * where dates are not asked for.
 */
export function parseJson(
  text: string,
  wanted: "JToken" | "JObject" | "JArray",
  ev: Evaluation,
  readsDates = true,
): JTokenValue {
  ev.allocate(text.length);
  const reader = new JsonReader(text, ev, readsDates);
  reader.skipSpace();
  if (reader.isAtEnd()) throw failure(`Error reading ${wanted} from JsonReader.`, reader.place(0));
  const first = reader.peek();
  const isWanted = wanted === "JToken" || first === (wanted === "JObject" ? "{" : "[");
  if (!isWanted) throw reader.notWanted(wanted);
  const value = reader.readValue(null, 1);
  reader.skipSpace();
  if (reader.isAtEnd()) return value;
  const extra = `Additional text encountered after finished reading JSON content: ${reader.peek()}.`;
  throw failure(extra, reader.place());
}

function failure(message: string, place: string): DotNetException {
  return exception("Newtonsoft.Json.JsonReaderException", `${message} ${place}`);
}

const space = /[\s\u0000\ufeff]*/y;
const bareName = /[A-Za-z_$][\w$]*/y;
const numberText = /[-+]?[\w.]+(?:(?<=[eE])[+-]\d+)?/y;
const escapes: Readonly<Record<string, string>> = {
  ...{ b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" },
  ...{ '"': '"', "'": "'", "\\": "\\", "/": "/" },
};
const words: Readonly<Record<string, () => JScalarValue>> = {
  true: () => new JScalarValue("Boolean", true),
  false: () => new JScalarValue("Boolean", false),
  null: jNull,
  undefined: () => new JScalarValue("Undefined", null),
  NaN: () => real(NaN),
  Infinity: () => real(Infinity),
  "-Infinity": () => real(-Infinity),
};

function real(value: number): JScalarValue {
  return new JScalarValue("Float", new NumberValue("double", value));
}

class JsonReader {
  readonly #text: string;
  readonly #ev: Evaluation;
  readonly #readsDates: boolean;
  #at = 0;
  /** Made only where it is shown: it takes as long as the arrays around it. */
  #path: () => string = () => "";

  constructor(text: string, ev: Evaluation, readsDates: boolean) {
    this.#text = text;
    this.#ev = ev;
    this.#readsDates = readsDates;
  }

  isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  peek(): string {
    return this.#text.charAt(this.#at);
  }

  place(firstLine = 1): string {
    const before = this.#text.slice(0, this.#at).split(/\r\n|\r|\n/);
    const column = before.at(-1)?.length ?? 0;
    return `Path '${this.#path()}', line ${before.length - 1 + firstLine}, position ${column}.`;
  }

  notWanted(wanted: "JToken" | "JObject" | "JArray"): DotNetException {
    const value = this.readValue(null, 1);
    const name =
      value instanceof JScalarValue
        ? value.type
        : value instanceof JArrayValue
          ? "StartArray"
          : "StartObject";
    const what = wanted === "JObject" ? "an object" : "an array";
    const message = `Error reading ${wanted} from JsonReader. Current JsonReader item is not ${what}: ${name}.`;
    if (!(value instanceof JScalarValue)) this.#at = 1;
    return failure(message, this.place());
  }

  skipSpace(): void {
    for (;;) {
      this.#match(space);
      if (this.#text.startsWith("//", this.#at)) {
        const end = /[\r\n]/g;
        end.lastIndex = this.#at;
        this.#at = end.exec(this.#text)?.index ?? this.#text.length;
      } else if (this.#text.startsWith("/*", this.#at)) {
        const end = this.#text.indexOf("*/", this.#at + 2);
        if (end === -1) throw failure("Unexpected end while parsing comment.", this.place());
        this.#at = end + 2;
      } else return;
    }
  }

  readValue(parent: JContainerValue | null, depth: number): JTokenValue {
    this.#ev.step();
    const first = this.peek();
    if (first === "{" || first === "[") {
      if (depth > maxDepth) {
        throw failure(`The reader's MaxDepth of ${maxDepth} has been exceeded.`, this.place());
      }
      return first === "{" ? this.#readObject(parent, depth) : this.#readArray(parent, depth);
    }
    if (first === '"' || first === "'") {
      const text = this.#readText();
      return this.#readsDates ? scalarOfText(text) : new JScalarValue("String", text);
    }
    return this.#readWord();
  }

  #readObject(parent: JContainerValue | null, depth: number): JObjectValue {
    const object = new JObjectValue();
    object.parent = parent;
    this.#at += 1;
    for (;;) {
      this.skipSpace();
      if (this.peek() === "}") break;
      const name = this.#readName(object);
      this.skipSpace();
      if (this.peek() !== ":") {
        throw failure(
          `Invalid character after parsing property name. Expected ':' but got: ${this.peek()}.`,
          this.place(),
        );
      }
      this.#at += 1;
      this.skipSpace();
      this.#path = () => joinPath(pathOf(object), name);
      const value = this.readValue(null, depth + 1);
      object.set(name, value);
      this.skipSpace();
      if (this.peek() === ",") this.#at += 1;
      else if (this.peek() !== "}") throw this.#afterValue("object");
    }
    this.#at += 1;
    object.parent = null;
    return object;
  }

  #readArray(parent: JContainerValue | null, depth: number): JArrayValue {
    const array = new JArrayValue();
    array.parent = parent;
    this.#at += 1;
    for (;;) {
      this.skipSpace();
      if (this.peek() === "]") break;
      if (this.peek() === ",") array.add(new JScalarValue("Undefined", null));
      else array.add(this.readValue(null, depth + 1));
      this.skipSpace();
      if (this.peek() === ",") this.#at += 1;
      else if (this.peek() !== "]") throw this.#afterValue("array");
    }
    this.#at += 1;
    array.parent = null;
    return array;
  }

  #afterValue(container: string): DotNetException {
    if (this.isAtEnd())
      return failure(
        `Unexpected end of content while loading J${container === "object" ? "Object" : "Array"}.`,
        this.place(),
      );
    return failure(
      `After parsing a value an unexpected character was encountered: ${this.peek()}.`,
      this.place(),
    );
  }

  #readName(object: JObjectValue): string {
    if (this.isAtEnd()) throw failure("Unexpected end when reading JSON.", this.place());
    if (this.peek() === '"' || this.peek() === "'") return this.#readText();
    const name = this.#match(bareName);
    if (name !== undefined && name !== "") return name;
    this.#path = () => pathOf(object);
    throw failure(`Invalid property identifier character: ${this.peek()}.`, this.place());
  }

  #readText(): string {
    const quote = this.peek();
    let text = "";
    let start = (this.#at += 1);
    for (; this.#at < this.#text.length; this.#at += 1) {
      const character = this.peek();
      if (character === quote) {
        text += this.#text.slice(start, this.#at);
        this.#at += 1;
        return text;
      }
      if (character !== "\\") continue;
      text += this.#text.slice(start, this.#at) + this.#readEscape();
      start = this.#at + 1;
    }
    throw failure(`Unterminated string. Expected delimiter: ${quote}.`, this.place());
  }

  /** Leaves the reader on the last character of the escape. */
  #readEscape(): string {
    this.#at += 1;
    const character = this.peek();
    if (character === "u") {
      const digits = this.#text.slice(this.#at + 1, this.#at + 5);
      if (/^[0-9A-Fa-f]{4}$/.test(digits)) {
        this.#at += 4;
        return String.fromCharCode(Number.parseInt(digits, 16));
      }
      throw failure(`Could not convert string '${digits}' to a Unicode code point.`, this.place());
    }
    const meant = escapes[character];
    if (meant === undefined) throw failure(`Bad JSON escape sequence: \\${character}.`, this.place());
    return meant;
  }

  #readWord(): JScalarValue {
    const start = this.#at;
    const word = this.#match(numberText) ?? "";
    const known = Object.hasOwn(words, word) ? words[word] : undefined;
    const value = known === undefined ? numberToken(word) : known();
    if (value !== undefined) return value;
    this.#at = start;
    if (this.isAtEnd()) throw failure("Unexpected end when reading JSON.", this.place());
    throw failure(`Unexpected character encountered while parsing value: ${this.peek()}.`, this.place());
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }
}

function joinPath(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

function numberToken(word: string): JScalarValue | undefined {
  if (/^-?\d+$/.test(word) && word.length < 400) return integerToken(BigInt(word));
  if (/^-?0[xX][0-9A-Fa-f]{1,16}$/.test(word)) return integerToken(BigInt(word.replace("-", "")));
  return /^-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(word) ? real(Number(word)) : undefined;
}

function integerToken(value: bigint): JScalarValue {
  if (isWithin("long", value)) return new JScalarValue("Integer", value);
  return new JScalarValue(
    "Integer",
    isWithin("ulong", value) ? new UlongValue(value) : new DecimalValue(value, 0),
  );
}

/** A text as the reader takes it: a date when it looks like one, in ISO 8601 or as `/Date(1198908717056)/`. */
function scalarOfText(text: string): JScalarValue {
  const milliseconds = /^\/Date\((-?\d{1,15})\)\/$/.exec(text)?.[1];
  const date: Value | undefined =
    milliseconds === undefined
      ? text.length >= 19 && text.charAt(10) === "T"
        ? parseIsoDate(text)
        : undefined
      : unixDate(Number(milliseconds));
  return date === undefined ? new JScalarValue("String", text) : new JScalarValue("Date", date);
}

function unixDate(milliseconds: number): DateTimeValue | undefined {
  const ticks = ticksOfUnix(milliseconds);
  return ticks < 0n || ticks > maxTicks ? undefined : new DateTimeValue(ticks, "Utc");
}
