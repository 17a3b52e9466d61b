import type { PolicyRule } from "../policy-rule.ts";
import { backend, inbound } from "./examples.ts";
import { atElement } from "./findings.ts";
import { placementsAt } from "./placement.ts";

const waiting = `<wait for="all"><send-request mode="copy" response-variable-name="r" /></wait>`;

export const waitInsideRetry: PolicyRule = {
  id: "wait-inside-retry",
  severity: "error",
  summary: "`wait` stands inside `retry`.",
  why: "`retry` takes every policy but `wait` (learn.microsoft.com/azure/api-management/retry-policy). Deeper down it is a warning.",
  examples: {
    bad: backend(`<retry condition="@(true)" count="1" interval="1">${waiting}</retry>`),
    good: inbound(waiting),
  },
  *check(context) {
    const placed = new Set(placementsAt(context, "wait").map(({ element }) => element));
    for (const { element, ancestors } of context.named("wait")) {
      if (!placed.has(element) || !ancestors.some(({ name }) => name === "retry")) continue;
      const isDirect = ancestors.at(-1)?.name === "retry";
      yield atElement(element, {
        message: "`wait` cannot stand inside `retry`",
        ...(isDirect ? {} : { severity: "warning" as const }),
      });
    }
  },
};
