import { readPolicyNodes } from "./read-nodes.ts";
import type { PolicyComment, PolicyDialect, PolicyDocument, PolicyNode, Range } from "./tree.ts";

/** Why a text is no policy document: a sentence, and where in the text. */
export type PolicyParseProblem = { readonly message: string; readonly range: Range; readonly help?: string };

export type PolicyParseOptions = {
  /** `auto` reads well-formed XML as `xml` and everything else as `rawxml`. */
  readonly dialect: PolicyDialect | "auto";
};

export type ParsedPolicyDocument =
  | { readonly ok: true; readonly document: PolicyDocument; readonly dialect: PolicyDialect }
  | { readonly ok: false; readonly problems: readonly PolicyParseProblem[] };

export type ParsedPolicyNodes =
  | { readonly ok: true; readonly nodes: readonly PolicyNode[]; readonly dialect: PolicyDialect }
  | { readonly ok: false; readonly problems: readonly PolicyParseProblem[] };

/**
 * Reads a policy document or fragment. Values are decoded, line ends are LF, ranges refer to the text as given. White space
 * that only lays out elements is left out; the XML declaration and a byte order mark are dropped. The first fault ends
 * reading: what follows it could not be trusted.
 */
export function parsePolicyDocument(source: string, options: PolicyParseOptions): ParsedPolicyDocument {
  const parsed = parse(source, options, false);
  if (!parsed.ok) return parsed;
  const rootIndex = parsed.nodes.findIndex((node) => node.type === "element");
  const root = parsed.nodes[rootIndex];
  if (root?.type !== "element") throw new Error("a well-formed document has a root element");
  const before = parsed.nodes.slice(0, rootIndex).filter(isComment);
  const after = parsed.nodes.slice(rootIndex + 1).filter(isComment);
  return { ok: true, document: { before, root, after }, dialect: parsed.dialect };
}

/** Reads a piece of a document: any number of elements, comments and texts, as in a section. */
export function parsePolicyNodes(source: string, options: PolicyParseOptions): ParsedPolicyNodes {
  return parse(source, options, true);
}

function parse(source: string, { dialect }: PolicyParseOptions, isFragment: boolean): ParsedPolicyNodes {
  if (dialect !== "auto") return readPolicyNodes(source, dialect, isFragment);
  const asXml = readPolicyNodes(source, "xml", isFragment);
  return asXml.ok ? asXml : readPolicyNodes(source, "rawxml", isFragment);
}

function isComment(node: PolicyNode): node is PolicyComment {
  return node.type === "comment";
}
