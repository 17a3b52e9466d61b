import { acceptedScalars, childShape, rootShape, type Shape } from "./schema-shape.ts";
import type { Path, Report } from "./finding.ts";
import { textOffset } from "./value-offset.ts";
import {
  withEntries,
  type ValuePiece,
  type YamlEntry,
  type YamlList,
  type YamlMap,
  type YamlNode,
  type YamlScalar,
} from "./yaml-node.ts";
import { resolvePlain } from "./yaml-scalar.ts";

export type Variables = Readonly<Record<string, string | undefined>>;

export type VariableContext = {
  /** The file's text, for positions. */
  readonly text: string;
  readonly variables: Variables;
  readonly report: Report;
};

/**
 * Replaces `${NAME}` and `${NAME:-default}` in all string values. As in shells an empty variable is set for the first form
 * and takes the default in the second. `$${` stands for `${`. Values that cannot be known are marked unresolved.
 */
export function substituteVariables(root: YamlMap, context: VariableContext): YamlMap {
  return substituteMap(root, rootShape, [], context);
}

type Trail = (string | number)[];

/** `trail` is the way to the node: one array for the whole walk, copied where it is reported. Unchanged nodes are kept. */
function substituteNode(node: YamlNode, shape: Shape, trail: Trail, context: VariableContext): YamlNode {
  switch (node.kind) {
    case "scalar":
      return node.text.includes("${") ? substituteScalar(node, shape, trail, context) : node;
    case "list":
      return substituteList(node, shape, trail, context);
    case "map":
      return substituteMap(node, shape, trail, context);
  }
}

function substituteList(node: YamlList, shape: Shape, trail: Trail, context: VariableContext): YamlList {
  const items = node.items.map((item, index) => {
    trail.push(index);
    const value = substituteNode(item, childShape(shape, index), trail, context);
    trail.pop();
    return value;
  });
  return items.every((item, index) => item === node.items[index]) ? node : { ...node, items };
}

function substituteMap(node: YamlMap, shape: Shape, trail: Trail, context: VariableContext): YamlMap {
  let changed: Map<string, YamlEntry> | undefined;
  for (const [key, entry] of node.entries) {
    trail.push(key);
    const value = substituteNode(entry.value, childShape(shape, key), trail, context);
    trail.pop();
    if (value === entry.value) continue;
    changed ??= new Map(node.entries);
    changed.set(key, { key: entry.key, value });
  }
  return changed ? withEntries(node, changed) : node;
}

function substituteScalar(
  node: YamlScalar,
  shape: Shape,
  trail: Trail,
  context: VariableContext,
): YamlScalar {
  if (typeof node.value !== "string" || (node.origin && "flag" in node.origin)) return node;
  const expansion = new Expansion(node, [...trail], context);
  const value = expansion.run();
  const origin = { variables: expansion.pieces };
  if (!expansion.isResolved) return { ...node, origin, unresolved: true };
  return { ...node, origin, value: expansion.hasVariables ? convert(value, shape) : value };
}

/** A variable is text; where only a number or a boolean can stand, it is read as one if it can be. */
function convert(value: string, shape: Shape): string | number | boolean {
  const accepted = acceptedScalars(shape);
  const read = resolvePlain(value);
  if (typeof read === "number" && Number.isFinite(read) && accepted.has("number")) return read;
  if (typeof read === "boolean" && accepted.has("boolean")) return read;
  return value;
}

const opening = /\$?\$\{/g;
const variable = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?:(:-)([^{}]*))?\}/y;

/** One scalar's text with its variables replaced; remembers which part of the value came from where. */
class Expansion {
  readonly pieces: ValuePiece[] = [];
  isResolved = true;
  hasVariables = false;
  #value = "";
  readonly #node: YamlScalar;
  readonly #path: Path;
  readonly #context: VariableContext;

  constructor(node: YamlScalar, path: Path, context: VariableContext) {
    this.#node = node;
    this.#path = path;
    this.#context = context;
  }

  run(): string {
    const { text } = this.#node;
    let at = 0;
    for (let found = nextOpening(text, at); found; found = nextOpening(text, at)) {
      this.#add(text.slice(at, found.index), at, false);
      at = found[0] === "$${" ? this.#addEscaped(found.index) : this.#addVariable(found.index);
    }
    this.#add(text.slice(at), at, false);
    return this.#value;
  }

  #add(part: string, from: number, isVariable: boolean): void {
    this.pieces.push({ at: this.#value.length, from, isVariable });
    this.#value += part;
  }

  #addEscaped(from: number): number {
    this.#add("${", from + 1, false);
    return from + 3;
  }

  /** Returns the offset after the variable. */
  #addVariable(from: number): number {
    variable.lastIndex = from;
    const found = variable.exec(this.#node.text);
    if (!found) {
      this.#reportMalformed(from);
      this.#add("${", from, false);
      return from + 2;
    }
    this.hasVariables = true;
    const [written, name = "", hasDefault, fallback = ""] = found;
    const set = Object.hasOwn(this.#context.variables, name) ? this.#context.variables[name] : undefined;
    const value = hasDefault && (set === undefined || set === "") ? fallback : set;
    if (value === undefined) this.#reportUnset(name, from, written.length);
    this.#add(value ?? "", from, true);
    return from + written.length;
  }

  #reportUnset(name: string, from: number, length: number): void {
    this.isResolved = false;
    this.#context.report({
      rule: "unset-variable",
      message: `the variable \`${name}\` is not set`,
      span: this.#span(from, length),
      path: this.#path,
      help: `set it in the environment, give a default with \`\${${name}:-default}\`, or write \`$\${${name}}\` for the text itself`,
    });
  }

  #reportMalformed(from: number): void {
    this.isResolved = false;
    const written = /^\$\{[^}\n]{0,40}\}?/.exec(this.#node.text.slice(from))?.[0] ?? "${";
    this.#context.report({
      rule: "malformed-variable",
      message: `\`${written}\` is not a variable: ${malformation(written)}`,
      span: this.#span(from, written.length),
      path: this.#path,
      help: "write `${NAME}` or `${NAME:-default}`; for the text itself write `$${`",
    });
  }

  #span(from: number, length: number): { start: number; end: number } {
    const start = textOffset(this.#context.text, this.#node, from);
    if (start === undefined) return { start: this.#node.start, end: this.#node.end };
    return { start, end: Math.min(start + length, Math.max(start, this.#node.end)) };
  }
}

function nextOpening(text: string, from: number): RegExpExecArray | null {
  opening.lastIndex = from;
  return opening.exec(text);
}

function malformation(written: string): string {
  if (!written.endsWith("}")) return "its `}` is missing";
  if (/^\$\{[A-Za-z_][A-Za-z0-9_]*:-/.test(written))
    return "a default cannot hold `{`, `}` or another variable";
  if (/^\$\{[A-Za-z_][A-Za-z0-9_]*[-:=?+]/.test(written)) return "a default is written after `:-`";
  return "a name has letters, digits and underscores, and does not start with a digit";
}
