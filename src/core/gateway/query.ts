/** Query strings as lists of names and values, in their order. */
import { decode } from "./url-template.ts";

export type QueryParameter = readonly [name: string, value: string];

/** With or without `?` at its start. */
export function parseQuery(query: string): QueryParameter[] {
  const text = query.startsWith("?") ? query.slice(1) : query;
  if (text === "") return [];
  return text.split("&").flatMap((pair) => {
    if (pair === "") return [];
    const [name = "", ...value] = pair.split("=");
    return [[decodePart(name), decodePart(value.join("="))] as const];
  });
}

/** With `?` at its start, or empty. */
export function printQuery(parameters: readonly QueryParameter[]): string {
  if (parameters.length === 0) return "";
  return `?${parameters.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&")}`;
}

/** The first value of a parameter; names compare without case [inferred]. */
export function queryValue(query: string, name: string): string | undefined {
  if (query === "") return undefined;
  const wanted = name.toLowerCase();
  return parseQuery(query).find(([other]) => other.toLowerCase() === wanted)?.[1];
}

function decodePart(text: string): string {
  return decode(text.includes("+") ? text.replaceAll("+", " ") : text);
}
