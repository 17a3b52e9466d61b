/** Every expression in public policy documents is evaluated or refused with its place; nothing else happens. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { createBody, HeaderMap } from "../../../../src/core/gateway/message.ts";
import type { Value } from "../../../../src/core/gateway/expression/values.ts";
import { parsePolicyDocument } from "../../../../src/core/policy/parse.ts";
import { createPolicyContext } from "../../../../src/core/lint/policy/policy-context.ts";
import { sharedFolder } from "../../../support/shared-data.ts";
import { contextWith, loadGrammar, requestWith, responseWith, run } from "./support.ts";
import type { Result } from "./support.ts";

const folder = sharedFolder("corpus");

function expressionsIn(folder: string): string[] {
  const found = new Set<string>();
  for (const file of globSync("good/**/*.xml", { cwd: folder })) {
    const source = readFileSync(join(folder, file), "utf8");
    const parsed = parsePolicyDocument(source, { dialect: "auto" });
    if (!parsed.ok) continue;
    const context = createPolicyContext(parsed.document, { source, dialect: parsed.dialect });
    for (const { value } of context.expressions) found.add(replaceNamedValues(value));
  }
  return [...found].sort();
}

/** Named values are put in before an expression is compiled: inside strings as text, elsewhere as a number. */
function replaceNamedValues(value: string): string {
  return value.replace(/\{\{[\w.-]+\}\}/g, "1");
}

/** Variables that hold what their names in the document are used as, guessed from the casts around them. */
function variablesFor(expression: string): Map<string, Value> {
  const variables = new Map<string, Value>();
  const uses = expression.matchAll(
    /(?:\(\s*(\w+(?:\[\])?)\??\s*\)\s*)?context\s*\.\s*Variables\s*(?:\[|\.GetValueOrDefault(?:<(\w+)>)?\()\s*"([^"]+)"/g,
  );
  for (const [, cast, type, name = ""] of uses) {
    const made = valueFor(type ?? cast ?? "string");
    if (made !== undefined && !variables.has(name)) variables.set(name, made);
  }
  return variables;
}

function valueFor(type: string): Value | undefined {
  switch (type.toLowerCase()) {
    case "int":
    case "int32":
      return 1;
    case "long":
      return 1n;
    case "bool":
    case "boolean":
      return true;
    case "byte[]":
      return new Uint8Array(16);
    case "iresponse":
      return responseWith({ body: createBody('{"access_token":"a","value":"b","keys":[]}') });
    case "string":
      return "value";
    default:
      return undefined;
  }
}

describe.skipIf(folder === undefined)("expressions of public documents", () => {
  beforeAll(loadGrammar);

  it("are evaluated, or refused with a place", () => {
    const counts = new Map<string, number>();
    const refused = new Map<string, string[]>();
    const expressions = expressionsIn(folder!);
    for (const expression of expressions) {
      const result = evaluated(expression);
      count(counts, result.end);
      if (result.end === "exception") count(counts, `  ${result.type}`);
      if (result.end !== "refused") continue;
      expect(result.line, expression).toBeGreaterThan(0);
      const reason = result.message.replace(/'[^']*'|\d+/g, "…");
      refused.set(reason, [...(refused.get(reason) ?? []), `${expression.slice(0, 90)} | ${result.message}`]);
    }
    console.log([...counts].map(([end, number]) => `${end}: ${number}`).join("\n"));
    for (const [reason, all] of [...refused].sort(([, a], [, b]) => b.length - a.length)) {
      console.log(`refused ${all.length}: ${reason}\n${all[0] ?? ""}`);
    }
    expect(counts.get("limit") ?? 0).toBe(0);
    const refusedCount = counts.get("refused") ?? 0;
    expect(refusedCount / expressions.length).toBeLessThan(0.05);
  });
});

function evaluated(expression: string): Result {
  const variables = variablesFor(expression);
  const request = requestWith({
    headers: new HeaderMap([
      ["Authorization", "Bearer a.b.c"],
      ["Content-Type", "application/json"],
    ]),
  });
  return run(
    expression,
    contextWith({
      variables,
      request,
      response: responseWith({ body: createBody('{"usage":{"total_tokens":5}}') }),
    }),
  );
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
