/** What every value has, and the members of small types: records, exceptions, types, nullables. */
import { areSame, compareForSort, keyOf } from "../equality.ts";
import { NotSimulated } from "../errors.ts";
import { formatValue } from "../format/format-value.ts";
import { fullTypeName, typeNameOf } from "../type-names.ts";
import {
  EnumValue,
  ExceptionValue,
  FunctionValue,
  RecordValue,
  SequenceValue,
  TypeValue,
} from "../values.ts";
import type { Value } from "../values.ts";
import { defineMembers, defineStatics, instanceOf } from "./registry.ts";
import { hashCode } from "./strings.ts";

function isValue(value: Value): value is Exclude<Value, null> {
  return value !== null;
}

defineMembers(["*"], isValue, {
  get: {
    // Of a nullable: the value itself, which here is never wrapped.
    HasValue: () => true,
    Value: (value) => {
      if (
        typeof value === "object" &&
        !(value instanceof EnumValue) &&
        !/^[a-z]|^(DateTime|TimeSpan|Guid)/.test(typeNameOf(value))
      ) {
        throw new NotSimulated(`Member 'Value' of ${typeNameOf(value)} is not simulated.`);
      }
      return value;
    },
  },
  call: {
    CompareTo: (value, args) => {
      const order = compareForSort(value, args.at(0));
      if (order === undefined) throw args.refuse(0);
      return Math.sign(order);
    },
    Equals: (value, args) => areSame(value, args.at(0)),
    GetHashCode: (value, args) =>
      typeof value === "number"
        ? value
        : hashCode(String(typeof keyOf(value) === "object" ? typeNameOf(value) : keyOf(value)), args.ev),
    GetType: (value) => new TypeValue(typeNameOf(value)),
    GetValueOrDefault: (value) => value,
    ToString: (value, args) =>
      args.ev.text(formatValue(value, typeof args.at(0) === "string" ? args.text(0) : "")),
    Dispose: () => null,
  },
});

defineStatics("object", {
  call: {
    Equals: (args) => areSame(args.at(0), args.at(1)),
    ReferenceEquals: (args) => typeof args.at(0) === "object" && args.at(0) === args.at(1),
  },
});

defineMembers(["Exception"], instanceOf(ExceptionValue), {
  get: {
    InnerException: ({ inner }) => inner,
    Message: ({ message }) => message,
    Source: () => "expression",
    StackTrace: () => "",
  },
});

defineMembers(["Type"], instanceOf(TypeValue), {
  get: {
    FullName: ({ name }) => fullTypeName(name),
    Name: ({ name }) => fullTypeName(name).replace(/^.*\./, ""),
  },
});

const fieldNames = ["Key", "Value", "Item1", "Item2", "Item3", "Item4", "Item5", "Item6", "Item7"];

function field(name: string) {
  return ({ fields }: RecordValue): Value => {
    const value = fields.get(name);
    if (value === undefined) throw new NotSimulated(`There is no member '${name}'.`);
    return value;
  };
}

defineMembers(["KeyValuePair", "Tuple"], instanceOf(RecordValue), {
  get: Object.fromEntries(fieldNames.map((name) => [name, field(name)])),
});

defineStatics("Tuple", {
  call: {
    Create: ({ values }) =>
      new RecordValue("Tuple", new Map(values.map((value, index) => [`Item${index + 1}`, value]))),
  },
});

defineMembers(["Grouping"], instanceOf(SequenceValue), { get: { Key: ({ key }) => key ?? null } });

defineMembers(["Function"], instanceOf(FunctionValue), {
  call: { Invoke: (fn, args) => fn.call(args.values) },
});

defineMembers(["enum"], instanceOf(EnumValue), {
  call: {
    HasFlag: ({ value }, args) => {
      const other = args.at(0);
      if (!(other instanceof EnumValue)) throw args.refuse(0, "enum");
      return (value & other.value) === other.value;
    },
  },
});
