import { LineIndex } from "../policy/positions.ts";
import type { PolicyNode, PolicyText, Range } from "../policy/tree.ts";
import { isSignificantText } from "../policy/white-space.ts";
import { trimXmlSpace } from "../policy/xml-text.ts";

/** Text that stands where only policies may. */
export type StrayText = { readonly range: Range; readonly message: string; readonly help?: string };

/**
 * The texts among the policies of a section or a fragment: the service refuses them. `source` is what the nodes were parsed
 * from. A file's name written in place of `{ file: name }` is such a text, and the usual one.
 */
export function findStrayTexts(nodes: readonly PolicyNode[], source: string): StrayText[] {
  const [only, ...others] = nodes.filter((node) => node.type === "element");
  const isFragment = only?.name === "fragment" && others.length === 0;
  const texts = [...nodes, ...(isFragment ? only.children : [])].filter(isStray);
  const lines = new LineIndex(source);
  return texts.map((node) => {
    const message = "text stands where only policies may: the service refuses it";
    const stray = { range: visibleRange(node, source, lines), message };
    const name = trimXmlSpace(node.value);
    const isFileName = nodes.length === 1 && /^[^\n<>]*\.\w+$/.test(name);
    return isFileName ? { ...stray, help: `to name a file write \`{ file: ${name} }\`` } : stray;
  });
}

function isStray(node: PolicyNode): node is PolicyText {
  return node.type === "text" && isSignificantText(node);
}

function visibleRange({ range }: PolicyText, source: string, lines: LineIndex): Range {
  if (range === undefined) return lines.range(0, source.length);
  const written = source.slice(range.start.offset, range.end.offset);
  const start = range.start.offset + written.search(/[^ \t\r\n]/);
  return lines.range(start, start + trimXmlSpace(written).length);
}
