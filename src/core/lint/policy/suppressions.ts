/** Comments that switch rules off: `<!-- apimgw-disable-next-line RULE[, RULE] reason -->` and `apimgw-disable-file`. */
import type { PolicyComment, PolicyDocument, PolicyElement, PolicyNode, Range } from "../../policy/tree.ts";
import { isSignificantText } from "../../policy/white-space.ts";
import { engineSeverity } from "./engine-rules.ts";
import type { EngineRuleId } from "./engine-rules.ts";
import type { RuleFinding } from "./run-rules.ts";
import { describeUnknownRule } from "./severities.ts";

/** A comment that switches rules off, and where. */
type Suppression = {
  readonly comment: PolicyComment;
  readonly rules: readonly string[];
  readonly reason: string;
  /** Undefined: the whole document. */
  readonly target: Target | undefined;
};

/** Lines of the text that an element was parsed from; an element that was not parsed is its own target. */
type Target = { readonly element: PolicyElement; readonly from: number; readonly to: number };

export type SuppressionOptions = {
  /** Ids that a comment may name. */
  readonly ruleIds: readonly string[];
  /** Whether a rule was run at all: a comment for one that was not may have its use. */
  readonly hasRun: (rule: string) => boolean;
  /** Elements of different texts in one document have lines that cannot be compared; equal keys mean the same text. */
  readonly textOf?: (element: PolicyElement) => unknown;
};

/** The findings that no comment switches off, and what is wrong with the comments. */
export function applySuppressions(
  document: PolicyDocument,
  findings: readonly RuleFinding[],
  options: SuppressionOptions,
): RuleFinding[] {
  const { suppressions, malformed } = collect(document);
  if (suppressions.length === 0 && malformed.length === 0) return [...findings];
  const used = new Map(suppressions.map((suppression) => [suppression, new Set<string>()]));
  const kept = findings.filter((finding) => {
    const hits = suppressions.filter((suppression) => covers(suppression, finding, options));
    for (const hit of hits) used.get(hit)?.add(finding.rule);
    return hits.length === 0;
  });
  const about = [...used].flatMap(([suppression, rules]) =>
    checkSuppression(document, suppression, options, (rule) => rules.has(rule)),
  );
  return [...kept, ...malformed.map((comment) => malformedFinding(document, comment)), ...about];
}

function covers(
  { rules, target }: Suppression,
  { rule, element, range }: RuleFinding,
  { textOf = () => undefined }: SuppressionOptions,
): boolean {
  if (!rules.includes(rule)) return false;
  if (target === undefined) return true;
  const line = (range ?? element.nameRange)?.start.line;
  if (line === undefined) return element === target.element;
  const isSameText = element === target.element || textOf(element) === textOf(target.element);
  return isSameText && target.from <= line && line <= target.to;
}

function checkSuppression(
  document: PolicyDocument,
  { comment, rules, reason }: Suppression,
  { ruleIds, hasRun }: SuppressionOptions,
  isUsed: (rule: string) => boolean,
): RuleFinding[] {
  const found: RuleFinding[] = [];
  if (reason === "") {
    found.push(
      commentFinding(document, comment, "suppression-without-reason", {
        message: `\`${rules.join(", ")}\` is switched off without a reason`,
        help: "say why after the rule's id",
      }),
    );
  }
  for (const rule of rules) {
    if (!ruleIds.includes(rule)) {
      const said = describeUnknownRule(rule, ruleIds);
      found.push(commentFinding(document, comment, "suppression-unknown-rule", said));
    } else if (hasRun(rule) && !isUsed(rule)) {
      found.push(
        commentFinding(document, comment, "suppression-unused", {
          message: `\`${rule}\` is switched off and finds nothing here`,
          help: "take the comment out, or the rule from it",
        }),
      );
    }
  }
  return found;
}

function malformedFinding(document: PolicyDocument, comment: PolicyComment): RuleFinding {
  return commentFinding(document, comment, "suppression-malformed", {
    message: "this comment switches nothing off",
    help: "write `apimgw-disable-next-line RULE reason` or `apimgw-disable-file RULE reason`",
  });
}

function commentFinding(
  { root }: PolicyDocument,
  { range }: PolicyComment,
  rule: EngineRuleId,
  said: { readonly message: string; readonly help: string },
): RuleFinding {
  const place = range === undefined ? {} : { range };
  return { rule, severity: engineSeverity(rule), element: root, ...place, ...said };
}

const form =
  /^\s*apimgw-disable-(next-line|file)\s+([a-z][a-z0-9-]*(?:\s*,\s*[a-z][a-z0-9-]*)*)(?:\s*:)?(?:\s+([^]*))?$/;
const start = /^\s*apimgw-disable\b/;

/** All such comments of a document, in its order. */
function collect({ before, root, after }: PolicyDocument): {
  readonly suppressions: Suppression[];
  readonly malformed: PolicyComment[];
} {
  const suppressions: Suppression[] = [];
  const malformed: PolicyComment[] = [];
  const read = (siblings: readonly PolicyNode[], parent: PolicyElement | undefined): void => {
    siblings.forEach((node, index) => {
      if (node.type === "element") read(node.children, node);
      if (node.type !== "comment" || !start.test(node.value)) return;
      const match = form.exec(node.value);
      if (match === null) {
        malformed.push(node);
        return;
      }
      const [, where, rules = "", reason = ""] = match;
      const target = where === "file" ? undefined : targetOf(siblings.slice(index + 1), parent);
      // In front of an end tag there is nothing that could be found.
      const nothing: Target = { element: root, from: 0, to: -1 };
      suppressions.push({
        comment: node,
        rules: rules.split(",").map((rule) => rule.trim()),
        reason: reason.trim(),
        target: where === "file" ? undefined : (target ?? nothing),
      });
    });
  };
  read([...before, root, ...after], undefined);
  return { suppressions, malformed };
}

/** What stands on the next line: the line where the next element or text starts, with the rest of that start tag. */
function targetOf(following: readonly PolicyNode[], parent: PolicyElement | undefined): Target | undefined {
  const next = following.find((node) => node.type === "element" || isSignificantText(node));
  if (next?.type === "element") return { element: next, ...linesOf(next) };
  if (next === undefined || parent === undefined) return undefined;
  const from = next.range?.start.line ?? 0;
  return { element: parent, from, to: next.range?.end.line ?? from };
}

/** From the element's name to the end of its attributes, and of an expression that stands in it alone. */
function linesOf(element: PolicyElement): { readonly from: number; readonly to: number } {
  const from = element.nameRange?.start.line ?? 0;
  const [only, ...others] = element.children;
  const text = others.length === 0 && only?.type === "text" ? only.range : undefined;
  const ranges: (Range | undefined)[] = [...element.attributes.map(({ valueRange }) => valueRange), text];
  return { from, to: Math.max(from, ...ranges.map((range) => range?.end.line ?? from)) };
}
