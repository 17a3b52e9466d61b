import { describe, expect, it } from "vitest";
import { answerUse } from "../../../src/core/gateway/answer-use.ts";
import { parsePolicyDocument } from "../../../src/core/policy/parse.ts";
import type { PolicyDocument } from "../../../src/core/policy/tree.ts";

const cases: readonly (readonly [what: string, xml: string, use: string])[] = [
  ["nothing", '<set-header name="a"><value>b</value></set-header>', "none"],
  [
    "the request's body",
    "<set-body>@(context.Request.Body.As<string>(preserveContent: true))</set-body>",
    "none",
  ],
  [
    "an answer of its own request",
    '<set-variable name="t" value="@(((IResponse)context.Variables["t"]).Body.As<string>())" />',
    "none",
  ],
  [
    "the answer's status",
    '<choose><when condition="@(context.Response.StatusCode == 429)" /></choose>',
    "none",
  ],
  ["tokens", '<llm-emit-token-metric namespace="n" />', "usage"],
  ["tokens and the answer", '<llm-emit-token-metric /><find-and-replace from="a" to="b" />', "content"],
  ["the answer", "<set-body>@(context.Response.Body.As<string>())</set-body>", "content"],
  [
    "the answer under another name",
    '<set-variable name="t" value="@{ var r = context.Response; return r.Body.As<string>(); }" />',
    "content",
  ],
  ["a check of the answer", '<llm-content-safety backend-id="s" enforce-on-completions="true" />', "content"],
  ["a template", '<set-body template="liquid">{{body.a}}</set-body>', "content"],
  [
    "text that is no expression",
    '<set-header name="a"><value>see context.Response.Body</value></set-header>',
    "none",
  ],
  ["a fragment that reads it", '<include-fragment fragment-id="Reads" />', "content"],
  ["a fragment that includes itself", '<include-fragment fragment-id="loop" />', "none"],
];

describe("what policies do with the body of an answer", () => {
  it.each(cases)("%s", (_, xml, use) => {
    const fragments = new Map([
      ["reads", parse("<fragment><set-body>@(context.Response.Body.As<string>())</set-body></fragment>")],
      ["loop", parse('<fragment><include-fragment fragment-id="loop" /></fragment>')],
    ]);
    expect(answerUse([parse(`<policies><outbound>${xml}</outbound></policies>`)], fragments)).toBe(use);
  });

  it.each([
    ["inbound", "", "none"],
    ["inbound", ' enforce-on-completions="false"', "none"],
    ["inbound", ' enforce-on-completions="true"', "content"],
    ["outbound", "", "content"],
  ])("content safety in %s with%s", (section, more, use) => {
    const policy = `<llm-content-safety backend-id="s"${more} />`;
    const fragments = new Map([["safe", parse(`<fragment>${policy}</fragment>`)]]);
    for (const xml of [policy, '<include-fragment fragment-id="safe" />']) {
      expect(answerUse([parse(`<policies><${section}>${xml}</${section}></policies>`)], fragments)).toBe(use);
    }
  });
});

function parse(xml: string): PolicyDocument {
  const parsed = parsePolicyDocument(xml, { dialect: "rawxml" });
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message);
  return parsed.document;
}
