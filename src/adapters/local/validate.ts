/**
 * Small validators for request bodies: types, required properties, lengths and values as api-version 2024-05-01 has them.
 * Unknown properties pass, as they do on the service; null counts as absent.
 */
import type { Json, JsonObject } from "../../core/json.ts";
import { isJsonObject } from "../../core/json.ts";
import { fieldErrors } from "./errors.ts";

export type Fault = { readonly target: string; readonly message: string };

/** Adds a fault for everything about the value that the service would refuse. `target` is dotted below `properties`. */
export type Check = (value: Json, target: string, faults: Fault[]) => void;

type TextRules = { readonly min?: number; readonly max?: number; readonly pattern?: RegExp };

export function text({ min = 0, max = Infinity, pattern }: TextRules = {}): Check {
  return (value, target, faults) => {
    if (typeof value !== "string") faults.push({ target, message: `'${target}' must be a string.` });
    else if (min > 0 && value.length === 0)
      faults.push({ target, message: `'${target}' should not be empty.` });
    else if (value.length < min || value.length > max) {
      faults.push({ target, message: `'${target}' must be between ${min} and ${max} characters long.` });
    } else if (pattern?.test(value) === false) {
      faults.push({ target, message: `'${target}' must match the regular expression '${pattern.source}'.` });
    }
  };
}

/** One of the given values, case-sensitive. `message` replaces the general wording. */
export function oneOf(values: readonly string[], message?: string): Check {
  return (value, target, faults) => {
    if (typeof value === "string" && values.includes(value)) return;
    faults.push({ target, message: message ?? `'${target}' must be one of: ${values.join(", ")}.` });
  };
}

export function integer(min = -Infinity, max = Infinity): Check {
  return (value, target, faults) => {
    if (typeof value !== "number" || !Number.isInteger(value))
      faults.push({ target, message: `'${target}' must be an integer.` });
    else checkRange(value, min, max, target, faults);
  };
}

export function number(min = -Infinity, max = Infinity): Check {
  return (value, target, faults) => {
    if (typeof value !== "number") faults.push({ target, message: `'${target}' must be a number.` });
    else checkRange(value, min, max, target, faults);
  };
}

function checkRange(value: number, min: number, max: number, target: string, faults: Fault[]): void {
  if (value < min || value > max)
    faults.push({ target, message: `'${target}' must be between ${min} and ${max}.` });
}

export const boolean: Check = (value, target, faults) => {
  if (typeof value !== "boolean") faults.push({ target, message: `'${target}' must be true or false.` });
};

/** An ISO 8601 duration such as PT1M, longer than nothing. */
export const duration: Check = (value, target, faults) => {
  const isDuration =
    typeof value === "string" &&
    /^P(?=\d|T\d)(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?$/.test(value) &&
    /[1-9]/.test(value);
  if (!isDuration)
    faults.push({ target, message: `'${target}' must be an ISO 8601 duration, such as PT1M.` });
};

export function list(item: Check, min = 0, max = Infinity): Check {
  return (value, target, faults) => {
    if (!isList(value)) {
      faults.push({ target, message: `'${target}' must be an array.` });
      return;
    }
    if (value.length < min) faults.push({ target, message: `'${target}' should not be empty.` });
    if (value.length > max) faults.push({ target, message: `'${target}' must have at most ${max} items.` });
    value.forEach((entry, index) => item(entry, `${target}[${index}]`, faults));
  };
}

/** An object whose values all pass the check. */
export function record(item: Check): Check {
  return (value, target, faults) => {
    if (!isJsonObject(value)) faults.push({ target, message: `'${target}' must be an object.` });
    else for (const [key, entry] of Object.entries(value)) item(entry ?? null, `${target}.${key}`, faults);
  };
}

/** An object with known members; members that are not listed pass. */
export function fields(checks: Readonly<Record<string, Check>>, required: readonly string[] = []): Check {
  return (value, target, faults) => {
    if (!isJsonObject(value)) {
      faults.push({ target, message: `'${target}' must be an object.` });
      return;
    }
    for (const [key, check] of Object.entries(checks)) {
      const member = value[key];
      const memberTarget = target === "" ? key : `${target}.${key}`;
      if (member !== undefined && member !== null) check(member, memberTarget, faults);
      else if (required.includes(key))
        faults.push({ target: memberTarget, message: `'${key}' should not be empty.` });
    }
  };
}

/** The object without members that are null: for ARM null is the same as absent. Throws ArmError when a check fails. */
export function accept(sent: JsonObject, ...checks: readonly Check[]): JsonObject {
  const given = withoutNulls(sent);
  const faults: Fault[] = [];
  for (const check of checks) check(given, "", faults);
  if (faults.length > 0) throw fieldErrors(faults);
  return given;
}

export function withoutNulls(value: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(value).filter(([, member]) => member !== null && member !== undefined),
  );
}

/** The members that are not among the given names. */
export function without(value: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
}

export function textOf(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
