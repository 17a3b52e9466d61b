import { durationPattern, parseDuration, shortDuration } from "./duration.ts";
import type { Report } from "./finding.ts";
import { operationsOf, routesOf } from "./spec-places.ts";
import { parseStatusCode, statusCodePattern } from "./status-codes.ts";
import { describeFound, subject } from "./validation-message.ts";
import { field, fields, items, keySpan, scalarAt, stringAt, type Place } from "./yaml-node.ts";

/** Values that have the right form and that APIM still cannot take. */
export function checkValues(root: Place, report: Report): void {
  const tier = scalarAt(field(field(root, "service"), "sku"));
  for (const backend of fields(field(root, "backends"))) {
    const breaker = field(backend, "circuitBreaker");
    if (!breaker) continue;
    if (tier === "Consumption") reportTier(breaker, report);
    for (const key of ["interval", "tripDuration"]) {
      checkDuration(field(breaker, key), { isWhole: true, isPositive: true }, report);
    }
    checkRanges(field(breaker, "statusCodes"), report);
  }
  for (const route of operationsOf(root).flatMap(routesOf)) {
    checkDuration(field(field(route, "retry"), "interval"), { isWhole: true, isPositive: false }, report);
    checkDuration(field(route, "timeout"), { isWhole: false, isPositive: true }, report);
    checkRanges(field(field(route, "retry"), "on"), report);
    checkRanges(field(field(route, "fallback"), "on"), report);
  }
  for (const product of fields(field(root, "products"))) checkProduct(product, report);
}

/** What `rate-limit` and `quota` take (learn.microsoft.com/azure/api-management/rate-limit-policy, quota-policy). */
function checkProduct(product: Place, report: Report): void {
  const rate = field(field(product, "rateLimit"), "period");
  checkDuration(rate, { isWhole: true, isPositive: true, most: 300_000 }, report);
  const quota = field(field(product, "quota"), "period");
  checkDuration(quota, { isWhole: true, isPositive: false, leastButZero: 300_000 }, report);
  const kept = field(field(product, "semanticCache"), "duration");
  checkDuration(kept, { isWhole: true, isPositive: true }, report);
  checkCounters(field(product, "tokenLimit"), report);
  checkThresholds(field(product, "contentSafety"), report);
}

/** One counter belongs to one value of the key: what is counted twice is used up twice as fast. */
function checkCounters(limits: Place | undefined, report: Report): void {
  const seen = new Set<string>();
  for (const limit of items(limits)) {
    const key = field(limit, "counterKey");
    const named = stringAt(key) ?? "subscription";
    for (const what of ["tokensPerMinute", "quota"]) {
      if (!field(limit, what)) continue;
      if (seen.has(`${what} ${named}`)) {
        const message = `\`${what}\` by \`${named}\` is in this list already, and both would count in one counter`;
        const place = key ?? limit;
        const help = "give one of them another `counterKey`, or take it out";
        report({ rule: "duplicate-counter", message, span: place.node, path: place.path, help });
      }
      seen.add(`${what} ${named}`);
    }
  }
}

/** With four levels of severity there are 0, 2, 4 and 6. */
function checkThresholds(safety: Place | undefined, report: Report): void {
  if (stringAt(field(safety, "outputType")) === "EightSeverityLevels") return;
  for (const place of fields(field(safety, "categories"))) {
    const level = scalarAt(place);
    if (typeof level !== "number" || level < 0 || level > 7 || level % 2 === 0) continue;
    const message = `${subject(place)}expected 0, 2, 4 or 6, found ${describeFound(place)}`;
    const help = "`outputType: EightSeverityLevels` tells severity more finely, from 0 to 7";
    report({ rule: "invalid-value", message, span: place.node, path: place.path, help });
  }
}

function reportTier(breaker: Place, report: Report): void {
  report({
    rule: "sku-circuit-breaker",
    message: "the Consumption tier has no circuit breakers",
    span: keySpan(breaker),
    path: breaker.path,
    help: "remove it, or use another tier",
  });
}

/** In milliseconds where it is a length of time. */
type DurationNeeds = {
  readonly isWhole: boolean;
  readonly isPositive: boolean;
  readonly most?: number;
  readonly leastButZero?: number;
};

function checkDuration(place: Place | undefined, needs: DurationNeeds, report: Report): void {
  const milliseconds = durationAt(place);
  if (!place || milliseconds === undefined) return;
  const expected = expectedDuration(milliseconds, needs);
  if (expected === undefined) return;
  const message = `${subject(place)}expected ${expected}, found ${describeFound(place)}`;
  report({ rule: "invalid-duration", message, span: place.node, path: place.path });
}

function expectedDuration(milliseconds: number, needs: DurationNeeds): string | undefined {
  const { most = Infinity, leastButZero = 0 } = needs;
  if (needs.isPositive && milliseconds <= 0) return "a duration above zero";
  if (needs.isWhole && milliseconds % 1000 !== 0) return "whole seconds";
  if (milliseconds > most) return `at most ${shortDuration(most)}`;
  const isTooShort = milliseconds > 0 && milliseconds < leastButZero;
  return isTooShort ? `0s, or at least ${shortDuration(leastButZero)}` : undefined;
}

function durationAt(place: Place | undefined): number | undefined {
  const value = scalarAt(place);
  if (typeof value === "number") return value < 0 ? undefined : value * 1000;
  return typeof value === "string" && durationPattern.test(value) ? parseDuration(value) : undefined;
}

function checkRanges(list: Place | undefined, report: Report): void {
  for (const place of items(list)) {
    const code = scalarAt(place);
    if (typeof code !== "string" || !statusCodePattern.test(code) || parseStatusCode(code)) continue;
    report({
      rule: "invalid-value",
      message: `${subject(place)}expected a range from low to high, found ${describeFound(place)}`,
      span: place.node,
      path: place.path,
    });
  }
}
