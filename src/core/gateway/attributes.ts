/** Attributes and texts of policies as functions of the request: literals and expressions read the same way. */
import { startsAsExpression } from "../policy/expression/scan.ts";
import { attributeValue, elementText } from "../policy/tree.ts";
import type { PolicyElement } from "../policy/tree.ts";
import type { Exchange } from "./exchange.ts";
import {
  DotNetException,
  EvaluationLimit,
  NotSimulated,
  UnsupportedEvaluation,
} from "./expression/errors.ts";
import { prepareExpression } from "./expression/expressions.ts";
import { toText } from "./expression/to-text.ts";
import type { Value } from "./expression/values.ts";
import { internalError, NotSupported, PolicyError } from "./policy-error.ts";

export type Reader<T> = (exchange: Exchange) => T;

/**
 * A text that may be an expression as a function that gives its value; literals give themselves. Throws NotSupported for an
 * expression that cannot be evaluated; the function throws PolicyError for what .NET would throw.
 */
export function valueReader(text: string): Reader<Value> {
  if (!startsAsExpression(text)) return () => text;
  const prepared = prepareExpression(text);
  if (prepared.kind === "unsupported") {
    const { message, line, column } = prepared;
    throw new NotSupported(
      `the expression \`${shorten(text)}\` cannot be evaluated: ${message} (line ${line}, column ${column} of it)`,
    );
  }
  const { evaluate, readsBody } = prepared;
  return (exchange) => {
    try {
      const value = evaluate(exchange.context);
      // What has been read is in memory [inferred]; that it is consumed is another question.
      if (readsBody) exchange.isBodyKept = true;
      return value;
    } catch (error) {
      throw asPolicyError(error, text);
    }
  };
}

function asPolicyError(error: unknown, text: string): unknown {
  if (error instanceof DotNetException) {
    return new PolicyError(500, `Expression evaluation failed. ${error.message}`, {
      reason: "ExpressionValueEvaluationFailure",
      answer: internalError,
    });
  }
  if (error instanceof EvaluationLimit || error instanceof NotSimulated) {
    const place =
      error instanceof UnsupportedEvaluation ? ` (line ${error.line}, column ${error.column} of it)` : "";
    return new NotSupported(
      `the expression \`${shorten(text)}\` cannot be evaluated: ${error.message}${place}`,
    );
  }
  return error;
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= 80 ? line : `${line.slice(0, 79)}…`;
}

/** The same, as text. */
export function textReader(text: string): Reader<string> {
  if (!startsAsExpression(text)) return () => text;
  const read = valueReader(text);
  return (exchange) => {
    const value = read(exchange);
    try {
      return toText(value);
    } catch (error) {
      throw asPolicyError(error, text);
    }
  };
}

/** The text of an element, which is one expression or literal. */
export function contentReader(element: PolicyElement): Reader<string> {
  return textReader(elementText(element));
}

export function optionalText(element: PolicyElement, name: string): Reader<string> | undefined {
  const text = attributeValue(element, name);
  return text === undefined ? undefined : textReader(text);
}

/** Throws NotSupported when the attribute is not there, as the service would refuse the document. */
export function requiredText(element: PolicyElement, name: string): Reader<string> {
  return textReader(requiredAttribute(element, name));
}

/** Throws NotSupported when the attribute is not there. */
export function requiredAttribute(element: PolicyElement, name: string): string {
  const text = attributeValue(element, name);
  if (text === undefined) throw new NotSupported(`<${element.name}> has no attribute \`${name}\``);
  return text;
}

/** `true` and `false`, in any case; expressions must give a bool. */
export function flagReader(element: PolicyElement, name: string, fallback: boolean): Reader<boolean> {
  const text = attributeValue(element, name);
  return text === undefined ? () => fallback : conditionReader(text, `${element.name}/@${name}`);
}

/** A condition; throws PolicyError where an expression gives no bool. */
export function conditionReader(text: string, what: string): Reader<boolean> {
  if (!startsAsExpression(text)) {
    const value = text.trim().toLowerCase() === "true";
    return () => value;
  }
  const read = valueReader(text);
  return (exchange) => {
    const value = read(exchange);
    if (typeof value === "boolean") return value;
    throw new PolicyError(500, `Expression evaluation failed. The value of ${what} is no boolean.`, {
      reason: "ExpressionValueEvaluationFailure",
      answer: internalError,
    });
  };
}

/** A number; expressions may give a number or its text. */
export function numberReader(element: PolicyElement, name: string): Reader<number> | undefined {
  const text = attributeValue(element, name);
  if (text === undefined) return undefined;
  if (!startsAsExpression(text)) {
    const value = Number(text.trim());
    if (text.trim() === "" || !Number.isFinite(value)) {
      throw new NotSupported(`<${element.name}> has no number in \`${name}\`: ${text}`);
    }
    return () => value;
  }
  const read = textReader(text);
  return (exchange) => {
    const value = Number(read(exchange));
    if (Number.isFinite(value)) return value;
    throw new PolicyError(
      500,
      `Expression evaluation failed. The value of ${element.name}/@${name} is no number.`,
      {
        reason: "ExpressionValueEvaluationFailure",
        answer: internalError,
      },
    );
  };
}

/** A number that must be there. Throws NotSupported when it is not. */
export function requiredNumber(element: PolicyElement, name: string): Reader<number> {
  const read = numberReader(element, name);
  if (read === undefined) throw new NotSupported(`<${element.name}> has no attribute \`${name}\``);
  return read;
}
