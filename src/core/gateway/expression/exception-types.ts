/** Which exceptions derive from which, as far as expressions meet them. */

const parents: Readonly<Record<string, string>> = {
  ArgumentNullException: "ArgumentException",
  ArgumentOutOfRangeException: "ArgumentException",
  UriFormatException: "FormatException",
  DivideByZeroException: "ArithmeticException",
  OverflowException: "ArithmeticException",
  JsonReaderException: "JsonException",
  JsonWriterException: "JsonException",
  JsonSerializationException: "JsonException",
};

/** Whether an exception, given by its full name, is caught as a type, given by its short name. */
export function isExceptionType(fullName: string, wanted: string): boolean {
  if (wanted === "Exception") return true;
  let name: string | undefined = fullName.slice(fullName.lastIndexOf(".") + 1);
  while (name !== undefined) {
    if (name === wanted) return true;
    name = parents[name];
  }
  return wanted === "SystemException" && fullName.startsWith("System.");
}
