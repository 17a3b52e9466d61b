import type { ServiceErrorDetail } from "../../core/failure.ts";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";

/** Removes secrets from text that is shown or logged; works on the text as received, before it is cut or joined. */
export type Redact = (text: string) => string;

/** What an error answer says, whatever its form. */
export type ErrorBody = {
  /** ARM's code; undefined when the answer is not ARM's: a proxy's page, plain text, nothing. */
  readonly code: string | undefined;
  /** One line; empty when the answer says nothing. */
  readonly message: string;
  readonly details: readonly ServiceErrorDetail[];
  readonly isHtml: boolean;
};

const longestMessage = 1000;

/**
 * Reads `{"error":{code,message,details}}`, the same without the outer `error`, an error wrapped as JSON text in another
 * one's message, HTML and plain text. `details` is null where there are none (Azure/apiops#346).
 */
export function parseErrorBody(text: string, redact: Redact = (kept) => kept): ErrorBody {
  const parsed = parseJson(text);
  const error = isJsonObject(parsed) ? innermostError(parsed) : undefined;
  if (error !== undefined) return armError(error, redact);
  const trimmed = text.trim();
  const isHtml = /^<(!doctype html|html|head|body)\b/i.test(trimmed);
  const message = oneLine(redact(isHtml ? htmlTitle(trimmed) : trimmed), 300);
  return { code: undefined, message, details: [], isHtml };
}

/** The value of a JSON text, or undefined when it is none. */
export function parseJson(text: string): Json | undefined {
  try {
    // What JSON.parse returns is Json by definition.
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Text on one line, white space collapsed, cut at `longest` characters. */
export function oneLine(text: string, longest = longestMessage): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, " ").trim();
  return line.length <= longest ? line : `${line.slice(0, longest - 1)}…`;
}

function innermostError(body: JsonObject, depth = 0): JsonObject | undefined {
  const error = isJsonObject(body.error) ? body.error : body;
  if (member(error, "code") === undefined && member(error, "message") === undefined) return undefined;
  const inner = parseJson(member(error, "message") ?? "");
  const wrapped = isJsonObject(inner) && depth < 3 ? innermostError(inner, depth + 1) : undefined;
  return wrapped ?? error;
}

function armError(error: JsonObject, redact: Redact): ErrorBody {
  const details = Array.isArray(error.details) ? error.details : [];
  return {
    code: member(error, "code"),
    message: oneLine(redact(member(error, "message") ?? "")),
    details: details.flatMap((detail: Json) => (isJsonObject(detail) ? [toDetail(detail, redact)] : [])),
    isHtml: false,
  };
}

function toDetail(detail: JsonObject, redact: Redact): ServiceErrorDetail {
  const code = member(detail, "code");
  const target = member(detail, "target");
  return {
    message: oneLine(redact(member(detail, "message") ?? "")),
    ...(code !== undefined && { code }),
    ...(target !== undefined && { target }),
  };
}

/** A text member in either spelling: parts of the service write `Code` and `Message`. */
function member(object: JsonObject, name: string): string | undefined {
  const value = object[name] ?? object[name.charAt(0).toUpperCase() + name.slice(1)];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function htmlTitle(html: string): string {
  const heading =
    /<title[^>]*>([^<]*)<\/title>/i.exec(html)?.[1] ?? /<h1[^>]*>([^<]*)<\/h1>/i.exec(html)?.[1];
  return heading ?? "";
}
