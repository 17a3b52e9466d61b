import { EVENT_ID, getScalarValue, parseEvents, SCALAR_STYLE, type Event } from "js-yaml";
import type { Location } from "../location.ts";

/**
 * Finds where a key stands in YAML or JSON text, given the keys that lead to it. The text is read a second time for that, by
 * the first call and so only when there is something to report. A key that is not there gives its nearest ancestor, else 1:1.
 */
export function createLocator(text: string, file: string): (keys: readonly string[]) => Location {
  let events: readonly Event[] | undefined;
  return (keys) => {
    events ??= readEvents(text);
    // Event 0 opens the document, event 1 is its root.
    return locateOffset(text, file, findKey(events, text, 1, keys) ?? 0);
  };
}

/** Line and column of an offset in UTF-16 units. */
function locateOffset(text: string, file: string, offset: number): Location {
  const before = text.slice(0, offset);
  const lineStart = Math.max(before.lastIndexOf("\n"), before.lastIndexOf("\r")) + 1;
  const line = before.split(/\r\n|\r|\n/u).length;
  return { file, line, column: offset - lineStart + 1 };
}

function readEvents(text: string): readonly Event[] {
  try {
    return parseEvents(text, {});
  } catch {
    // JSON that YAML does not take: nesting deeper than 100.
    return [];
  }
}

function findKey(
  events: readonly Event[],
  text: string,
  mapping: number,
  keys: readonly string[],
): number | undefined {
  const [wanted, ...rest] = keys;
  if (wanted === undefined || events[mapping]?.type !== EVENT_ID.MAPPING) return undefined;
  let found: number | undefined;
  for (let index = mapping + 1; isNode(events[index]);) {
    const key = events[index];
    const value = skipNode(events, index);
    if (key?.type === EVENT_ID.SCALAR && getScalarValue(text, key) === wanted) {
      // JSON takes the last of equal keys; YAML allows none.
      found = findKey(events, text, value, rest) ?? key.valueStart - quoteWidth(key.style);
    }
    index = skipNode(events, value);
  }
  return found;
}

function quoteWidth(style: number): number {
  return style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED ? 1 : 0;
}

/** Index of the event after the node that starts at `index`. */
function skipNode(events: readonly Event[], index: number): number {
  const type = events[index]?.type;
  if (type !== EVENT_ID.MAPPING && type !== EVENT_ID.SEQUENCE) return index + 1;
  let next = index + 1;
  while (isNode(events[next])) next = skipNode(events, next);
  return next + 1;
}

function isNode(event: Event | undefined): boolean {
  return event !== undefined && event.type !== EVENT_ID.POP;
}
