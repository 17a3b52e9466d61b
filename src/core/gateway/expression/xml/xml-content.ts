/** What may be put into an element: nodes, attributes, texts, and sequences of these. */
import { NotSimulated } from "../errors.ts";
import type { Evaluation } from "../evaluation.ts";
import { formatIsoDate } from "../format/date-format.ts";
import { formatValue } from "../format/format-value.ts";
import { itemsOf } from "../sequences.ts";
import { DateTimeValue, isObjectValue } from "../values.ts";
import type { Value } from "../values.ts";
import { XContainerValue } from "./xml-values.ts";
import { XAttributeValue, XDocumentValue, XElementValue, XNamespaceValue, XTextValue } from "./xml-values.ts";

export function addXml(target: XContainerValue, contents: readonly Value[], ev: Evaluation): void {
  for (const content of contents) {
    chargeNode(content, ev);
    addOne(target, content, ev);
  }
}

/** Counts a node that may be copied with all that it holds. */
function chargeNode(node: Value, ev: Evaluation): void {
  ev.step();
  ev.allocate(1);
  if (node instanceof XContainerValue) for (const child of node.children) chargeNode(child, ev);
}

function addOne(target: XContainerValue, content: Value, ev: Evaluation): void {
  if (content === null) return;
  if (content instanceof XElementValue || content instanceof XTextValue) target.add(content);
  else if (content instanceof XAttributeValue) {
    if (!(target instanceof XElementValue)) throw new NotSimulated("Only elements have attributes.");
    target.addAttribute(content);
  } else if (content instanceof XDocumentValue)
    throw new NotSimulated("A document cannot be put into an element.");
  else {
    const items = isObjectValue(content) ? itemsOf(content) : undefined;
    if (items !== undefined) addXml(target, [...items], ev);
    else target.add(new XTextValue("XText", xmlText(content)));
  }
}

/** A value as XML has it: booleans in lower case, dates as ISO 8601. */
export function xmlText(value: Exclude<Value, null>): string {
  if (typeof value === "boolean") return String(value);
  if (value instanceof DateTimeValue) return formatIsoDate(value);
  if (value instanceof XNamespaceValue) return value.uri;
  return formatValue(value);
}
