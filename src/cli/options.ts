/** Options as data: commander parses by them, help is generated from them, and handlers get their types from them. */
import type { Environment } from "./context.ts";

export type OptionDefinition<Value> = {
  /** Commander's notation. The long name in camelCase is the key in the option table: `--xml-format` is `xmlFormat`. */
  readonly flags: string;
  readonly description: string;
  readonly choices?: readonly string[];
  readonly default?: string | number;
  /** What the option means when it is given without its optional value. */
  readonly preset?: string;
  /** Environment variable read when the option is not given. */
  readonly env?: string;
  /** Whole number within these bounds. */
  readonly range?: { readonly min: number; readonly max: number };
  /** Can be given several times; the values are collected. */
  readonly isRepeatable?: true;
  /** Keys of options that cannot be given together with this one. */
  readonly conflicts?: readonly string[];
  /** From what commander parsed to the value the handler gets. */
  readonly read: (parsed: unknown, env: Environment) => Value;
};

export type OptionTable = Readonly<Record<string, OptionDefinition<unknown>>>;

export type OptionValues<Table extends OptionTable> = {
  readonly [Name in keyof Table]: Table[Name] extends OptionDefinition<infer Value> ? Value : never;
};

/** An option without a value. */
export function flag(flags: string, description: string): OptionDefinition<boolean> {
  return { flags, description, read: (parsed) => parsed === true };
}

/** An option with a text value; undefined when it is not given. */
export function text(
  flags: string,
  description: string,
  more: { readonly env?: string; readonly preset?: string; readonly conflicts?: readonly string[] } = {},
): OptionDefinition<string | undefined> {
  const { env: variable } = more;
  return {
    flags,
    description,
    ...more,
    read: (parsed, env) => {
      if (typeof parsed === "string") return parsed;
      const fromEnvironment = variable === undefined ? undefined : env[variable];
      return fromEnvironment === "" ? undefined : fromEnvironment;
    },
  };
}

export function textWithDefault(
  flags: string,
  description: string,
  fallback: string,
): OptionDefinition<string> {
  return {
    flags,
    description,
    default: fallback,
    read: (parsed) => (typeof parsed === "string" ? parsed : fallback),
  };
}

/** One of several words; the first is the default. */
export function choice<const Choices extends readonly [string, ...string[]]>(
  flags: string,
  description: string,
  choices: Choices,
): OptionDefinition<Choices[number]> {
  const [fallback] = choices;
  const isChoice = (value: unknown): value is Choices[number] => choices.some((item) => item === value);
  return {
    flags,
    description,
    choices,
    default: fallback,
    read: (parsed) => (isChoice(parsed) ? parsed : fallback),
  };
}

/** One of several words; undefined when it is not given. */
export function optionalChoice<const Choices extends readonly string[]>(
  flags: string,
  description: string,
  choices: Choices,
): OptionDefinition<Choices[number] | undefined> {
  const isChoice = (value: unknown): value is Choices[number] => choices.some((item) => item === value);
  return { flags, description, choices, read: (parsed) => (isChoice(parsed) ? parsed : undefined) };
}

/** A text option that can be given several times. */
export function texts(flags: string, description: string): OptionDefinition<readonly string[]> {
  const areTexts = (value: unknown): value is readonly string[] =>
    Array.isArray(value) && value.every((item) => typeof item === "string");
  return {
    flags,
    description,
    isRepeatable: true,
    read: (parsed) => (areTexts(parsed) ? parsed : []),
  };
}

/** A whole number; undefined when it is not given. */
export function optionalWholeNumber(
  flags: string,
  description: string,
  range: { readonly min: number; readonly max: number },
): OptionDefinition<number | undefined> {
  return {
    flags,
    description,
    range,
    read: (parsed) => (typeof parsed === "number" ? parsed : undefined),
  };
}

/** An option that is on unless it is given as `--no-…`. */
export function switchOff(flags: string, description: string): OptionDefinition<boolean> {
  return { flags, description, read: (parsed) => parsed !== false };
}

export function wholeNumber(
  flags: string,
  description: string,
  bounds: { readonly min: number; readonly max: number; readonly default: number },
): OptionDefinition<number> {
  return {
    flags,
    description,
    default: bounds.default,
    range: bounds,
    read: (parsed) => (typeof parsed === "number" ? parsed : bounds.default),
  };
}
