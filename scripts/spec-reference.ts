/**
 * Writes docs/spec.md, the reference of gateway.yaml, from the schema: `tsx scripts/spec-reference.ts`.
 */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { isJsonObject, type Json, type JsonObject } from "../src/core/json.ts";
import { durationPattern } from "../src/core/spec/duration.ts";
import { plainJsonSchema } from "../src/core/spec/json-schema.ts";
import { specRules } from "../src/core/spec/rules.ts";
import { statusCodePattern } from "../src/core/spec/status-codes.ts";

export const specReferenceFile = resolve(import.meta.dirname, "../docs/spec.md");

/** The whole page as Markdown. */
export function specReference(): string {
  const root = plainJsonSchema();
  const sections = withoutRepeated(collectSections(root, []));
  const tables = sections
    .filter(({ sameAs }) => sameAs === undefined)
    .map((section) => formatSection(section, sections));
  return `${[introduction, ...tables, rulesSection()].join("\n\n")}\n`;
}

type Section = {
  readonly path: readonly string[];
  readonly schema: JsonObject;
  /** Path of the section that shows the same keys. */
  readonly sameAs?: readonly string[];
};

/** Every map with several keys of its own (one key is shown in place), in the schema's order, each after the one that holds it. */
function collectSections(schema: JsonObject, path: readonly string[]): Section[] {
  const own = keysOf(schema).length > 1;
  return [
    ...(own ? [{ path, schema }] : []),
    ...children(schema, path).flatMap(([child, below]) => collectSections(child, below)),
  ];
}

/** Maps with the same keys are shown once, and linked to from the other places. */
function withoutRepeated(sections: readonly Section[]): Section[] {
  const shown: Section[] = [];
  for (const section of sections) {
    const isInside = shown.some(({ path, sameAs }) => sameAs !== undefined && isBelow(section.path, path));
    const first = shown.find(({ schema }) => content(schema) === content(section.schema));
    if (!isInside) shown.push(first === undefined ? section : { ...section, sameAs: first.path });
  }
  return shown;
}

function isBelow(path: readonly string[], above: readonly string[]): boolean {
  return path.length > above.length && above.every((segment, index) => path[index] === segment);
}

/** A schema without its own description. */
function content(schema: JsonObject): string {
  return JSON.stringify({ ...schema, description: undefined });
}

function children(schema: JsonObject, path: readonly string[]): [JsonObject, readonly string[]][] {
  const properties = isJsonObject(schema["properties"]) ? Object.entries(schema["properties"]) : [];
  const found: [Json | undefined, readonly string[]][] = properties.map(([key, child]) => [
    child,
    [...path, key],
  ]);
  found.push([schema["additionalProperties"], [...path, "ID"]], [schema["items"], [...path, "[]"]]);
  for (const branch of branchesOf(schema)) found.push([branch, path]);
  return found.flatMap(([child, below]) => (isJsonObject(child) ? [[child, below]] : []));
}

function keysOf(schema: JsonObject): string[] {
  return isJsonObject(schema["properties"]) ? Object.keys(schema["properties"]) : [];
}

function branchesOf(schema: JsonObject): readonly Json[] {
  const branches: unknown = schema["anyOf"];
  return Array.isArray(branches) ? branches.filter(isJsonObject) : [];
}

function formatSection({ path, schema }: Section, sections: readonly Section[]): string {
  const required: unknown = schema["required"];
  const properties = isJsonObject(schema["properties"]) ? Object.entries(schema["properties"]) : [];
  const rows = properties.map(([key, value]) => {
    const child = isJsonObject(value) ? value : {};
    const isRequired = Array.isArray(required) && required.includes(key);
    const type = describeType(child, [...path, key], sections);
    return `| \`${key}\` | ${escapeCell(type)} | ${isRequired ? "yes" : ""} | ${escapeCell(text(child["description"]))} |`;
  });
  const description = path.length === 0 ? "" : text(schema["description"]);
  const lines = [`## ${heading(path)}`, ...(description === "" ? [] : [description])];
  return [...lines, ["| key | type | required | |", "|---|---|---|---|", ...rows].join("\n")].join("\n\n");
}

function describeType(schema: JsonObject, path: readonly string[], sections: readonly Section[]): string {
  const branches = branchesOf(schema).filter(isJsonObject);
  if (branches.length > 0) return branches.map((branch) => describeType(branch, path, sections)).join(" or ");
  if (schema["const"] !== undefined) return `\`${JSON.stringify(schema["const"])}\``;
  const choices: unknown = schema["enum"];
  if (Array.isArray(choices)) return choices.map((choice) => `\`${String(choice)}\``).join(", ");
  const type = text(schema["type"]);
  if (type === "array") return `list of ${describeChild(schema["items"], [...path, "[]"], sections)}`;
  if (type === "object") return describeMap(schema, path, sections);
  if (type === "string") return describeString(schema);
  return type === "integer" || type === "number" ? describeNumber(schema) : type || "any";
}

function describeString(schema: JsonObject): string {
  if (schema["pattern"] === durationPattern.source) return "duration";
  if (schema["pattern"] === statusCodePattern.source) return "range";
  return schema["format"] === "uri" ? "URL" : "string";
}

function describeChild(
  child: Json | undefined,
  path: readonly string[],
  sections: readonly Section[],
): string {
  return isJsonObject(child) ? describeType(child, path, sections) : "any";
}

function describeMap(schema: JsonObject, path: readonly string[], sections: readonly Section[]): string {
  const section = sections.find((each) => heading(each.path) === heading(path));
  if (section !== undefined) return `[map](#${anchor(section.sameAs ?? path)})`;
  const values = schema["additionalProperties"];
  if (!isJsonObject(values))
    return keysOf(schema).length === 0 ? "`{}`" : `\`{ ${keysOf(schema).join(", ")} }\``;
  return Object.keys(values).length === 0
    ? "map"
    : `map of ${describeType(values, [...path, "ID"], sections)}`;
}

function describeNumber(schema: JsonObject): string {
  const kind = schema["type"] === "integer" ? "whole number" : "number";
  const { minimum, maximum } = schema;
  if (typeof minimum !== "number") return kind;
  return typeof maximum !== "number" || maximum > 1e9
    ? `${kind} from ${minimum}`
    : `${kind} ${minimum}-${maximum}`;
}

function heading(path: readonly string[]): string {
  return path.length === 0 ? "Top level" : path.join(".").replaceAll(".[]", "[]");
}

/** As GitHub makes them from headings. */
function anchor(path: readonly string[]): string {
  return heading(path)
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, "")
    .replaceAll(" ", "-");
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

function escapeCell(cell: string): string {
  return cell.replaceAll("|", "\\|");
}

function rulesSection(): string {
  const rows = Object.entries(specRules).map(([rule, meaning]) => `| \`${rule}\` | ${escapeCell(meaning)} |`);
  return ["## What a spec is refused for", "", "| rule | meaning |", "|---|---|", ...rows].join("\n");
}

const introduction = `# gateway.yaml

<!-- Generated by scripts/spec-reference.ts from the schema. -->

All keys of the gateway spec. \`ID\` stands for a name of your choice, \`[]\` for an item of a list. Unknown keys are
errors. Editors complete and check the file with the JSON Schema that \`apimgw schema\` prints.

- The file is one YAML 1.2 document: booleans are \`true\` and \`false\`; anchors, aliases and merge keys are not supported.
- Durations are ISO 8601 (\`PT1M\`) or \`500ms\`, \`30s\`, \`5m\`, \`1h\`, \`1d\`.
- \`\${NAME}\` in a value is the environment variable; an unset one is an error. \`\${NAME:-default}\` takes the default when
  it is unset or empty. \`$\${NAME}\` stands for the text \`\${NAME}\`. Inside \`{ }\` and \`[ ]\` a value with a variable must be
  quoted. Where a number or a boolean is expected, a variable's text is read as one.
- An environment, chosen with \`--env\`, is merged over the rest: maps are merged, lists and scalars replaced, \`null\` removes
  a key. \`apimgw\` and \`name\` are the same in all environments. Environments that are not chosen are checked as well,
  apart from their unset variables.
- \`--subscription\`, \`--resource-group\`, \`--service\` and \`--workspace\` win over \`service\`.`;

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  writeFileSync(specReferenceFile, specReference());
}
