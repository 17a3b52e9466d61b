/** How the evaluation of an expression ends other than with a value. */
import { ExceptionValue } from "./values.ts";

/** What .NET would throw. The gateway makes an ExpressionValueEvaluationFailure of it. */
export class DotNetException extends Error {
  readonly value: ExceptionValue;

  constructor(value: ExceptionValue) {
    super(value.message);
    this.name = "DotNetException";
    this.value = value;
  }

  /** Full name, such as `System.FormatException`. */
  get type(): string {
    return this.value.type;
  }
}

/** The expression takes more steps or memory than a simulation allows, or calls itself too often. */
export class EvaluationLimit extends Error {
  override readonly name = "EvaluationLimit";
}

/** The value of an expression turned out to have a type or member that is refused or not simulated. */
export class NotSimulated extends Error {
  override readonly name = "NotSimulated";
  /** Offset of the code concerned, within the code; set when the error leaves the code that it comes from. */
  offset: number | undefined;
}

/** The same once it has left the interpreter: `offset` is in the text of the expression, from 0. */
export class UnsupportedEvaluation extends NotSimulated {
  readonly line: number;
  readonly column: number;

  constructor(message: string, offset: number, line: number, column: number) {
    super(message);
    this.offset = offset;
    this.line = line;
    this.column = column;
  }
}

/** Makes an exception of namespace System, or of the one that is written. */
export function exception(
  type: string,
  message: string,
  inner: ExceptionValue | null = null,
): DotNetException {
  return new DotNetException(
    new ExceptionValue(type.includes(".") ? type : `System.${type}`, message, inner),
  );
}

export function nullReference(): DotNetException {
  return exception("NullReferenceException", "Object reference not set to an instance of an object.");
}

export function argumentNull(parameter: string): DotNetException {
  return exception("ArgumentNullException", `Value cannot be null.\r\nParameter name: ${parameter}`);
}

export function argumentOutOfRange(parameter: string, message?: string): DotNetException {
  const text = message ?? "Specified argument was out of the range of valid values.";
  return exception("ArgumentOutOfRangeException", `${text}\r\nParameter name: ${parameter}`);
}

export function formatException(message = "Input string was not in a correct format."): DotNetException {
  return exception("FormatException", message);
}

export function invalidCast(message = "Specified cast is not valid."): DotNetException {
  return exception("InvalidCastException", message);
}

export function invalidOperation(message: string): DotNetException {
  return exception("InvalidOperationException", message);
}
