import type { PolicyRule } from "../policy-rule.ts";
import { findingInValue } from "./expression-finding.ts";
import { unknownEscapes } from "./text-faults.ts";

export const stringEscapeUnknown: PolicyRule = {
  id: "string-escape-unknown",
  severity: "error",
  summary: "A backslash in a string begins an escape sequence that C# does not have.",
  why: "The compiler refuses it (CS1009, unrecognized escape sequence): regular expressions and Windows paths need a verbatim string. See https://learn.microsoft.com/dotnet/csharp/language-reference/builtin-types/reference-types#string-literals.",
  examples: {
    bad: `<policies><inbound><set-variable name="id" value="@(Regex.IsMatch(context.Request.Url.Path, "\\d+"))" /></inbound></policies>`,
    good: `<policies><inbound><set-variable name="id" value="@(Regex.IsMatch(context.Request.Url.Path, @"\\d+"))" /></inbound></policies>`,
  },
  *check(context) {
    for (const placed of context.expressions) {
      for (const fault of unknownEscapes(placed.expression)) {
        yield findingInValue(
          context,
          placed,
          fault,
          `unrecognized escape sequence \`${fault.text}\` in a string`,
          {
            help: 'Put `@` before the string (`@"\\d"`), or write the backslash twice.',
          },
        );
      }
    }
  },
};
