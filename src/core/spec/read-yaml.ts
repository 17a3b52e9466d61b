import { EVENT_ID, parseEvents, YAMLException, type Event } from "js-yaml";
import type { Finding } from "./finding.ts";
import { buildYaml } from "./build-yaml.ts";
import { explainSyntaxError } from "./yaml-syntax.ts";
import type { YamlMap } from "./yaml-node.ts";

/** Deeper nesting is refused by the parser, so nothing that walks the tree can run out of stack. */
const maxDepth = 100;

/**
 * YAML text to a tree with positions. Without a root when the text is not YAML, is empty or is not a map; everything else
 * that is refused (anchors, tags, duplicate keys) is reported, and reading goes on. `keys` is what the map holds, for people.
 */
export function readYaml(
  text: string,
  keys = "`apimgw`, `name` and `service`",
): { readonly root?: YamlMap; readonly findings: readonly Finding[] } {
  const events = parse(text);
  if (!Array.isArray(events)) return { findings: [explainSyntaxError(events, text)] };
  if (isEmpty(events)) return { findings: [emptySpec] };
  const { root, findings } = buildYaml(events, text);
  if (root.kind === "map") return { root, findings };
  const what = root.kind === "list" ? "a list" : "a single value";
  const message = `expected a map with keys such as ${keys}, found ${what}`;
  return { findings: [...findings, { rule: "wrong-type", message, span: root, path: [] }] };
}

function parse(text: string): Event[] | YAMLException {
  try {
    return parseEvents(text, { maxDepth });
  } catch (error) {
    if (error instanceof YAMLException) return error;
    throw error;
  }
}

const emptySpec: Finding = {
  rule: "empty-spec",
  message: "the spec is empty",
  span: { start: 0, end: 0 },
  help: "`apimgw init` writes one from a pattern",
};

/** No document, or one that holds nothing but comments. */
function isEmpty(events: readonly Event[]): boolean {
  return events.every(
    (event) =>
      event.type === EVENT_ID.DOCUMENT ||
      event.type === EVENT_ID.POP ||
      (event.type === EVENT_ID.SCALAR && event.valueStart < 0 && event.tagStart < 0 && event.anchorStart < 0),
  );
}
