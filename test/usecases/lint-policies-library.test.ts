import { expect, it } from "vitest";
import { lintPolicies } from "../../src/lib.ts";
import type { Problem } from "../../src/lib.ts";

const errorsOf = (problems: readonly Problem[]): Problem[] =>
  problems.filter(({ severity }) => severity === "error");

const sections = "<backend /><outbound /><on-error />";

it("lints texts, sorted by file and place", async () => {
  const problems = await lintPolicies([
    { file: "b.xml", text: "<policies>" },
    {
      file: "a.xml",
      text: `<policies><inbound><set-variable name="a" value="@(1 +)" /></inbound>${sections}</policies>`,
    },
  ]);
  expect(errorsOf(problems).map(({ at }) => at.file)).toEqual(["a.xml", "b.xml"]);
});

it("takes severities, what is known, and leaves expressions alone when asked to", async () => {
  const text = `<policies><inbound><set-backend-service backend-id="nope" /><set-variable name="a" value="@(1 +)" /></inbound>${sections}</policies>`;
  const inputs = [{ file: "a.xml", text, scope: "api" }] as const;
  expect(errorsOf(await lintPolicies(inputs, { expressions: false }))).toEqual([]);
  const known = { backends: ["other"] };
  const found = await lintPolicies(inputs, { expressions: false, known });
  expect(errorsOf(found).map(({ rule }) => rule)).toEqual(["unknown-backend"]);
  const rules = { "unknown-backend": "off" } as const;
  expect(errorsOf(await lintPolicies(inputs, { expressions: false, known, rules }))).toEqual([]);
});

it("refuses rules that do not exist", async () => {
  await expect(lintPolicies([], { rules: { "unknown-backnd": "off" } })).rejects.toThrow(
    "there is no rule `unknown-backnd`, did you mean `unknown-backend`?",
  );
});
