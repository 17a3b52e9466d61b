/** Enumerations that expressions may name. */
import { EnumValue } from "../values.ts";

const enumerations: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  DateTimeKind: { Unspecified: 0, Utc: 1, Local: 2 },
  DayOfWeek: { Sunday: 0, Monday: 1, Tuesday: 2, Wednesday: 3, Thursday: 4, Friday: 5, Saturday: 6 },
  Formatting: { None: 0, Indented: 1 },
  JTokenType: {
    ...{
      None: 0,
      Object: 1,
      Array: 2,
      Constructor: 3,
      Property: 4,
      Comment: 5,
      Integer: 6,
      Float: 7,
      String: 8,
    },
    ...{ Boolean: 9, Null: 10, Undefined: 11, Date: 12, Raw: 13, Bytes: 14, Guid: 15, Uri: 16, TimeSpan: 17 },
  },
  MidpointRounding: { ToEven: 0, AwayFromZero: 1 },
  RegexOptions: {
    ...{ None: 0, IgnoreCase: 1, Multiline: 2, ExplicitCapture: 4, Compiled: 8, Singleline: 16 },
    ...{ IgnorePatternWhitespace: 32, RightToLeft: 64, ECMAScript: 256, CultureInvariant: 512 },
  },
  StringComparison: {
    ...{ CurrentCulture: 0, CurrentCultureIgnoreCase: 1, InvariantCulture: 2, InvariantCultureIgnoreCase: 3 },
    ...{ Ordinal: 4, OrdinalIgnoreCase: 5 },
  },
  StringSplitOptions: { None: 0, RemoveEmptyEntries: 1 },
  UriKind: { RelativeOrAbsolute: 0, Absolute: 1, Relative: 2 },
  UriPartial: { Scheme: 0, Authority: 1, Path: 2, Query: 3 },
  ProductState: { NotPublished: 0, Published: 1 },
};

export function isEnumType(name: string): boolean {
  return Object.hasOwn(enumerations, name);
}

/** A member by its name; undefined when the enumeration has none such. */
export function enumMember(type: string, name: string): EnumValue | undefined {
  const members = enumerations[type];
  const value = members !== undefined && Object.hasOwn(members, name) ? members[name] : undefined;
  return value === undefined ? undefined : new EnumValue(type, name, value);
}

/** A member by its number. */
export function enumOf(type: string, value: number): EnumValue {
  const name = Object.entries(enumerations[type] ?? {}).find(([, held]) => held === value)?.[0];
  return new EnumValue(type, name ?? String(value), value);
}
