import type { PolicyRule } from "../policy-rule.ts";
import { findingInValue } from "./expression-finding.ts";
import { longCharacterLiterals } from "./text-faults.ts";

export const characterLiteralTooLong: PolicyRule = {
  id: "character-literal-too-long",
  severity: "error",
  summary: "Single quotes hold one character in C#; text stands in double quotes.",
  why: 'The service refuses the document with "Too many characters in character literal". See https://github.com/Azure/api-management-policy-snippets/issues/137.',
  examples: {
    bad: `<policies><inbound><choose><when condition="@(context.Request.Method == 'GET')"><return-response /></when></choose></inbound></policies>`,
    good: `<policies><inbound><choose><when condition="@(context.Request.Method == "GET")"><return-response /></when></choose></inbound></policies>`,
  },
  *check(context) {
    for (const placed of context.expressions) {
      for (const { start, end, text } of longCharacterLiterals(placed.expression)) {
        const inner = text.slice(1, -1);
        const message =
          inner === ""
            ? "empty character literal: `''` is no C#"
            : `too many characters in character literal \`${text}\``;
        yield findingInValue(context, placed, { start, end }, message, {
          help: `write text in double quotes: \`"${inner}"\`. In format \`xml\` they are \`&quot;\` inside an attribute`,
        });
      }
    }
  },
};
