/** A spec as the text of gateway.yaml, laid out as people write it. Reading it gives the spec back. */
import { dump } from "js-yaml";
import { pointer } from "../spec/source.ts";

export type SpecComments = {
  /** Lines at the top of the file. */
  readonly head: readonly string[];
  /** Lines above an entry, by its JSON pointer. */
  readonly above: ReadonlyMap<string, readonly string[]>;
};

/** The longest line that is still read at a glance: what fits is not broken up. */
const width = 110;

type Path = readonly string[];

/** Members that are undefined are left out. Texts are never broken over lines, and `${` in them is escaped. */
export function printSpec(spec: object, { head, above }: SpecComments): string {
  const blocks = membersOf(spec).map(([key, value]) => {
    const lines = [...commentLines(above.get(pointer(key)) ?? [], ""), ...entryLines([key], value, above)];
    return lines.join("\n");
  });
  const isShort = (key: string): boolean => key === "name";
  const body = membersOf(spec).map(
    ([key], index) => `${isShort(key) || index === 0 ? "" : "\n"}${blocks[index] ?? ""}`,
  );
  return `${[...commentLines(head, ""), ...(head.length > 0 ? [""] : []), ...body].join("\n")}\n`;
}

function membersOf(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, member]) => member !== undefined);
}

function commentLines(lines: readonly string[], indent: string): string[] {
  return lines.map((line) => `${indent}# ${line}`.trimEnd());
}

/** `key: value`, with everything below. */
function entryLines(path: Path, value: unknown, above: SpecComments["above"]): string[] {
  const indent = "  ".repeat(path.length - 1);
  const start = `${indent}${keyText(path.at(-1) ?? "")}:`;
  const flow = flowText(value);
  if (typeof value === "string") return [`${start} ${ownLine(value)}`];
  const isAtomic = typeof value !== "object" || value === null || isEmpty(value);
  if (isAtomic || (mayBeFlow(path, value) && start.length + 1 + flow.length <= width))
    return [`${start} ${flow}`];
  if (Array.isArray(value)) return [start, ...itemLines(value, `${indent}  `)];
  const entries = membersOf(value).flatMap(([key, member]) => {
    const inner = [...path, key];
    return [
      ...commentLines(above.get(pointer(...inner)) ?? [], `${indent}  `),
      ...entryLines(inner, member, above),
    ];
  });
  return [start, ...entries];
}

function isEmpty(value: object): boolean {
  return membersOf(value).length === 0;
}

/** Each item on its line. */
function itemLines(items: readonly unknown[], indent: string): string[] {
  return items.map((item) => `${indent}- ${flowText(item)}`);
}

/** Collections whose entries are a line each. */
const lineEntries = ["namedValues", "fragments", "existing"];

function mayBeFlow(path: Path, value: unknown): boolean {
  if (Array.isArray(value)) return value.every((item) => typeof item !== "object");
  const [collection = "", , key] = path;
  if (lineEntries.includes(collection)) return path.length === 2;
  if (path.length < 3 || key === "circuitBreaker") return false;
  return key !== "operations" || path.length > 4;
}

function flowText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => flowText(item)).join(", ")}]`;
  if (typeof value !== "object" || value === null) return scalar(value);
  if (isEmpty(value)) return "{}";
  const entries = membersOf(value).map(([key, member]) => `${keyText(key)}: ${flowText(member)}`);
  return `{ ${entries.join(", ")} }`;
}

/** Keys are no values: `on` needs no quotes in YAML 1.2. */
function keyText(key: string): string {
  return key === "on" ? key : scalar(key);
}

/** Outside of brackets fewer texts need quotes. */
function ownLine(value: string): string {
  // Only the line end: other white space at the end, such as U+00A0, is the text's own.
  const text = dump({ k: escaped(value) }, style)
    .replace(/\n+$/, "")
    .slice("k: ".length);
  return text.includes("\n") ? scalar(value) : text;
}

const style = { lineWidth: -1, quoteStyle: "double" } as const;

/** `${` stands for itself. */
function escaped(value: string): string {
  // Half a surrogate pair cannot be written at all.
  return value.toWellFormed().replaceAll("${", () => "$${");
}

/** On one line, and safe inside brackets too. */
function scalar(value: unknown): string {
  const written = typeof value === "string" ? escaped(value) : value;
  return dump([written], { ...style, flowLevel: 0 })
    .trimEnd()
    .slice(1, -1);
}
