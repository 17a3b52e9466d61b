/** StringBuilder, Encoding, Guid, Random and WebUtility. */
import { argumentOutOfRange, exception } from "../errors.ts";
import type { Evaluation } from "../evaluation.ts";
import { formatComposite } from "../format/composite.ts";
import { formatValue } from "../format/format-value.ts";
import {
  ArrayValue,
  CharValue,
  FactsValue,
  GuidValue,
  NumberValue,
  StringBuilderValue,
  isObjectValue,
} from "../values.ts";
import type { ObjectValue, Value } from "../values.ts";
import { decodeEntities, encodeEntities } from "./html-entities.ts";
import { defineMembers, defineStatics, instanceOf } from "./registry.ts";
import type { Args } from "./registry.ts";
import { textArgument } from "./strings.ts";

function append(builder: StringBuilderValue, text: string, { ev }: Args): StringBuilderValue {
  ev.step();
  ev.allocate(text.length);
  builder.text += text;
  return builder;
}

function appended(args: Args): string {
  const value = args.at(0);
  if (value instanceof CharValue && args.count > 1)
    return textArgument(args, 0).repeat(Math.max(0, args.int(1)));
  if (value instanceof ArrayValue)
    return value.items.map((item) => (item === null ? "" : formatValue(item))).join("");
  return value === null ? "" : formatValue(value);
}

defineMembers(["StringBuilder"], instanceOf(StringBuilderValue), {
  get: { Capacity: ({ text }) => Math.max(16, text.length), Length: ({ text }) => text.length },
  call: {
    Append: (builder, args) => append(builder, appended(args), args),
    AppendFormat: (builder, args) =>
      append(builder, formatComposite(args.text(0), args.values.slice(1), args.ev), args),
    AppendLine: (builder, args) => append(builder, `${appended(args)}\r\n`, args),
    Clear: (builder) => {
      builder.text = "";
      return builder;
    },
    Insert: (builder, args) => {
      const value = args.at(1);
      const text = value === null ? "" : formatValue(value);
      if (args.int(0) < 0 || args.int(0) > builder.text.length) throw argumentOutOfRange("index");
      args.ev.allocate(text.length);
      builder.text = builder.text.slice(0, args.int(0)) + text + builder.text.slice(args.int(0));
      return builder;
    },
    Remove: (builder, args) => {
      if (args.int(0) + args.int(1) > builder.text.length) throw argumentOutOfRange("index");
      builder.text = builder.text.slice(0, args.int(0)) + builder.text.slice(args.int(0) + args.int(1));
      return builder;
    },
    Replace: (builder, args) => {
      const parts = builder.text.split(textArgument(args, 0, "oldValue"));
      const by = args.at(1) instanceof CharValue ? textArgument(args, 1) : (args.textOrNull(1) ?? "");
      args.ev.allocate(builder.text.length + parts.length * by.length);
      builder.text = parts.join(by);
      return builder;
    },
  },
});

/** How a text becomes bytes. */
class EncodingValue implements ObjectValue {
  readonly kind = "Encoding";
  constructor(
    readonly name: string,
    readonly encode: (text: string) => Uint8Array,
    readonly decode: (bytes: Uint8Array) => string,
  ) {}
}

function unitsOf(limit: number) {
  return (text: string) =>
    Uint8Array.from({ length: text.length }, (_, at) =>
      text.charCodeAt(at) > limit ? 63 : text.charCodeAt(at),
    );
}

function textOfUnits(limit: number) {
  return (bytes: Uint8Array) =>
    Array.from(bytes, (byte) => (byte > limit ? "?" : String.fromCharCode(byte))).join("");
}

function wideBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  for (let at = 0; at < text.length; at += 1) {
    bytes[at * 2] = text.charCodeAt(at) & 255;
    bytes[at * 2 + 1] = text.charCodeAt(at) >> 8;
  }
  return bytes;
}

const encodings: Readonly<Record<string, EncodingValue>> = {
  ASCII: new EncodingValue("us-ascii", unitsOf(127), textOfUnits(127)),
  Default: new EncodingValue("iso-8859-1", unitsOf(255), textOfUnits(255)),
  Unicode: new EncodingValue("utf-16", wideBytes, (bytes) =>
    new TextDecoder("utf-16le", { ignoreBOM: true }).decode(bytes),
  ),
  UTF8: new EncodingValue(
    "utf-8",
    (text) => new TextEncoder().encode(text),
    (bytes) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes),
  ),
};

function encodingNamed(args: Args): Value {
  const name = args.text(0, "name").toLowerCase();
  const found = Object.values(encodings).find((encoding) => encoding.name === name);
  if (found === undefined)
    throw exception("ArgumentException", `'${name}' is not a supported encoding name.`);
  return found;
}

defineStatics("Encoding", {
  get: Object.fromEntries(Object.entries(encodings).map(([name, encoding]) => [name, () => encoding])),
  call: { GetEncoding: encodingNamed },
});

function textToEncode(args: Args): string {
  const value = args.at(0);
  if (!(value instanceof ArrayValue)) return args.text(0, "s");
  return value.items.map((item) => (item === null ? "" : formatValue(item))).join("");
}

defineMembers(["Encoding"], instanceOf(EncodingValue), {
  get: { BodyName: ({ name }) => name, WebName: ({ name }) => name },
  call: {
    GetByteCount: (encoding, args) => encoding.encode(textToEncode(args)).length,
    GetBytes: (encoding, args) => {
      const text = textToEncode(args);
      args.ev.allocate(text.length);
      return encoding.encode(text);
    },
    GetString: (encoding, args) => {
      const bytes = args.bytes(0, "bytes");
      const part = args.count > 2 ? bytes.slice(args.int(1), args.int(1) + args.int(2)) : bytes;
      return args.ev.text(encoding.decode(part));
    },
  },
});

defineStatics("Guid", {
  get: { Empty: () => new GuidValue("00000000-0000-0000-0000-000000000000") },
  call: { NewGuid: (args) => new GuidValue(args.ev.context.sources.guid().toLowerCase()) },
});

/** The first three parts have their bytes in reverse. */
function guidBytes({ text }: GuidValue): Uint8Array {
  const hex = text.replaceAll("-", "");
  const plain = Uint8Array.from({ length: 16 }, (_, at) =>
    Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16),
  );
  const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
  return Uint8Array.from(order, (from) => plain[from] ?? 0);
}

/** As the .NET Framework folds the parts: policies seed random numbers with it. */
function guidHash(guid: GuidValue): number {
  const bytes = guidBytes(guid);
  const view = new DataView(bytes.buffer);
  const middle = (view.getInt16(4, true) << 16) | view.getUint16(6, true);
  return view.getInt32(0, true) ^ middle ^ ((view.getUint8(10) << 24) | view.getUint8(15));
}

defineMembers(["Guid"], instanceOf(GuidValue), {
  call: {
    GetHashCode: guidHash,
    ToByteArray: guidBytes,
  },
});

function isRandom(value: Value): value is ObjectValue {
  return value !== null && isObjectValue(value) && value.kind === "Random";
}

function nextRandom({ context }: Evaluation): number {
  return context.sources.random();
}

function next(_: ObjectValue, args: Args): number {
  const [low, high] =
    args.count === 0 ? [0, 2147483647] : args.count === 1 ? [0, args.int(0)] : [args.int(0), args.int(1)];
  if (high < 0 && args.count === 1)
    throw argumentOutOfRange("maxValue", "'maxValue' must be greater than zero.");
  if (low > high) throw argumentOutOfRange("minValue", "'minValue' cannot be greater than maxValue.");
  return low + Math.floor(nextRandom(args.ev) * (high - low));
}

defineMembers(["Random"], isRandom, {
  call: {
    Next: next,
    NextBytes: (_, args) => {
      const bytes = args.bytes(0);
      for (let at = 0; at < bytes.length; at += 1) bytes[at] = Math.floor(nextRandom(args.ev) * 256);
      return null;
    },
    NextDouble: (_, args) => new NumberValue("double", nextRandom(args.ev)),
  },
});

/** As WebUtility writes it: capital hexadecimal digits, `+` for space. */
export function urlEncode(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => {
    const character = String.fromCharCode(byte);
    if (/[A-Za-z0-9\-_.!*()]/.test(character)) return character;
    return character === " " ? "+" : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }).join("");
}

/** Percent signs that begin nothing stay. */
export function percentDecode(text: string): string {
  return text.replace(/(?:%[\da-fA-F]{2})+/g, (run) => {
    const bytes = Uint8Array.from(run.slice(1).split("%"), (hex) => Number.parseInt(hex, 16));
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  });
}

defineStatics("WebUtility", {
  call: {
    HtmlDecode: (args) => decodeEntities(args.textOrNull(0) ?? ""),
    HtmlEncode: (args) => args.ev.text(encodeEntities(args.textOrNull(0) ?? "")),
    UrlDecode: (args) => percentDecode((args.textOrNull(0) ?? "").replaceAll("+", " ")),
    UrlEncode: (args) => args.ev.text(urlEncode(args.textOrNull(0) ?? "")),
  },
});

/** Members of plain facts are their fields. */
export function factsMembers(kind: string, names: readonly string[]): void {
  defineMembers([kind], instanceOf(FactsValue), {
    get: Object.fromEntries(names.map((name) => [name, ({ fields }: FactsValue) => fields[name] ?? null])),
  });
}
