import { startsAsExpression } from "../policy/expression/scan.ts";
import type { StatusRange } from "../spec/status-codes.ts";

/**
 * C# conditions of the compiled documents. `context.Response` is read unguarded: it exists with status 200 and no body
 * before the first backend call, and after a failed call it holds a status of 500 or more (apim-genai-gateway-toolkit's
 * spill-over policy relies on the first, openai-apim-lb#25 shows the second).
 */

/** True when the last answer's status lies in one of the ranges. */
export function statusIn(ranges: readonly StatusRange[]): string {
  const status = "context.Response.StatusCode";
  const tests = ranges.map(({ min, max }) =>
    min === max ? `${status} == ${min}` : `(${status} >= ${min} && ${status} <= ${max})`,
  );
  return tests.join(" || ");
}

/** True when the operation called is none of these. */
export function operationIsNot(operationIds: readonly string[]): string {
  const list = operationIds.map((id) => stringLiteral(id)).join(", ");
  return `!new [] { ${list} }.Contains(context.Operation.Id)`;
}

/** An integer variable of the request; 0 when no policy has set it yet. */
export function integerVariable(name: string): string {
  return `context.Variables.GetValueOrDefault<int>(${stringLiteral(name)}, 0)`;
}

/** Wraps C# as a single policy expression. */
export function expression(code: string): string {
  return `@(${code})`;
}

/** A text that the gateway gives out as it is, even where it would run it as code: `@(` at the start makes an expression. */
export function literalText(value: string): string {
  return startsAsExpression(value) ? expression(stringLiteral(value)) : value;
}

const escapes: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** A C# string with this text. */
export function stringLiteral(value: string): string {
  return `"${value.replace(/[\\"]/g, "\\$&").replace(/[\n\r\t]/g, (character) => escapes[character] ?? character)}"`;
}
