import { LineIndex } from "../../../policy/positions.ts";
import type { PolicyText, Range } from "../../../policy/tree.ts";
import { isSignificantText } from "../../../policy/white-space.ts";
import { startsAsExpression } from "../../../policy/expression/scan.ts";
import { hasMarkedPlaceholder } from "../placeholders.ts";
import type { PolicyFinding, PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { oneOf } from "./findings.ts";
import { isKnown, placementsOf, type Placement } from "./placement.ts";

export const textNotAllowed: PolicyRule = {
  id: "text-not-allowed",
  severity: "error",
  summary: "Text stands in an element that takes none.",
  why: "The service answers `The element cannot contain text` (microsoft/vscode-apimanagement#145).",
  examples: {
    bad: inbound(`<set-header name="X-Env" exists-action="override">test</set-header>`),
    good: inbound(`<set-header name="X-Env" exists-action="override"><value>test</value></set-header>`),
  },
  *check(context) {
    for (const placement of placementsOf(context)) {
      if (!isTextRefused(placement)) continue;
      const { element } = placement;
      const text = element.children.find((node): node is PolicyText => isSignificantText(node));
      if (text === undefined || element.children.some((node) => isFilledIn(node))) continue;
      // The service marks the element; a section is long, and the text in it the better place.
      const isInPolicy = isKnown(placement);
      const range = isInPolicy ? undefined : rangeOf(text, context.sourceOf(element));
      yield {
        element,
        ...(range === undefined ? {} : { range }),
        message: `\`${element.name}\` cannot contain text`,
        help: isInPolicy ? helpFor(placement) : "remove the text, or make it a comment",
      } satisfies PolicyFinding;
    }
  },
};

function isTextRefused(placement: Placement): boolean {
  if (isKnown(placement)) return placement.content.text === undefined && placement.content.anyXml !== true;
  return placement.role === "section" || placement.role === "root" || placement.role === "base";
}

/** Where the text stands, without the white space around it. */
function rangeOf({ range }: PolicyText, source: string | undefined): Range | undefined {
  if (range === undefined || source === undefined) return range;
  const text = source.slice(range.start.offset, range.end.offset);
  const from = range.start.offset + text.search(/[^ \t\r\n]/);
  return new LineIndex(source).range(from, from + text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "").length);
}

function isFilledIn(node: { readonly type: string; readonly value?: string }): boolean {
  return node.type === "text" && isOpen(node.value ?? "");
}

/** An expression stays text, whatever is filled into it; a placeholder may become elements. */
function isOpen(text: string): boolean {
  return !startsAsExpression(text) && hasMarkedPlaceholder(text);
}

function helpFor(placement: Placement): string {
  const names = isKnown(placement) ? placement.content.children.map(({ name }) => name) : [];
  if (names.length > 0) return `put it into ${oneOf(names)}`;
  return "remove the text";
}
