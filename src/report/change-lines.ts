/** What changes in a resource, as lines with a sign: the human and the markdown plan draw the same lines. */
import { isJsonObject, type Json, type JsonObject } from "../core/json.ts";
import type { Change, Edit } from "../core/plan/plan.ts";
import { visible, visibleLine } from "./visible.ts";

export type ChangeLine = {
  /** `+` added, `-` removed, `~` changed from one value to another, `@` place in a document, ` ` everything else. */
  readonly sign: "+" | "-" | "~" | "@" | " ";
  readonly text: string;
};

/** Values longer than this are cut, unless everything is asked for. */
const longestValue = 160;
const mostProperties = 8;

/** The lines of a create, update or adopt; empty for a delete. `full`: nothing is cut, new documents are shown. */
export function changeLines(change: Change, { full }: { readonly full: boolean }): ChangeLine[] {
  switch (change.action) {
    case "create":
      return isDocument(change) ? newDocumentLines(change, full) : newResourceLines(change.after, full);
    case "update":
      return differenceLines(change, full);
    case "adopt": {
      const lines = differenceLines(change, full);
      return lines.length > 0
        ? lines
        : [{ sign: " ", text: "(as in the spec already: only the mark is added)" }];
    }
    case "delete":
      return [];
  }
}

function isDocument({ kind }: Change): boolean {
  return kind === "policy" || kind === "fragment";
}

function differenceLines(change: Change, full: boolean): ChangeLine[] {
  const edits = change.edits.map((edit) => editLine(edit, full ? Infinity : longestValue));
  return isDocument(change) ? [...edits, ...diffLines(change.diff)] : edits;
}

function newDocumentLines({ after }: Change, full: boolean): ChangeLine[] {
  const text = property(after, "value");
  if (!full || typeof text !== "string") return [];
  return visible(text)
    .trimEnd()
    .split("\n")
    .map((line) => ({ sign: "+", text: line }));
}

function newResourceLines(after: JsonObject | null, full: boolean): ChangeLine[] {
  const properties = leaves(after?.["properties"] ?? {}, "").filter(({ name }) => name !== "description");
  const shown = full ? properties : properties.slice(0, mostProperties);
  const lines = shown.map(({ name, value }): ChangeLine => {
    const text = excerpt(json(value), full ? Infinity : longestValue);
    return { sign: "+", text: `${visibleLine(name)}: ${text}` };
  });
  const left = properties.length - shown.length;
  return left === 0 ? lines : [...lines, { sign: " ", text: `(${left} more with --verbose)` }];
}

function property(body: JsonObject | null, name: string): Json | undefined {
  const properties = body?.["properties"];
  return isJsonObject(properties) ? properties[name] : undefined;
}

/** Values with their dotted names; lists stay whole, sorted by name. */
function leaves(value: Json, name: string): { readonly name: string; readonly value: Json }[] {
  if (!isJsonObject(value)) return [{ name, value }];
  return Object.keys(value)
    .sort()
    .flatMap((key) => {
      const member = value[key];
      return member === undefined ? [] : leaves(member, name === "" ? key : `${name}.${key}`);
    });
}

function editLine(edit: Edit, limit: number): ChangeLine {
  const name = visibleLine(edit.path.replace(/^properties\./, ""));
  if (edit.isSecret === true) return { sign: "~", text: `${name}: (secret)` };
  if (edit.before === undefined) return { sign: "+", text: `${name}: ${excerpt(json(edit.after), limit)}` };
  if (edit.after === undefined) return { sign: "-", text: `${name}: ${excerpt(json(edit.before), limit)}` };
  const before = json(edit.before);
  const after = json(edit.after);
  const from = before.length > limit || after.length > limit ? commonStart(before, after) : 0;
  return { sign: "~", text: `${name}: ${excerpt(before, limit, from)} -> ${excerpt(after, limit, from)}` };
}

/** Where two long values part, less a little context: their cut texts would else look the same. */
function commonStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return Math.max(0, length - 20);
}

function excerpt(text: string, limit: number, from = 0): string {
  if (text.length <= limit) return visibleLine(text);
  const part = text.slice(from, from + limit);
  const end = from + limit < text.length ? "…" : "";
  return `${from > 0 ? "…" : ""}${visibleLine(part)}${end} (${text.length} characters)`;
}

function json(value: Json | undefined): string {
  return JSON.stringify(value ?? null);
}

/** The hunks of a unified diff: what stands before the first one is said by the edits. */
function diffLines(diff: string): ChangeLine[] {
  const lines = visible(diff).trimEnd().split("\n");
  const first = lines.findIndex((line) => line.startsWith("@@"));
  const hunks = first < 0 ? [] : lines.slice(first).filter((line) => !line.startsWith("\\"));
  return hunks.map((line) => {
    const sign = line.charAt(0);
    if (sign === "@") return { sign, text: line };
    if (sign === "+" || sign === "-") return { sign, text: line.slice(1) };
    return { sign: " ", text: line.slice(1) };
  });
}
