import { load, YAMLException } from "js-yaml";
import type { Problem } from "../problem.ts";

/** Text of a JSON or YAML document as a value, or the one problem that makes it unreadable. */
export type ReadValue =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly problem: Problem };

/**
 * Reads JSON, else YAML. JSON comes first because its parser is ten times as fast; text that is not JSON goes to the YAML
 * parser, which takes JSON too and says where it stumbles.
 */
export function readValue(text: string, file: string): ReadValue {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return readYaml(text, file);
  }
}

function readYaml(text: string, file: string): ReadValue {
  try {
    return { ok: true, value: load(text) };
  } catch (error) {
    return { ok: false, problem: explain(error, text, file) };
  }
}

/** The parser may throw other errors than its own (its documentation says so); none of them is a bug in apimgw. */
function explain(error: unknown, text: string, file: string): Problem {
  const format = /^\s*[{[]/u.test(text) ? "JSON" : "JSON or YAML";
  const mark = error instanceof YAMLException ? error.mark : undefined;
  const reason = error instanceof YAMLException ? error.reason : String(error);
  return {
    rule: "openapi-unreadable",
    severity: "error",
    message: `this is not valid ${format}: ${reason}`,
    at: { file, line: (mark?.line ?? 0) + 1, column: (mark?.column ?? 0) + 1 },
    help: "an OpenAPI document is one JSON or YAML document in UTF-8",
  };
}
