/** `StringComparison` and `StringComparer`. */
import { compareOrdinal, compareText, keyIgnoringCase, keyOf } from "../equality.ts";
import { EnumValue } from "../values.ts";
import type { KeyOf, ObjectValue, Value } from "../values.ts";
import { defineMembers, defineStatics, instanceOf } from "./registry.ts";

class StringComparerValue implements ObjectValue {
  readonly kind = "StringComparer";
  constructor(
    readonly isOrdinal: boolean,
    readonly ignoresCase: boolean,
  ) {}

  get keyOf(): KeyOf {
    return this.ignoresCase ? keyIgnoringCase : keyOf;
  }

  compare(a: string, b: string): number {
    if (!this.isOrdinal) return compareText(a, b, this.ignoresCase);
    return this.ignoresCase ? compareOrdinal(a.toUpperCase(), b.toUpperCase()) : compareOrdinal(a, b);
  }
}

const comparers: Readonly<Record<string, StringComparerValue>> = {
  CurrentCulture: new StringComparerValue(false, false),
  CurrentCultureIgnoreCase: new StringComparerValue(false, true),
  InvariantCulture: new StringComparerValue(false, false),
  InvariantCultureIgnoreCase: new StringComparerValue(false, true),
  Ordinal: new StringComparerValue(true, false),
  OrdinalIgnoreCase: new StringComparerValue(true, true),
};

/** How a member of StringComparison, or a StringComparer, compares; undefined for anything else. */
export function comparerOf(value: Value): StringComparerValue | undefined {
  if (value instanceof StringComparerValue) return value;
  return value instanceof EnumValue && value.type === "StringComparison" ? comparers[value.name] : undefined;
}

defineStatics("StringComparer", {
  get: Object.fromEntries(Object.entries(comparers).map(([name, comparer]) => [name, () => comparer])),
});

defineMembers(["StringComparer"], instanceOf(StringComparerValue), {
  call: {
    Compare: (comparer, args) => comparer.compare(args.text(0), args.text(1)),
    Equals: (comparer, args) => {
      const [a, b] = [args.textOrNull(0), args.textOrNull(1)];
      return a === null || b === null ? a === b : comparer.keyOf(a) === comparer.keyOf(b);
    },
  },
});
