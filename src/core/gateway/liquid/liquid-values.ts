/** What templates see of bodies: JSON as lists and members, XML as elements by their local names. */
import { Drop } from "liquidjs";
import { readXmlTree } from "../conversion/xml-tree.ts";
import type { XmlElementNode } from "../conversion/xml-tree.ts";
import { isNumeric, toNumber } from "../expression/numbers.ts";
import { JArrayValue, JObjectValue, JScalarValue } from "../expression/json/json-values.ts";
import type { JTokenValue } from "../expression/json/json-values.ts";
import { DateTimeValue } from "../expression/values.ts";
import { formatValue } from "../expression/format/format-value.ts";
import { LiquidRefusal } from "./liquid-refusal.ts";

/** A date; what a template prints of it is .NET's text in the invariant culture [inferred]. */
export class LiquidDate extends Drop {
  readonly #value: DateTimeValue;

  constructor(value: DateTimeValue) {
    super();
    this.#value = value;
  }

  static dateOf(date: LiquidDate): DateTimeValue {
    return date.#value;
  }
}

/** Members without a prototype, so that no name means anything but what the body says. */
export function liquidJson(token: JTokenValue): unknown {
  if (token instanceof JArrayValue) return token.items.map(liquidJson);
  if (token instanceof JObjectValue) {
    const members: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    for (const { name, value } of token.properties()) members[name] = liquidJson(value);
    return members;
  }
  return token instanceof JScalarValue ? scalar(token) : null;
}

function scalar({ value }: JScalarValue): unknown {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (value instanceof DateTimeValue) return new LiquidDate(value);
  return isNumeric(value) ? toNumber(value) : formatValue(value);
}

export type XmlNil = "blank" | "null";

/**
 * An element by the local names of the elements in it, in any case; elements of one name are a list. One without elements in it is
 * its text.
 */
export class LiquidElement extends Drop {
  readonly #element: XmlElementNode;
  readonly #nil: XmlNil;

  constructor(element: XmlElementNode, nil: XmlNil) {
    super();
    this.#element = element;
    this.#nil = nil;
  }

  /** The elements in it, as `JSONArrayFor` goes through them. */
  static itemsOf(list: LiquidElement): unknown[] {
    return elementsIn(list.#element).map((child) => elementValue(child, list.#nil));
  }

  override liquidMethodMissing(key: string | number): unknown {
    const name = String(key).toLowerCase();
    const found = elementsIn(this.#element).filter(({ local }) => local.toLowerCase() === name);
    const values = found.map((child) => elementValue(child, this.#nil));
    if (values.length > 0) return values.length === 1 ? values[0] : values;
    if (this.#element.attributes.some(({ local }) => local.toLowerCase() === name)) {
      throw new LiquidRefusal(
        `how a template reads the attribute \`${String(key)}\` of an element is not known`,
      );
    }
    return undefined;
  }
}

/** The document: its only member is the root element. Throws ConversionError for what is not well formed. */
export function liquidXml(text: string, nil: XmlNil): LiquidElement {
  const { nodes } = readXmlTree(text);
  const document: XmlElementNode = {
    type: "element",
    name: "",
    local: "",
    attributes: [],
    children: nodes,
    isSelfClosing: false,
  };
  return new LiquidElement(document, nil);
}

function elementsIn({ children }: XmlElementNode): XmlElementNode[] {
  return children.filter((child) => child.type === "element");
}

function elementValue(element: XmlElementNode, nil: XmlNil): unknown {
  const isNil = element.attributes.some(
    ({ uri, local, value }) =>
      local === "nil" &&
      uri === "http://www.w3.org/2001/XMLSchema-instance" &&
      /^(?:true|1)$/.test(value.trim()),
  );
  if (isNil) return nil === "null" ? null : "";
  if (elementsIn(element).length > 0) return new LiquidElement(element, nil);
  return element.children
    .map((child) => (child.type === "text" || child.type === "cdata" ? child.value : ""))
    .join("");
}
