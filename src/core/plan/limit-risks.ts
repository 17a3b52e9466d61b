/**
 * Limits that let more through than before. Both sides are documents; a limit that is gone altogether is another kind of risk.
 * What an expression or a named value allows is not known here: that it is another one is the reason to look.
 */
import { attributeValue, childElements } from "../policy/tree.ts";
import type { PolicyElement } from "../policy/tree.ts";
import { walkElements } from "../policy/walk.ts";
import type { Risk } from "./risks.ts";

/** Policies that do the same job are compared with each other. */
export const limitFamilies: readonly (readonly [title: string, names: RegExp])[] = [
  ["a rate limit", /^rate-limit(-by-key)?$/],
  ["a quota", /^quota(-by-key)?$/],
  ["a token limit", /^(llm|azure-openai)-token-limit$/],
  ["a limit of concurrency", /^limit-concurrency$/],
];

/** One thing that a limit counts. A text is an expression, or what a named value holds. */
type Measure = {
  readonly amount: number | string;
  /** In seconds; Infinity for one that never begins anew. */
  readonly period: number | string;
  /** For people: `10 calls in 60 seconds`. */
  readonly text: string;
};

type Limit = {
  readonly key: string;
  /** By what is counted. */
  readonly measures: ReadonlyMap<string, Measure>;
  /** Where it is in force: the conditions around it, outermost first; empty for every call. */
  readonly conditions: readonly string[];
  /** Which calls count, where not all do. */
  readonly counts: string;
  readonly estimatesPrompt: boolean;
};

/** The limits that are raised, or hold for less than before. */
export function raisedLimits(before: PolicyElement, after: PolicyElement): Risk[] {
  return limitFamilies.flatMap(([title, names]) =>
    pairsOf(limitsOf(before, names), limitsOf(after, names)).flatMap(([was, is]) =>
      loosened(was, is).map((what): Risk => ({ kind: "limit-raised", message: `${title}: ${what}` })),
    ),
  );
}

/** Limits with the same key belong together, then those in the same order. */
function pairsOf(before: readonly Limit[], after: readonly Limit[]): (readonly [was: Limit, is: Limit])[] {
  const left = [...after];
  const take = (index: number): Limit | undefined => (index < 0 ? undefined : left.splice(index, 1)[0]);
  const same = before.map((limit) => take(left.findIndex((other) => isSame(limit, other))));
  const byKey = before.map((limit, index) =>
    same[index] === undefined ? take(left.findIndex(({ key }) => key === limit.key)) : undefined,
  );
  return before.flatMap((limit, index) => {
    if (same[index] !== undefined) return [];
    const other = byKey[index] ?? left.shift();
    return other === undefined ? [] : [[limit, other] as const];
  });
}

function isSame(a: Limit, b: Limit): boolean {
  return a.key === b.key && loosened(a, b).length === 0 && loosened(b, a).length === 0;
}

function loosened(was: Limit, is: Limit): string[] {
  return [
    ...[...was.measures].flatMap(([what, measure]) => loosenedMeasure(what, measure, is.measures.get(what))),
    ...(was.key === is.key ? [] : [`counts by \`${is.key}\` instead of \`${was.key}\``]),
    ...loosenedScope(was.conditions, is.conditions),
    ...(was.counts === is.counts || is.counts === "" ? [] : [`counts only some calls: \`${is.counts}\``]),
    ...(was.estimatesPrompt && !is.estimatesPrompt ? ["no longer estimates prompts beforehand"] : []),
  ];
}

function loosenedMeasure(what: string, was: Measure, is: Measure | undefined): string[] {
  if (is === undefined) return [`no longer limits ${what}`];
  return allowsMore(was, is) ? [`${is.text} instead of ${was.text}`] : [];
}

/** More at once, or more in the long run; of texts only that they are others. */
function allowsMore(was: Measure, is: Measure): boolean {
  if (was.amount === is.amount && was.period === is.period) return false;
  const numbers = [was.amount, was.period, is.amount, is.period];
  if (numbers.some((value) => typeof value === "string")) return true;
  const [amountWas = 0, periodWas = 0, amountIs = 0, periodIs = 0] = numbers.map(Number);
  if (amountIs > amountWas) return true;
  return periodIs < periodWas && (periodWas === Infinity || amountIs / periodIs > amountWas / periodWas);
}

/** In force for every call before, or for others: what is let through by that cannot be known. */
function loosenedScope(was: readonly string[], is: readonly string[]): string[] {
  if (is.length === 0 || is.join("\n") === was.join("\n")) return [];
  return [`in force only where ${is.map((condition) => `\`${condition}\``).join(" and ")}`];
}

function limitsOf(root: PolicyElement, names: RegExp): Limit[] {
  const found: Limit[] = [];
  walkElements(root, (element, ancestors) => {
    if (!names.test(element.name)) return;
    const conditions = conditionsOf([...ancestors, element]);
    found.push(limitOf(element, conditions));
  });
  return found;
}

function limitOf(element: PolicyElement, conditions: readonly string[]): Limit {
  const condition = attributeValue(element, "increment-condition") ?? "";
  const count = attributeValue(element, "increment-count") ?? "1";
  return {
    key: attributeValue(element, "counter-key") ?? attributeValue(element, "key") ?? "subscription",
    measures: new Map(measuresOf(element, "")),
    conditions,
    counts: [condition, count === "1" ? "" : `${count} each`].filter((part) => part !== "").join(", "),
    estimatesPrompt: attributeValue(element, "estimate-prompt-tokens") === "true",
  };
}

/** Also of the APIs and operations that `rate-limit` and `quota` name. */
function measuresOf(element: PolicyElement, place: string): (readonly [what: string, measure: Measure])[] {
  const value = (name: string): string | undefined => attributeValue(element, name);
  const renewal = value("renewal-period") ?? "";
  const own = [
    measure("calls", value("calls"), renewal, "calls", place),
    measure("bandwidth", value("bandwidth"), renewal, "KB", place),
    measure("tokens per minute", value("tokens-per-minute"), "60", "tokens", place),
    measure("the token quota", value("token-quota"), value("token-quota-period") ?? "0", "tokens", place),
    measure("calls at once", value("max-count"), "", "calls at once", place),
  ].flat();
  const nested = childElements(element)
    .filter(({ name }) => name === "api" || name === "operation")
    .flatMap((child) => {
      const name = attributeValue(child, "id") ?? attributeValue(child, "name") ?? "";
      return measuresOf(child, `${place} of ${child.name} ${name}`);
    });
  return [...own, ...nested];
}

const periods: Readonly<Record<string, number>> = {
  hourly: 3600,
  daily: 86_400,
  weekly: 7 * 86_400,
  monthly: 30 * 86_400,
  yearly: 365 * 86_400,
};

function measure(
  what: string,
  amount: string | undefined,
  period: string,
  unit: string,
  place: string,
): (readonly [what: string, measure: Measure])[] {
  if (amount === undefined) return [];
  const seconds = secondsOf(period);
  const text = `${amount} ${unit}${place}${periodText(period, seconds)}`;
  return [[`${what}${place}`, { amount: numberOf(amount), period: seconds, text }]];
}

/** 0 is a period that never ends [documented for quotas]. */
function secondsOf(period: string): number | string {
  const named = periods[period.toLowerCase()];
  if (named !== undefined) return named;
  const number = numberOf(period);
  return number === 0 ? Infinity : number;
}

function periodText(period: string, seconds: number | string): string {
  if (period === "") return "";
  if (seconds === Infinity) return " in all";
  return /^\d+$/.test(period) ? ` in ${period} seconds` : ` (${period})`;
}

function numberOf(text: string): number | string {
  return /^\s*\d+(?:\.\d+)?\s*$/.test(text) ? Number(text) : text;
}

/** Of each `when` and `otherwise` on the way. */
function conditionsOf(path: readonly PolicyElement[]): string[] {
  return path.flatMap((element) => {
    if (element.name === "when") return [attributeValue(element, "condition") ?? ""];
    return element.name === "otherwise" ? ["otherwise"] : [];
  });
}
