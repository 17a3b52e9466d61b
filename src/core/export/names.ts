/**
 * Names of variables and resources in the exported languages. A name depends on what it stands for and on nothing else, so that
 * adding a resource renames no other: for Terraform, renaming is deleting and making anew. Where two would come out alike,
 * both get a suffix made of what they stand for.
 */
import { createHash } from "node:crypto";

export type Named = {
  /** What it stands for, unique: `backends/aoai`. */
  readonly key: string;
  readonly words: readonly string[];
};

/** Names by key. `write` makes one of words that hold letters and digits only; names of `reserved` are given to none. */
export function nameAll(
  wanted: readonly Named[],
  write: (words: readonly string[]) => string,
  reserved: readonly string[] = [],
): ReadonlyMap<string, string> {
  const plain = wanted.map(({ key, words }) => ({ key, name: write(words.flatMap(plainWords)) }));
  const counts = new Map<string, number>(reserved.map((name) => [name, 1]));
  for (const { name } of plain) counts.set(name, (counts.get(name) ?? 0) + 1);
  return new Map(
    plain.map(({ key, name }) => [key, (counts.get(name) ?? 0) > 1 ? `${name}_${shortDigest(key)}` : name]),
  );
}

/** `plainSecretValue`, as Bicep's and ARM's own examples are written. */
export function camelCase(words: readonly string[]): string {
  const [first = "", ...rest] = words;
  return withLetterFirst([first.charAt(0).toLowerCase() + first.slice(1), ...rest.map(capitalized)].join(""));
}

/** `plain_secret_value`, as Terraform's are; letters keep their case, which tells `a_B` from `a_b`. */
export function snakeCase(words: readonly string[]): string {
  return withLetterFirst(words.join("_"));
}

function plainWords(word: string): string[] {
  return word.split(/[^A-Za-z0-9]+/).filter((part) => part !== "");
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function withLetterFirst(name: string): string {
  return /^[A-Za-z]/.test(name) ? name : `_${name}`;
}

/** Eight hexadecimal digits of a key. */
export function shortDigest(key: string): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 8);
}
