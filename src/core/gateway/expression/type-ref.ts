/** Names of types as code writes them, read into parts. */

/** `List<int>[]`: name `List`, args `int`, rank 1. Names are C#'s keywords where there is one, short names otherwise. */
export type TypeRef = {
  readonly name: string;
  readonly args: readonly TypeRef[];
  readonly isNullable: boolean;
  /** How many `[]` follow. */
  readonly rank: number;
};

const keywords: Readonly<Record<string, string>> = {
  Boolean: "bool",
  Byte: "byte",
  Char: "char",
  Decimal: "decimal",
  Double: "double",
  Int16: "short",
  Int32: "int",
  Int64: "long",
  Object: "object",
  SByte: "sbyte",
  Single: "float",
  String: "string",
  UInt16: "ushort",
  UInt32: "uint",
  UInt64: "ulong",
  dynamic: "object",
};

export const objectType: TypeRef = { name: "object", args: [], isNullable: false, rank: 0 };

/** Reads the text of a type. Text that is none gives a type that nothing is an instance of. */
export function parseType(text: string): TypeRef {
  const reader = { text: text.replace(/\s+/g, ""), at: 0 };
  return readType(reader);
}

type Reader = { readonly text: string; at: number };

const namePattern = /[@\w.]*/y;

function readType(reader: Reader): TypeRef {
  namePattern.lastIndex = reader.at;
  const written = namePattern.exec(reader.text)?.[0] ?? "";
  reader.at += written.length;
  const args: TypeRef[] = [];
  if (reader.text.charAt(reader.at) === "<") {
    do {
      reader.at += 1;
      args.push(readType(reader));
    } while (reader.text.charAt(reader.at) === ",");
    reader.at += 1;
  }
  let isNullable = false;
  let rank = 0;
  for (; reader.at < reader.text.length; reader.at += 1) {
    if (reader.text.charAt(reader.at) === "?") isNullable = true;
    else if (reader.text.startsWith("[]", reader.at)) {
      rank += 1;
      reader.at += 1;
    } else break;
  }
  const short = written.slice(written.lastIndexOf(".") + 1);
  const name = Object.hasOwn(keywords, short) ? (keywords[short] ?? short) : short;
  const [inner] = args;
  if (name === "Nullable" && inner !== undefined) return { ...inner, isNullable: true, rank };
  return { name, args, isNullable, rank };
}

/** The type as code writes it. */
export function printType({ name, args, isNullable, rank }: TypeRef): string {
  const generic = args.length === 0 ? "" : `<${args.map(printType).join(", ")}>`;
  return `${name}${generic}${isNullable ? "?" : ""}${"[]".repeat(rank)}`;
}

const valueTypes = new Set(
  "bool byte sbyte char short ushort int uint long ulong float double decimal DateTime DateTimeOffset TimeSpan Guid KeyValuePair".split(
    " ",
  ),
);
const enumTypes = new Set(
  "StringComparison StringSplitOptions DateTimeKind DayOfWeek Formatting JTokenType RegexOptions MidpointRounding UriPartial".split(
    " ",
  ),
);

/** Whether a variable of the type cannot be null. */
export function isValueType({ name, isNullable, rank }: TypeRef): boolean {
  return !isNullable && rank === 0 && (valueTypes.has(name) || enumTypes.has(name));
}
