/**
 * Tree-sitter's C# grammar, handed in as bytes: the core reads no files. The trees of the wasm side are turned into plain
 * values at once and freed, so that memory does not grow with the number of expressions.
 */
import { Language, Parser, type Tree, type TreeCursor } from "web-tree-sitter";
import {
  maskDoubledBraces,
  maskTypeArguments,
  readsTypeArgumentsAsComparison,
  regroup,
} from "./grammar-repairs.ts";
import type { CSharpNode, CSharpTree } from "./node.ts";

/** The contents of `web-tree-sitter.wasm` and `tree-sitter-c_sharp.wasm`. */
export type CSharpWasm = { readonly runtime: Uint8Array; readonly language: Uint8Array };

/** Longer expressions are not parsed. In UTF-16 units. */
export const maxExpressionLength = 65_536;

/** Longer code is parsed once, whatever comes of it: garbage takes its time. */
const maxRepairedLength = 16_384;
/** Deeper trees are not looked at; keeps every walk over a tree away from the end of the stack. */
const maxTreeDepth = 800;
/**
 * Ends the search for the best reading of code that is no C#: how often the parser may report that it is still at it. It reports
 * by steps, not by time, so that the answer is the same on every machine. A step can cost as much as the code before it is deep,
 * and memory beside: code that made 4,000 reports has made the parser abort. Of 1,490 expressions in public documents the largest
 * takes 77; 800 are enough for 20 KiB of dense code.
 */
const maxProgressReports = 800;

const wrappers = {
  single: { before: "object M()=>(", after: "\n);" },
  block: { before: "object M(){", after: "\n}" },
} as const;

let loading: Promise<void> | undefined;
let parser: Parser | undefined;

/** Makes the grammar ready; the second and later calls wait for the first. Rejects when the bytes are not what they should be. */
export function loadCSharpGrammar(wasm: CSharpWasm): Promise<void> {
  loading ??= load(wasm).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load({ runtime, language }: CSharpWasm): Promise<void> {
  await Parser.init({ wasmBinary: runtime });
  const loaded = await Language.load(language);
  const created = new Parser();
  created.setLanguage(loaded);
  parser = created;
}

export function isCSharpGrammarLoaded(): boolean {
  return parser !== undefined;
}

/**
 * Parses the code of an expression: what stands between `@(` and `)`, or `@{` and `}`. Undefined when the grammar is not
 * loaded, or when the code is too long, nested too deeply or too far from C# to be read in bounded time.
 */
export function parseCSharp(code: string, kind: "single" | "block"): CSharpTree | undefined {
  if (parser === undefined || code.length > maxExpressionLength) return undefined;
  const readable = maskDoubledBraces(code);
  const tree = parseOnce(parser, readable, code, kind);
  if (tree === undefined || !(tree.hasError || readsTypeArgumentsAsComparison(tree.root))) return tree;
  const masked = code.length > maxRepairedLength ? readable : maskTypeArguments(readable);
  const repaired = masked === readable ? undefined : parseOnce(parser, masked, code, kind);
  return repaired === undefined || repaired.hasError ? tree : repaired;
}

/** Parses one text in place of another of the same length: the tree is the one's, the code the other's. */
function parseOnce(
  parser: Parser,
  text: string,
  code: string,
  kind: "single" | "block",
): CSharpTree | undefined {
  const { before, after } = wrappers[kind];
  let reports = 0;
  const options = { progressCallback: () => (reports += 1) > maxProgressReports };
  const tree = parser.parse(before + text + after, null, options);
  if (tree === null) {
    parser.reset();
    return undefined;
  }
  try {
    return convert(tree, code, kind, before.length);
  } finally {
    tree.delete();
  }
}

function convert(tree: Tree, code: string, kind: "single" | "block", shift: number): CSharpTree | undefined {
  const hasError = tree.rootNode.hasError;
  const cursor = tree.walk();
  try {
    const root = convertNode(cursor, { shift, length: code.length }, 0);
    if (root === undefined) return undefined;
    return { code, kind, root, body: bodyOf(root, kind), hasError };
  } finally {
    cursor.delete();
  }
}

type Frame = { readonly shift: number; readonly length: number };

function convertNode(cursor: TreeCursor, frame: Frame, depth: number): CSharpNode | undefined {
  if (depth > maxTreeDepth) return undefined;
  const children: CSharpNode[] = [];
  const inside = (offset: number) => Math.max(0, Math.min(offset - frame.shift, frame.length));
  const own = {
    type: cursor.nodeType,
    field: cursor.currentFieldName ?? undefined,
    isNamed: cursor.nodeIsNamed,
    isMissing: cursor.nodeIsMissing,
    start: inside(cursor.startIndex),
    end: inside(cursor.endIndex),
  };
  if (cursor.gotoFirstChild()) {
    do {
      const child = convertNode(cursor, frame, depth + 1);
      if (child === undefined) return undefined;
      children.push(child);
    } while (cursor.gotoNextSibling());
    cursor.gotoParent();
  }
  return regroup({ ...own, children });
}

/** What stands in the place that the wrapper has for the code. */
function bodyOf(root: CSharpNode, kind: "single" | "block"): CSharpNode | undefined {
  const [statement, ...others] = root.children;
  const method = statement?.children[0];
  if (others.length > 0 || method?.type !== "local_function_statement") return undefined;
  const body = method.children.find(({ field }) => field === "body");
  if (kind === "block") return body?.type === "block" ? body : undefined;
  const [inner] = body?.children.filter(({ type }) => type === "parenthesized_expression") ?? [];
  return inner?.children.find(({ isNamed, type }) => isNamed && type !== "comment");
}
