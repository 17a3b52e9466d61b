import { durationPattern, parseDuration } from "./duration.ts";
import type { Report } from "./finding.ts";
import { operationsOf, routesOf } from "./spec-places.ts";
import { parseStatusCode, statusCodePattern } from "./status-codes.ts";
import { describeFound, subject } from "./validation-message.ts";
import { field, fields, items, keySpan, scalarAt, type Place } from "./yaml-node.ts";

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

type DurationNeeds = { readonly isWhole: boolean; readonly isPositive: boolean };

function checkDuration(place: Place | undefined, needs: DurationNeeds, report: Report): void {
  const milliseconds = durationAt(place);
  if (!place || milliseconds === undefined) return;
  const expected =
    needs.isPositive && milliseconds <= 0
      ? "a duration above zero"
      : needs.isWhole && milliseconds % 1000 !== 0
        ? "whole seconds"
        : undefined;
  if (expected === undefined) return;
  const message = `${subject(place)}expected ${expected}, found ${describeFound(place)}`;
  report({ rule: "invalid-duration", message, span: place.node, path: place.path });
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
