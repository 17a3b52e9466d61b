import type { PolicyComment, PolicyDocument, PolicyNode } from "../policy/tree.ts";
import type { PolicyParts } from "./recognize-operation.ts";

/** What the portal writes into every new document. */
const boilerplate = [
  /^\s*IMPORTANT:\s+- Policy elements can appear only within/,
  /^\s*- Policies are applied in the order they appear\.\s+- Position <base\s*\/> inside a section/,
  /^\s*Add policies as children to the <inbound>, <outbound>, <backend>, and <on-error> elements\s*$/,
  /^\s*Throttle, authorize, validate, cache, or transform the requests\s*$/,
  /^\s*Control if and how the requests are forwarded to services\s*$/,
  /^\s*Customize the responses\s*$/,
  /^\s*Handle exceptions and customize error responses\s*$/,
];

/** The lines of a document's comments that stand in none of its parts: the policies beside them became words of the spec. */
export function commentsOutside(document: PolicyDocument, parts: PolicyParts): string[] {
  if (parts.document !== undefined) return [];
  const kept = new Set(Object.values(parts.sections).flatMap((nodes) => commentsIn(nodes)));
  const all = commentsIn([...document.before, document.root, ...document.after]);
  return all
    .filter((comment) => !kept.has(comment) && !boilerplate.some((text) => text.test(comment.value)))
    .flatMap(({ value }) => value.split(/[\n\r]+/).map(oneLine))
    .filter((line) => line !== "");
}

function commentsIn(nodes: readonly PolicyNode[]): PolicyComment[] {
  return nodes.flatMap((node) =>
    node.type === "comment" ? [node] : node.type === "element" ? commentsIn(node.children) : [],
  );
}

/** A comment of YAML ends at any line end, and takes no control characters. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\uFEFF\uFFFE\uFFFF\p{Cs}]+/gu, " ").trim();
}
