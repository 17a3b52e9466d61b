import { allowedTypes, expressionInterfaces, refusedMembers } from "./expression-table.ts";
import { refusedTypes } from "./refused-types.ts";
import type { TypeMembers } from "./table-types.ts";

/** C#'s own words for types. */
export const keywordTypes: Readonly<Record<string, string>> = {
  bool: "System.Boolean",
  byte: "System.Byte",
  char: "System.Char",
  decimal: "System.Decimal",
  double: "System.Double",
  float: "System.Single",
  int: "System.Int32",
  long: "System.Int64",
  object: "System.Object",
  sbyte: "System.SByte",
  short: "System.Int16",
  string: "System.String",
  uint: "System.UInt32",
  ulong: "System.UInt64",
  ushort: "System.UInt16",
};

const keywordByType = new Map(Object.entries(keywordTypes).map(([keyword, type]) => [type, keyword]));
const allowed = new Map(
  Object.entries(allowedTypes).map(([name, members]) => [withoutGenerics(name), members]),
);
const allowedByShortName = new Map([...allowed.keys()].map((name) => [lastName(name), name]));
const refusedByShortName = new Map(refusedTypes.map((name) => [lastName(name), name]));
const interfaceNames = new Set(Object.keys(expressionInterfaces));

/** What samples use or the compiler brings along although no list has it: nothing is said about these. */
const tolerated = new Set([
  ...[
    "Action",
    "Comparison",
    "Func",
    "Predicate",
    "IGrouping",
    "ILookup",
    "IOrderedEnumerable",
    "IEnumerable",
  ],
  ...[
    "MatchCollection",
    "ValueTuple",
    "EqualityComparer",
    "Comparer",
    "IComparable",
    "IEquatable",
    "IDisposable",
  ],
  ...["IFormatProvider", "Type", "Attribute", "dynamic", "var"],
]);

/** The name a type goes by in `typeOf` and in messages: keyword, interface or full name; undefined when it is not known. */
export function canonicalType(name: string): string | undefined {
  const plain = name.replace(/\s+/g, "");
  const nullable = plain.endsWith("?") ? "?" : "";
  const bare = nullable === "" ? plain : plain.slice(0, -1);
  if (bare in keywordTypes || interfaceNames.has(bare)) return bare + nullable;
  const full = allowedType(bare);
  return full === undefined ? undefined : (keywordByType.get(full) ?? full) + nullable;
}

/** Full name of an allowed type given by keyword, short or full name, without type arguments. */
export function allowedType(name: string): string | undefined {
  const bare = withoutGenerics(name);
  if (Object.hasOwn(keywordTypes, bare)) return keywordTypes[bare];
  return allowed.has(bare) ? bare : allowedByShortName.get(bare);
}

/** Full name of a .NET type that is known to lie outside the list, given by its short name. */
export function refusedType(shortName: string): string | undefined {
  return allowedByShortName.has(shortName) ? undefined : refusedByShortName.get(shortName);
}

/** Whether the name may stand for a type: listed, reached from `context`, or one nothing is said about. */
export function isKnownTypeName(name: string): boolean {
  return interfaceNames.has(name) || tolerated.has(name) || allowedType(name) !== undefined;
}

/** Members of an allowed type that may be used. */
export function allowedMembers(fullName: string): TypeMembers | undefined {
  return allowed.get(fullName);
}

/** Every object has them, in whatever list they are missing. */
const everyMember = new Set(["Equals", "GetHashCode", "GetType", "ToString", "ReferenceEquals"]);

/** Whether a type is allowed without this member. `.ctor` stands for the constructors. */
export function isRefusedMember(fullName: string, member: string): boolean {
  if (refusedMembers[fullName]?.includes(member) === true) return true;
  const members = allowedMembers(fullName);
  return members !== undefined && members !== "all" && !everyMember.has(member) && !members.includes(member);
}

/** All names a type can have in an expression, for "did you mean". */
export function knownTypeNames(): string[] {
  return [...allowedByShortName.keys(), ...interfaceNames];
}

/** Whether a namespace holds allowed types, or begins the name of one that does. */
export function isNamespace(name: string): boolean {
  return namespaces.has(name);
}

const namespaces = new Set(
  [...allowed.keys(), ...refusedTypes].flatMap((name) => {
    const parts = name.split(".");
    return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("."));
  }),
);

function withoutGenerics(name: string): string {
  const open = name.indexOf("<");
  return open === -1 ? name : name.slice(0, open);
}

function lastName(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}
