/** Policy XML that people wrote in the spec or in a file beside it: parsed, placed, and checked for what it refers to. */
import type { Location } from "../location.ts";
import { nearestName } from "../nearest-name.ts";
import { parsePolicyNodes } from "../policy/parse.ts";
import { policyReferences } from "../policy/references.ts";
import type { PolicyReference, ReferenceKind } from "../policy/references.ts";
import type { PolicyNode, Range } from "../policy/tree.ts";
import type { Problem } from "../problem.ts";
import type { SpecSource } from "../spec/source.ts";
import { findStrayTexts } from "./stray-text.ts";

/** The text of one `policies.<section>` or fragment. `file` is set when the text stands in a file of its own. */
export type PolicySource = { readonly pointer: string; readonly text: string; readonly file?: string };

/** The names that hand-written policies may refer to. */
export type KnownNames = {
  /** Ids of backends and pools. */
  readonly backends: readonly string[];
  readonly fragments: readonly string[];
  readonly loggers: readonly string[];
  /** Display names, which `{{name}}` uses. */
  readonly namedValues: readonly string[];
};

export type HandWritten = {
  readonly source: PolicySource;
  /** These very nodes stand in the compiled document, so that a place in it can be traced back to the text. */
  readonly nodes: readonly PolicyNode[];
  readonly problems: readonly Problem[];
};

/** Turns a range of the text into a place in the file that the user has open. */
export function locateIn(source: PolicySource, spec: SpecSource, range: Range): Location {
  if (source.file !== undefined) {
    const { start, end } = range;
    return {
      file: source.file,
      line: start.line,
      column: start.column,
      endLine: end.line,
      endColumn: end.column,
    };
  }
  const start = spec.locateWithin(source.pointer, range.start.offset);
  const end = spec.locateWithin(source.pointer, range.end.offset);
  return { ...start, endLine: end.line, endColumn: end.column };
}

/** Parses the text; problems carry their place in the spec or in the policy file. */
export function parseHandWritten(source: PolicySource, spec: SpecSource, names: KnownNames): HandWritten {
  const parsed = parsePolicyNodes(source.text, { dialect: "auto" });
  if (!parsed.ok) {
    const problems = parsed.problems.map((problem): Problem => ({
      rule: "policy-syntax",
      severity: "error",
      message: problem.message,
      at: locateIn(source, spec, problem.range),
      ...(problem.help === undefined ? {} : { help: problem.help }),
    }));
    return { source, nodes: [], problems };
  }
  const at = (range: Range | undefined): Location =>
    range === undefined ? spec.locate(source.pointer) : locateIn(source, spec, range);
  const stray = findStrayTexts(parsed.nodes, source.text).map(({ range, ...said }): Problem => ({
    rule: "policy-text",
    severity: "error",
    at: at(range),
    ...said,
  }));
  return { source, nodes: parsed.nodes, problems: [...checkReferences(parsed.nodes, names, at), ...stray] };
}

type Locate = (range: Range | undefined) => Location;

const referenceWords: Readonly<Record<Exclude<ReferenceKind, "namedValue">, { rule: string; what: string }>> =
  {
    backend: { rule: "unknown-backend", what: "backend or pool" },
    fragment: { rule: "unknown-fragment", what: "fragment" },
    logger: { rule: "unknown-logger", what: "logger" },
  };

function checkReferences(nodes: readonly PolicyNode[], known: KnownNames, at: Locate): Problem[] {
  return nodes.flatMap((node) => {
    if (node.type !== "element") return [];
    return policyReferences(node).flatMap((reference) => checkReference(reference, known, at) ?? []);
  });
}

function checkReference(
  { kind, name, range }: PolicyReference,
  known: KnownNames,
  at: Locate,
): Problem | undefined {
  if (kind === "namedValue") return checkNamedValue(name, known, at(range));
  const names = { backend: known.backends, fragment: known.fragments, logger: known.loggers }[kind];
  if (names.some((other) => other.toLowerCase() === name.toLowerCase())) return undefined;
  const { rule, what } = referenceWords[kind];
  return {
    rule,
    severity: "error",
    message: `there is no ${what} \`${name}\` in this spec${didYouMean(name, names)}`,
    at: at(range),
    help: `the service refuses a policy whose ${what} does not exist; declare it, or correct the name`,
  };
}

/** The problem with a `{{name}}`, if there is one. */
export function checkNamedValue(name: string, known: KnownNames, at: Location): Problem | undefined {
  if (known.namedValues.includes(name)) return undefined;
  return {
    rule: "undeclared-named-value",
    severity: "warning",
    message: `{{${name}}} is not a named value of this spec${didYouMean(name, known.namedValues)}`,
    at,
    help: "the service refuses the policy unless a named value with this display name exists there already",
  };
}

function didYouMean(name: string, names: readonly string[]): string {
  const nearest = nearestName(name, names);
  return nearest === undefined ? "" : `, did you mean \`${nearest}\`?`;
}
