import { Ajv } from "ajv";
import type { ValidateFunction } from "ajv";
import { expect } from "vitest";
import { outputJsonSchema, outputNames, type OutputName } from "../../src/report/json-schemas.ts";

const ajv = new Ajv({ strict: true, allowUnionTypes: true, strictTypes: false, allErrors: true });
const compiled = new Map<OutputName, ValidateFunction>();

/** Expects a text to be what the schema of that name describes: one document, or for `apply` one a line. */
export function expectOutput(name: OutputName, text: string): void {
  const lines = name === "apply" ? text.trimEnd().split("\n") : [text];
  for (const line of lines) {
    const value: unknown = JSON.parse(line);
    // A command that could not do its job says so in the form of all of them.
    const isError = typeof value === "object" && value !== null && "error" in value;
    const validate = validator(isError ? "error" : name);
    expect(validate(value) ? [] : validate.errors, line.slice(0, 2000)).toEqual([]);
  }
}

/** Commands that print a form of another name. */
const formsOf: Readonly<Record<string, OutputName>> = { destroy: "apply", test: "test-results" };

/** The same for a command line, when it asks for JSON that has a schema. */
export function expectOutputOf(args: readonly string[], stdout: string): void {
  const asksForJson = args.includes("--format=json") || args[args.indexOf("--format") + 1] === "json";
  const [verb = ""] = args;
  const command = args.includes("--drift") ? "drift" : (formsOf[verb] ?? verb);
  const name = outputNames.find((other) => other === command);
  if (asksForJson && name !== undefined && stdout !== "") expectOutput(name, stdout);
}

function validator(name: OutputName): ValidateFunction {
  const validate = compiled.get(name) ?? ajv.compile(outputJsonSchema(name));
  compiled.set(name, validate);
  return validate;
}
