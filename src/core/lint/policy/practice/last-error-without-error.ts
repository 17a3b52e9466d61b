import type { PolicyRule } from "../policy-rule.ts";
import { attributeOf, codeOf, placeOf } from "./policy-places.ts";

export const lastErrorWithoutError: PolicyRule = {
  id: "last-error-without-error",
  severity: "warning",
  summary: "`context.LastError` is read in `outbound`, where no error has happened.",
  why: "`context.LastError` is filled when an error leads to `on-error`; before that it is null, and reading a member of it fails with a 500 (learn.microsoft.com/azure/api-management/api-management-error-handling-policies).",
  examples: {
    bad: `<policies><inbound><base /></inbound><outbound><base /><set-header name="x-reason" exists-action="override"><value>@(context.LastError.Reason)</value></set-header></outbound></policies>`,
    good: `<policies><inbound><base /></inbound><on-error><base /><set-header name="x-reason" exists-action="override"><value>@(context.LastError.Reason)</value></set-header></on-error></policies>`,
  },
  check: (context) =>
    context.expressions.flatMap((placed) => {
      const { place, attribute, text } = placed;
      if (place.section !== "outbound") return [];
      const code = codeOf(placed);
      if (!/\bcontext\.LastError\./.test(code) || /LastError\s*[=!]=\s*null/.test(code)) return [];
      const isGuarded = place.ancestors.some((ancestor) =>
        attributeOf(ancestor, "condition")?.value.includes("LastError"),
      );
      if (isGuarded) return [];
      return [
        {
          message: "`context.LastError` is null in `outbound`",
          ...placeOf(place.element, attribute),
          ...(text?.range && { range: text.range }),
          help: "read it in `on-error`, or with `?.`",
        },
      ];
    }),
};
