import type { Path } from "./finding.ts";

/** A path as people write it: `backends.aoai.circuitBreaker`, `members[0]`, `apis["a.b"]`. */
export function formatPath(path: Path): string {
  let shown = "";
  for (const segment of path) {
    if (typeof segment === "number") shown += `[${segment}]`;
    else if (!/^[A-Za-z_][\w-]*$/.test(segment)) shown += `[${JSON.stringify(segment)}]`;
    else shown += shown === "" ? segment : `.${segment}`;
  }
  return shown;
}

/** What a value is called in a message: its key, or its list's key with the index. */
export function lastName(path: Path): string {
  const names = path.findLastIndex((segment) => typeof segment === "string");
  return formatPath(path.slice(Math.max(0, names)));
}
