import { boolCoreTag, floatCoreTag, intCoreTag, nullCoreTag, NOT_RESOLVED } from "js-yaml";

export type ScalarValue = string | number | boolean | null;

const implicitTags = [nullCoreTag, boolCoreTag, intCoreTag, floatCoreTag];

const explicitTags = {
  "!!null": nullCoreTag,
  "!!bool": boolCoreTag,
  "!!int": intCoreTag,
  "!!float": floatCoreTag,
} as const;

/** What an unquoted scalar is by the core schema of YAML 1.2: `yes` is text, `0x10` is 16, nothing is null. */
export function resolvePlain(text: string): ScalarValue {
  for (const tag of implicitTags) {
    const first = tag.implicitFirstChars;
    if (first !== null && !first.includes(text.charAt(0))) continue;
    const value = tag.resolve(text, false, tag.tagName);
    if (value !== NOT_RESOLVED) return value;
  }
  return text;
}

/** The value of a tagged scalar; undefined when the tag is not a scalar tag of the core schema, or the text does not fit it. */
export function resolveTagged(text: string, tag: string): ScalarValue | undefined {
  if (tag === "!" || tag === "!!str") return text;
  const known = isExplicitTag(tag) ? explicitTags[tag] : undefined;
  const value = known?.resolve(text, true, known.tagName);
  return value === NOT_RESOLVED ? undefined : value;
}

function isExplicitTag(tag: string): tag is keyof typeof explicitTags {
  return Object.hasOwn(explicitTags, tag);
}

/** `!<tag:yaml.org,2002:str>` written as `!!str`; other spellings as they are. */
export function shortTag(written: string): string {
  const verbatim = /^!<tag:yaml\.org,2002:(.*)>$/.exec(written);
  return verbatim ? `!!${verbatim[1] ?? ""}` : written;
}
