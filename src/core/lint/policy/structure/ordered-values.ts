import type { PolicyRule } from "../policy-rule.ts";
import { orderedPairs } from "./attribute-constraints.ts";
import { backend } from "./examples.ts";
import { atValue } from "./findings.ts";
import { literalOf } from "./literals.ts";
import { placementsAt } from "./placement.ts";

export const orderedValues: PolicyRule = {
  id: "ordered-values",
  severity: "warning",
  summary: "A value that must not exceed another does.",
  why: "The pages of these policies give the order, such as `interval` up to `max-interval` of `retry` (learn.microsoft.com/azure/api-management/retry-policy and others).",
  examples: {
    bad: backend(
      `<retry condition="@(context.Response.StatusCode == 503)" count="3" interval="30" max-interval="10" delta="2"><forward-request /></retry>`,
    ),
    good: backend(
      `<retry condition="@(context.Response.StatusCode == 503)" count="3" interval="5" max-interval="10" delta="2"><forward-request /></retry>`,
    ),
  },
  *check(context) {
    for (const { path, lower, upper, isStrict, severity } of orderedPairs) {
      for (const { element, content } of placementsAt(context, path)) {
        const low = element.attributes.find(({ name }) => name === lower);
        const high = element.attributes.find(({ name }) => name === upper);
        const preset = content.attributes.find(({ name }) => name === upper)?.default;
        const from = numberOf(low?.value);
        const to = numberOf(high?.value ?? preset);
        if (low === undefined || from === undefined || to === undefined) continue;
        if (from < to || (from === to && isStrict !== true)) continue;
        yield atValue(element, low, {
          message: `\`${lower}\` (${from}) must be ${isStrict === true ? "below" : "at most"} \`${upper}\` (${to})`,
          ...(severity === undefined ? {} : { severity }),
        });
      }
    }
  },
};

function numberOf(value: string | undefined): number | undefined {
  const literal = value === undefined ? undefined : literalOf(value);
  return literal !== undefined && /^\d+(\.\d+)?$/.test(literal) ? Number(literal) : undefined;
}
