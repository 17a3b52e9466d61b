const lineWidth = 110;

/**
 * JSON with an indentation of two spaces, in which a value that fits on its line stays on one line: what prettier makes of
 * it, and half the size of one value a line.
 */
export function printJson(value: unknown): string {
  return `${print(value, 0, 0)}\n`;
}

/** `taken`: characters already on the value's line, or to come after it. */
function print(value: unknown, depth: number, taken: number): string {
  const flat = printFlat(value);
  if (taken + flat.length <= lineWidth || typeof value !== "object" || value === null) return flat;
  const indent = "  ".repeat(depth + 1);
  const end = `\n${"  ".repeat(depth)}`;
  if (Array.isArray(value)) {
    const items = value.map((item) => indent + print(item, depth + 1, indent.length + 1));
    return `[\n${items.join(",\n")}${end}]`;
  }
  const members = Object.entries(value).map(([key, member]) => {
    const start = `${indent}${JSON.stringify(key)}: `;
    return start + print(member, depth + 1, start.length + 1);
  });
  return `{\n${members.join(",\n")}${end}}`;
}

function printFlat(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printFlat).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([key, member]) => `${JSON.stringify(key)}: ${printFlat(member)}`,
  );
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}
