/** Comments that switch rules off: `<!-- apimgw-disable-next-line RULE[, RULE] reason -->` and `apimgw-disable-file`. */
import type { PolicyComment, PolicyDocument, PolicyElement, PolicyNode, Range } from "../../policy/tree.ts";
import { isSignificantText } from "../../policy/white-space.ts";
import { engineSeverity } from "./engine-rules.ts";
import type { EngineRuleId } from "./engine-rules.ts";
import { countUpTo, LineSpans } from "./line-spans.ts";
import type { RuleFinding } from "./run-rules.ts";
import { describeUnknownRule } from "./severities.ts";

/** A comment with an element of the text that it stands in: by that element its place is found. */
type PlacedComment = { readonly comment: PolicyComment; readonly beside: PolicyElement };

/** A comment that switches rules off, and where. */
type Suppression = PlacedComment & {
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
  const { textOf } = options;
  const { suppressions, malformed } = collect(document, textOf);
  if (suppressions.length === 0 && malformed.length === 0) return [...findings];
  const places = createPlaces(textOf ?? (() => undefined));
  const isCovered = createCover(suppressions, places);
  const isUsed = createUse(findings, places);
  const kept = findings.filter((finding) => !isCovered(finding));
  const about = suppressions.flatMap((suppression) =>
    checkSuppression(suppression, options, (rule) => isUsed(suppression, rule)),
  );
  return [...kept, ...malformed.map(malformedFinding), ...about];
}

type Spot = { readonly key: string; readonly line: number };
type Stretch = { readonly key: string; readonly from: number; readonly to: number };

type Places = {
  readonly ofFinding: (finding: RuleFinding) => Spot;
  /** Of what a comment is about, for one of its rules. */
  readonly ofTarget: (target: Target, rule: string) => readonly Stretch[];
};

/** Lines can be compared where the keys, of a rule and a text, are equal. An element without lines is a text of its own. */
function createPlaces(textOf: (element: PolicyElement) => unknown): Places {
  const ids = new Map<unknown, number>();
  const keyOf = (rule: string, text: unknown): string => {
    const id = ids.get(text) ?? ids.size;
    ids.set(text, id);
    return `${rule} ${id}`;
  };
  return {
    ofFinding: ({ rule, element, range }) => {
      const line = (range ?? element.nameRange)?.start.line;
      return line === undefined
        ? { key: keyOf(rule, element), line: 0 }
        : { key: keyOf(rule, textOf(element)), line };
    },
    ofTarget: ({ element, from, to }, rule) => [
      { key: keyOf(rule, element), from: 0, to: 0 },
      { key: keyOf(rule, textOf(element)), from, to },
    ],
  };
}

/** Whether some comment switches a finding off. Looked up in sorted lists, as in `createUse`: there may be thousands of both. */
function createCover(
  suppressions: readonly Suppression[],
  places: Places,
): (finding: RuleFinding) => boolean {
  const ofFile = new Set(suppressions.flatMap(({ rules, target }) => (target === undefined ? rules : [])));
  const stretches = suppressions.flatMap(({ rules, target }) =>
    target === undefined ? [] : rules.flatMap((rule) => places.ofTarget(target, rule)),
  );
  const spans = new Map(
    [...Map.groupBy(stretches, ({ key }) => key)].map(([key, list]) => [key, new LineSpans(list)]),
  );
  return (finding) => {
    const { key, line } = places.ofFinding(finding);
    return ofFile.has(finding.rule) || spans.get(key)?.holds(line) === true;
  };
}

/** Whether a comment switches a finding of one of its rules off. */
function createUse(
  findings: readonly RuleFinding[],
  places: Places,
): (suppression: Suppression, rule: string) => boolean {
  const rules = new Set(findings.map(({ rule }) => rule));
  const lines = new Map<string, number[]>();
  for (const [key, spots] of Map.groupBy(findings.map(places.ofFinding), (spot) => spot.key)) {
    lines.set(
      key,
      spots.map(({ line }) => line).sort((a, b) => a - b),
    );
  }
  return ({ target }, rule) => {
    if (target === undefined) return rules.has(rule);
    return places.ofTarget(target, rule).some(({ key, from, to }) => {
      const list = lines.get(key) ?? [];
      return (list[countUpTo(list, from - 1)] ?? Infinity) <= to;
    });
  };
}

function checkSuppression(
  suppression: Suppression,
  { ruleIds, hasRun }: SuppressionOptions,
  isUsed: (rule: string) => boolean,
): RuleFinding[] {
  const { rules, reason } = suppression;
  const found: RuleFinding[] = [];
  if (reason === "") {
    found.push(
      commentFinding(suppression, "suppression-without-reason", {
        message: `\`${rules.join(", ")}\` is switched off without a reason`,
        help: "say why after the rule's id",
      }),
    );
  }
  for (const rule of rules) {
    if (!ruleIds.includes(rule)) {
      const said = describeUnknownRule(rule, ruleIds);
      found.push(commentFinding(suppression, "suppression-unknown-rule", said));
    } else if (hasRun(rule) && !isUsed(rule)) {
      found.push(
        commentFinding(suppression, "suppression-unused", {
          message: `\`${rule}\` is switched off and finds nothing here`,
          help: "take the comment out, or the rule from it",
        }),
      );
    }
  }
  return found;
}

function malformedFinding(comment: PlacedComment): RuleFinding {
  return commentFinding(comment, "suppression-malformed", {
    message: "this comment switches nothing off",
    help: "write `apimgw-disable-next-line RULE reason` or `apimgw-disable-file RULE reason`",
  });
}

function commentFinding(
  { comment: { range }, beside }: PlacedComment,
  rule: EngineRuleId,
  said: { readonly message: string; readonly help: string },
): RuleFinding {
  const place = range === undefined ? {} : { range };
  return { rule, severity: engineSeverity(rule), element: beside, ...place, ...said };
}

const form =
  /^\s*apimgw-disable-(next-line|file)\s+([a-z][a-z0-9-]*(?:\s*,\s*[a-z][a-z0-9-]*)*)(?:\s*:)?(?:\s+([^]*))?$/;
const start = /^\s*apimgw-disable\b/;

/** All such comments of a document, in its order. */
function collect(
  { before, root, after }: PolicyDocument,
  textOf: SuppressionOptions["textOf"],
): { readonly suppressions: Suppression[]; readonly malformed: PlacedComment[] } {
  const suppressions: Suppression[] = [];
  const malformed: PlacedComment[] = [];
  const read = (siblings: readonly PolicyNode[], parent: PolicyElement | undefined): void => {
    siblings.forEach((node, index) => {
      if (node.type === "element") read(node.children, node);
      if (node.type !== "comment" || !start.test(node.value)) return;
      const match = form.exec(node.value);
      const ofSameText = textOf === undefined ? undefined : besideOf(siblings, index, textOf);
      const placed: PlacedComment = { comment: node, beside: ofSameText ?? parent ?? root };
      if (match === null) {
        malformed.push(placed);
        return;
      }
      const [, where, rules = "", reason = ""] = match;
      const target = where === "file" ? undefined : targetOf(siblings.slice(index + 1), parent);
      // In front of an end tag there is nothing that could be found.
      const nothing: Target = { element: root, from: 0, to: -1 };
      suppressions.push({
        ...placed,
        rules: [...new Set(rules.split(",").map((rule) => rule.trim()))],
        reason: reason.trim(),
        target: where === "file" ? undefined : (target ?? nothing),
      });
    });
  };
  read([...before, root, ...after], undefined);
  return { suppressions, malformed };
}

/** The nearest sibling that was parsed from a text; what the compiler put around it was not. */
function besideOf(
  siblings: readonly PolicyNode[],
  index: number,
  textOf: (element: PolicyElement) => unknown,
): PolicyElement | undefined {
  const around = [...siblings.slice(index + 1), ...siblings.slice(0, index).reverse()];
  return around.filter((node) => node.type === "element").find((element) => textOf(element) !== undefined);
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
