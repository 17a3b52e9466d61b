/** The end of a message about a name that is not known. */
export function didYouMean(nearest: string | undefined): string {
  return nearest === undefined ? "" : `, did you mean \`${nearest}\`?`;
}

/** Known names for a help line, or that there are none. */
export function listNames(what: string, names: readonly string[]): string {
  const shown = names.slice(0, 20).map((name) => `\`${name}\``);
  const rest = names.length - shown.length;
  if (shown.length === 0) return `the spec has no ${what}`;
  return `known ${what}: ${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
