/** Expressions with what is known of a call. What an expression would throw at run time counts as not known. */
import type { ContextParts } from "../gateway/context-parts.ts";
import { DotNetException, EvaluationLimit, NotSimulated } from "../gateway/expression/errors.ts";
import { prepareExpression } from "../gateway/expression/expressions.ts";
import type { Value } from "../gateway/expression/values.ts";
import { startsAsExpression } from "../policy/expression/scan.ts";
import { namedValueNames } from "../policy/references.ts";
import { knownContext, NotKnown } from "./known-context.ts";
import type { KnownAnswer, KnownVariables } from "./known-context.ts";

/** Statuses that the last answer may have, rising; undefined before the first call. */
export type Statuses = readonly number[] | undefined;

/** Every status that a backend may answer with. */
export const anyStatus: readonly number[] = Array.from({ length: 500 }, (_, index) => index + 100);

export type Outcome = {
  readonly value: boolean | undefined;
  /** The statuses with which it comes out so. */
  readonly statuses: Statuses;
};

type Known = { readonly value: Value } | { readonly missing: NotKnown | undefined };

/** Evaluates for one operation and one product, and remembers what has come out. */
export class Evaluator {
  readonly #parts: ContextParts;
  readonly #conditions = new Map<string, readonly Outcome[]>();

  constructor(parts: ContextParts) {
    this.#parts = parts;
  }

  /** The value of a literal or an expression; undefined when it is not known or no plain value. */
  plain(text: string, variables: KnownVariables, statuses: Statuses): Value | undefined {
    const answer = statuses === undefined ? "none" : statuses.length === 1 ? (statuses[0] ?? "any") : "any";
    const known = this.#evaluate(text, variables, answer);
    if (!("value" in known)) return undefined;
    const { value } = known;
    return value === null || typeof value !== "object" ? value : undefined;
  }

  /** How a condition comes out, apart for the statuses of the last answer where it depends on them. */
  condition(text: string, variables: KnownVariables, statuses: Statuses): readonly Outcome[] {
    if (!startsAsExpression(text)) return [{ value: text.trim().toLowerCase() === "true", statuses }];
    const key = JSON.stringify([text, variablesKey(variables), statusesKey(statuses)]);
    const remembered = this.#conditions.get(key);
    if (remembered !== undefined) return remembered;
    const outcomes = this.#condition(text, variables, statuses);
    this.#conditions.set(key, outcomes);
    return outcomes;
  }

  #condition(text: string, variables: KnownVariables, statuses: Statuses): readonly Outcome[] {
    const whole = this.#evaluate(text, variables, statuses === undefined ? "none" : "any");
    const needsStatus = "missing" in whole && whole.missing?.isStatus === true;
    if (statuses === undefined || !needsStatus) return [{ value: booleanOf(whole), statuses }];
    const groups = Map.groupBy(statuses, (status) => booleanOf(this.#evaluate(text, variables, status)));
    return [true, undefined, false].flatMap((value) => {
      const group = groups.get(value);
      return group === undefined ? [] : [{ value, statuses: group }];
    });
  }

  #evaluate(text: string, variables: KnownVariables, answer: KnownAnswer): Known {
    // What is left of `{{name}}` is a secret, or on the service only.
    if (namedValueNames(text).length > 0) return { missing: undefined };
    if (!startsAsExpression(text)) return { value: text };
    const prepared = prepareExpression(text);
    if (prepared.kind === "unsupported") return { missing: undefined };
    try {
      return { value: prepared.evaluate(knownContext(this.#parts, variables, answer)) };
    } catch (error) {
      if (error instanceof NotKnown) return { missing: error };
      const isAnswer =
        error instanceof DotNetException || error instanceof EvaluationLimit || error instanceof NotSimulated;
      if (isAnswer) return { missing: undefined };
      throw error;
    }
  }
}

function booleanOf(known: Known): boolean | undefined {
  return "value" in known && typeof known.value === "boolean" ? known.value : undefined;
}

/** Equal for equal variables, whatever the order in which they were set. */
export function variablesKey(variables: KnownVariables): string {
  const entries = [...variables].map(([name, value]) => {
    return JSON.stringify([name, typeof value, typeof value === "object" ? null : String(value)]);
  });
  return entries.sort().join();
}

export function statusesKey(statuses: Statuses): string {
  if (statuses === undefined) return "none";
  return statuses.length === anyStatus.length ? "any" : statuses.join();
}
