import { describe, expect, it } from "vitest";
import { findStrayTexts } from "../../../src/core/compile/stray-text.ts";
import { parsePolicyNodes } from "../../../src/core/policy/parse.ts";

function strayIn(source: string): { text: string; help?: string }[] {
  const parsed = parsePolicyNodes(source, { dialect: "auto" });
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message);
  return findStrayTexts(parsed.nodes, source).map(({ range, help }) => ({
    text: source.slice(range.start.offset, range.end.offset),
    ...(help === undefined ? {} : { help }),
  }));
}

describe("text among policies", () => {
  it.each([
    ["policies only", '\n<base />\n\n<set-header name="a" exists-action="delete" />\n'],
    ["comments", "<!-- first --><base />"],
    ["nothing", " \n"],
    ["text that a policy takes", "<set-body>words</set-body>"],
    ["a fragment with policies", "<!-- ours -->\n<fragment>\n  <base />\n</fragment>"],
  ])("is not found in %s", (_, source) => expect(strayIn(source)).toEqual([]));

  it.each([
    ["words", [{ text: "words" }]],
    ["<base />\r\n  a &amp; b \r\n<base />", [{ text: "a &amp; b" }]],
    ["<base /><![CDATA[ ]]>", [{ text: "<![CDATA[ ]]>" }]],
    ["<fragment>\n  not this\n  <base />\n</fragment>", [{ text: "not this" }]],
    ["@(context.Api.Id)", [{ text: "@(context.Api.Id)" }]],
    [
      "policies/out bound.xml\n",
      [{ text: "policies/out bound.xml", help: "to name a file write `{ file: policies/out bound.xml }`" }],
    ],
  ])("is found in %j", (source, found) => expect(strayIn(source)).toEqual(found));
});
