/** Places in a JSON text, as messages about OpenAPI documents give them: line and position, JSON pointer, Newtonsoft's path. */
import { LineIndex } from "../policy/positions.ts";
import type { TextPosition } from "./error-clues.ts";

const lineAndPosition = /\bline (\d+), (?:position|column) (\d+)|\[(\d+), (\d+)\]/gi;
const jsonPointer = /#((?:\/[^\s'"\]/]+)+)/g;
const newtonsoftPath = /\bPath '((?:[^'[]|\['[^\]]*'\]|\[\d+\])+)'/g;

/** The keys that lead to each place that the message names; `json` is the text that was sent. */
export function keysInMessage(message: string, json: string): string[][] {
  const pointers = [...message.matchAll(jsonPointer)].map(([, text = ""]) => pointerKeys(text));
  const paths = [...message.matchAll(newtonsoftPath)].map(([, text = ""]) => pathKeys(text));
  if (pointers.length + paths.length > 0) return [...pointers, ...paths];
  return [...message.matchAll(lineAndPosition)].map(([, a, b, line = a, column = b]) =>
    keysAt(json, { line: Number(line), column: Number(column) }),
  );
}

function pointerKeys(text: string): string[] {
  return text
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** `paths['/chat'].post.parameters[0]` */
function pathKeys(text: string): string[] {
  const keys = text.matchAll(/\['([^\]]*)'\]|\[(\d+)\]|[^.[\]]+/g);
  return [...keys].map(([whole, quoted, index]) => quoted ?? index ?? whole);
}

type Level = { readonly isMap: boolean; key: string | undefined; index: number; expectsKey: boolean };

/** The keys that lead to the value at a place of a well-formed JSON text. */
function keysAt(json: string, at: TextPosition): string[] {
  const end = new LineIndex(json).offset(at);
  const levels: Level[] = [];
  for (const { 0: token, index } of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],]/gs)) {
    if (index > end) break;
    const level = levels.at(-1);
    if (token === "{" || token === "[") {
      levels.push({ isMap: token === "{", key: undefined, index: 0, expectsKey: token === "{" });
    } else if (token === "}" || token === "]") {
      levels.pop();
    } else if (token === "," && level !== undefined) {
      level.index += 1;
      level.expectsKey = level.isMap;
    } else if (level?.expectsKey === true) {
      level.key = keyText(token);
      level.expectsKey = false;
    }
  }
  return levels.flatMap(({ isMap, key, index }) => (isMap ? (key ?? []) : String(index)));
}

function keyText(token: string): string | undefined {
  const key: unknown = JSON.parse(token);
  return typeof key === "string" ? key : undefined;
}
