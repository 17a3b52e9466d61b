/** Templates as Bicep expressions. */
import type { Template, TextFile } from "../template.ts";

/** What a value refers to by name. */
export type BicepNames = {
  readonly parameter: (parameter: Extract<Template, { type: "parameter" }>["parameter"]) => string;
  /** The expression that gives the id of a resource of the service by its path. */
  readonly resourceId: (path: string) => string;
};

/** The expression; `depth` is how many levels the line that it begins in is indented. */
export function bicepValue(template: Template, names: BicepNames, depth: number): string {
  switch (template.type) {
    case "value":
      return bicepLiteral(template.value);
    case "list":
      return block(
        "[",
        "]",
        depth,
        template.items.map((item) => bicepValue(item, names, depth + 1)),
      );
    case "object": {
      const members = template.members.map(
        ([key, member]) => `${bicepKey(key)}: ${bicepValue(member, names, depth + 1)}`,
      );
      return block("{", "}", depth, members);
    }
    case "file":
      return loadText(template.file);
    case "parameter":
      return names.parameter(template.parameter);
    case "resourceId":
      return names.resourceId(template.path);
  }
}

/** Lines between brackets, one level deeper. */
export function block(open: string, close: string, depth: number, lines: readonly string[]): string {
  if (lines.length === 0) return `${open}${close}`;
  const indent = "  ".repeat(depth + 1);
  return [open, ...lines.map((line) => `${indent}${line}`), `${"  ".repeat(depth)}${close}`].join("\n");
}

/** Bicep has whole numbers only; others come by way of JSON. */
function bicepLiteral(value: string | number | boolean | null): string {
  if (typeof value === "string") return bicepString(value);
  if (typeof value === "number" && !Number.isSafeInteger(value)) return `json('${value}')`;
  return String(value);
}

/** A string literal on one line. */
export function bicepString(text: string): string {
  return `'${bicepStringContent(text)}'`;
}

/** What stands between the quotes of a string literal. */
export function bicepStringContent(text: string): string {
  return text
    .replaceAll("\\", "\\\\")
    .replaceAll("'", "\\'")
    .replaceAll("${", "\\${")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t")
    .replace(/[\p{Cc}\u2028\u2029]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ""}}`);
}

function bicepKey(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? key : bicepString(key);
}

/**
 * What `loadTextContent` takes at most, in UTF-16 units (LanguageConstants.MaxLiteralCharacterLimit of Azure/bicep). The larger
 * `loadJsonContent` would not give the text back: it leaves out strings that look like dates.
 */
const maxLoaded = 131_072;

/** A text as the files that hold it: one, or several parts of what Bicep reads at once. */
export function bicepTextFiles({ path, text }: TextFile): TextFile[] {
  if (text.length <= maxLoaded) return [{ path, text }];
  const dot = path.lastIndexOf(".");
  return partsOf(text).map((part, index) => ({
    path: `${path.slice(0, dot)}.part${index + 1}${path.slice(dot)}`,
    text: part,
  }));
}

function loadText(file: TextFile): string {
  const calls = bicepTextFiles(file).map(({ path }) => `loadTextContent(${bicepString(path)})`);
  const [only = ""] = calls;
  return calls.length === 1 ? only : `'${calls.map((call) => `\${${call}}`).join("")}'`;
}

function partsOf(text: string): string[] {
  const parts: string[] = [];
  for (let from = 0; from < text.length;) {
    let end = Math.min(from + maxLoaded, text.length);
    // A part that ended within a pair of surrogates would not survive being a file.
    if (end < text.length && /[\uD800-\uDBFF]/.test(text.charAt(end - 1))) end -= 1;
    parts.push(text.slice(from, end));
    from = end;
  }
  return parts;
}
