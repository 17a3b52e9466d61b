import { COLLECTION_STYLE, EVENT_ID, getScalarValue, SCALAR_STYLE, type Event } from "js-yaml";
import type { Finding } from "./finding.ts";
import { buildScalar, checkProperties, scalarSpan, skipTrivia } from "./build-scalar.ts";
import { indexLines, type LineIndex, type Span } from "./text-position.ts";
import type { YamlEntry, YamlList, YamlMap, YamlNode, YamlScalar } from "./yaml-node.ts";

type Key = Span & { readonly name?: string; readonly isMerge?: true };
type CollectionEvent = Extract<Event, { type: typeof EVENT_ID.MAPPING | typeof EVENT_ID.SEQUENCE }>;

/** Turns the parser's events into a tree; reports what YAML allows and a spec does not. */
export function buildYaml(
  events: readonly Event[],
  text: string,
): { readonly root: YamlNode; readonly findings: readonly Finding[] } {
  const builder = new YamlBuilder(events, text);
  const root = builder.readDocument();
  return { root, findings: builder.findings };
}

class YamlBuilder {
  readonly findings: Finding[] = [];
  readonly #events: readonly Event[];
  readonly #text: string;
  #lines: LineIndex | undefined;
  #next = 0;
  /** End of what has been read so far: where an empty value stands. */
  #end = 0;

  constructor(events: readonly Event[], text: string) {
    this.#events = events;
    this.#text = text;
  }

  readDocument(): YamlNode {
    this.#next++;
    const root = this.#readNode();
    this.#next++;
    if (this.#next < this.#events.length) this.#reportSeveralDocuments(root);
    return root;
  }

  #readNode(at?: Span): YamlNode {
    const event = this.#events[this.#next++];
    switch (event?.type) {
      case EVENT_ID.MAPPING:
        return this.#readMap(event);
      case EVENT_ID.SEQUENCE:
        return this.#readList(event);
      case EVENT_ID.ALIAS:
        return this.#refuseAlias({ start: event.anchorStart - 1, end: event.anchorEnd });
      case EVENT_ID.SCALAR: {
        const scalar = buildScalar(
          event,
          this.#text,
          at ?? { start: this.#end, end: this.#end },
          this.#report,
        );
        this.#end = Math.max(this.#end, scalar.end);
        return scalar;
      }
      case EVENT_ID.DOCUMENT:
      case EVENT_ID.POP:
      case undefined:
        throw new Error("unexpected event while reading YAML");
    }
  }

  #readMap(event: CollectionEvent): YamlMap {
    this.#open(event, "!!map");
    const entries = new Map<string, YamlEntry>();
    let isComplete = true;
    while (!this.#atPop()) {
      const key = this.#readKey(entries);
      const before = this.findings.length;
      const value = this.#readNode(key);
      // What a merge key merges is refused with it, not once more.
      if (key.isMerge) this.findings.length = before;
      if (key.name === undefined) isComplete = false;
      else if (!entries.has(key.name)) entries.set(key.name, { key, value });
    }
    const { start, end } = this.#close(event);
    return isComplete
      ? { kind: "map", start, end, entries }
      : { kind: "map", start, end, entries, incomplete: true };
  }

  #readList(event: CollectionEvent): YamlList {
    this.#open(event, "!!seq");
    const found: YamlNode[] = [];
    while (!this.#atPop()) {
      const dash = skipTrivia(this.#text, this.#end);
      found.push(this.#readNode({ start: dash, end: Math.min(dash + 1, this.#text.length) }));
      if (found.at(-1)?.start === dash) this.#end = Math.max(this.#end, dash + 1);
    }
    const { start, end } = this.#close(event);
    return { kind: "list", start, end, items: found };
  }

  #open(event: CollectionEvent, tag: "!!map" | "!!seq"): void {
    checkProperties(event, this.#text, [tag], this.#report);
    this.#end = Math.max(this.#end, event.start);
    if (event.style === COLLECTION_STYLE.FLOW) this.#end = Math.max(this.#end, event.start + 1);
  }

  /** Passes the closing event and, for `{ }` and `[ ]`, the closing bracket. */
  #close(event: CollectionEvent): Span {
    this.#next++;
    const opening = this.#text[event.start];
    if (event.style === COLLECTION_STYLE.FLOW && (opening === "{" || opening === "[")) {
      let at = skipTrivia(this.#text, this.#end);
      if (this.#text[at] === ",") at = skipTrivia(this.#text, at + 1);
      this.#end = Math.min(at + 1, this.#text.length);
    }
    return { start: event.start, end: Math.max(event.start, this.#end) };
  }

  #atPop(): boolean {
    return this.#events[this.#next]?.type === EVENT_ID.POP;
  }

  /** A key without a name was refused. A duplicate is reported and keeps its name: the first counts. */
  #readKey(entries: ReadonlyMap<string, YamlEntry>): Key {
    const event = this.#events[this.#next];
    if (event?.type !== EVENT_ID.SCALAR) return this.#refuseKey();
    this.#next++;
    checkProperties(event, this.#text, ["!", "!!str"], this.#report);
    const { start, end } = scalarSpan(event, this.#text, { start: this.#end, end: this.#end });
    this.#end = Math.max(this.#end, end);
    const name = getScalarValue(this.#text, event);
    const isPlain = event.style === SCALAR_STYLE.PLAIN;
    if (isPlain && name === "") this.#refuse("yaml-key", "the key is missing", { start, end });
    else if (isPlain && name === "<<") {
      this.#refuse("yaml-anchor", "merge keys are not supported", { start, end }, anchorHelp);
      return { start, end, isMerge: true };
    } else if (name === "__proto__") {
      this.#refuse("invalid-name", "`__proto__` cannot be used as a key", { start, end });
    } else {
      const first = entries.get(name);
      if (first) this.#reportDuplicate(name, { start, end }, first.key);
      return { start, end, name };
    }
    return { start, end };
  }

  /** An alias has been refused as one. */
  #refuseKey(): Key {
    const { kind, start, end } = this.#readNode();
    if (kind !== "scalar")
      this.#refuse("yaml-key", "a key must be text, not a map or a list", { start, end });
    return { start, end };
  }

  #reportDuplicate(name: string, span: Span, first: Span): void {
    this.#lines ??= indexLines(this.#text);
    const { line } = this.#lines.place(first.start);
    this.#refuse("duplicate-key", `\`${name}\` is given twice; the first one is in line ${line}`, span);
  }

  #refuseAlias(span: Span): YamlScalar {
    this.#end = Math.max(this.#end, span.end);
    this.#refuse("yaml-anchor", "aliases are not supported", span, anchorHelp);
    return { kind: "scalar", ...span, value: null, text: "", style: "plain", unresolved: true };
  }

  #refuse(rule: Finding["rule"], message: string, { start, end }: Span, help?: string): undefined {
    this.#report({ rule, message, span: { start, end }, ...(help === undefined ? {} : { help }) });
    return undefined;
  }

  #reportSeveralDocuments(root: YamlNode): void {
    const separator = /^(?:---|\.\.\.)(?=\s|$)/gm;
    separator.lastIndex = root.end;
    const start = separator.exec(this.#text)?.index ?? root.end;
    this.#refuse(
      "several-documents",
      "a second YAML document begins here",
      { start, end: start + 3 },
      documentsHelp,
    );
  }

  readonly #report = (finding: Finding): void => {
    this.findings.push(finding);
  };
}

const anchorHelp = "write the value out, or use environments for what differs";
const documentsHelp = "a spec is one document; for variants of it use environments";
