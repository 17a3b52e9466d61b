/**
 * What is known on a way on which a condition has come out one way or the other, so that the same question gets the same answer
 * again: an operation's inbound and backend sections often ask the same.
 */
import { expressionOf } from "../policy/expression/scan.ts";
import { unknownVariable } from "./known-context.ts";
import type { RouteState } from "./route-state.ts";

/** What may have changed when it is asked again. */
const passing = /\b(?:Response|LastError|Elapsed|Timestamp|RequestId|Random|NewGuid|DateTime)\b/;

/** The variable and the text that a condition compares, where that is all it does. */
const comparison =
  /^\(*\s*(?:context\.Variables\.GetValueOrDefault<string>\(\s*"([^"\\]+)"(?:\s*,\s*"[^"\\]*")?\s*\)|\(\s*string\s*\)\s*context\.Variables\[\s*"([^"\\]+)"\s*\])\s*\)*\s*==\s*"([^"\\]*)"\s*\)*$/;

/** The state in which a condition that is not known beforehand has come out so. */
export function assume(state: RouteState, condition: string, holds: boolean): RouteState {
  if (passing.test(condition)) return state;
  const assumed = new Map(state.assumed).set(condition, holds);
  const [, byMethod, byIndex, text] = comparison.exec(expressionOf(condition)?.code.trim() ?? "") ?? [];
  const name = byMethod ?? byIndex;
  const isRefined = holds && text !== undefined && name !== undefined;
  if (!isRefined || state.variables.get(name) !== unknownVariable) return { ...state, assumed };
  return { ...state, assumed, variables: new Map(state.variables).set(name, text) };
}

const changes: Readonly<Record<string, RegExp>> = {
  "set-header": /\bHeaders\b/,
  "set-body": /\bBody\b/,
  "set-method": /\bMethod\b/,
  "set-query-parameter": /\bUrl\b/,
  "rewrite-uri": /\bUrl\b/,
};

/** What a policy changes of the request is to be asked anew. */
export function forgetRequest(state: RouteState, policy: string): RouteState {
  const changed = Object.hasOwn(changes, policy) ? changes[policy] : undefined;
  return changed === undefined ? state : without(state, (condition) => changed.test(condition));
}

/** So is a variable that is set. */
export function forgetVariable(state: RouteState, name: string): RouteState {
  return without(state, (condition) => condition.includes(name));
}

function without(state: RouteState, isForgotten: (condition: string) => boolean): RouteState {
  const kept = [...state.assumed].filter(([condition]) => !isForgotten(condition));
  return kept.length === state.assumed.size ? state : { ...state, assumed: new Map(kept) };
}
