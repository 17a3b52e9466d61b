/** Members of LINQ to XML, as far as policies use them. */
import { NotSimulated, argumentNull } from "../errors.ts";
import { SequenceValue, isObjectValue } from "../values.ts";
import type { Value } from "../values.ts";
import { addXml, xmlText } from "../xml/xml-content.ts";
import { parseXml } from "../xml/xml-parse.ts";
import { printXml } from "../xml/xml-print.ts";
import {
  XAttributeValue,
  XContainerValue,
  XDocumentValue,
  XElementValue,
  XNameValue,
  XNamespaceValue,
  XTextValue,
} from "../xml/xml-values.ts";
import type { XChild } from "../xml/xml-values.ts";
import { defineMembers, defineStatics, instanceOf, defineSequenceMembers } from "./registry.ts";
import type { Args } from "./registry.ts";
import { walk } from "../sequences.ts";

function nameOf(value: Value): XNameValue {
  if (value === null) throw argumentNull("name");
  if (value instanceof XNameValue) return value;
  if (typeof value === "string") return XNameValue.from(value);
  throw new NotSimulated("A name of XML is a text or an XName.");
}

/** `new XElement(name, content...)` and the other nodes. */
export function makeXml(kind: string, args: Args): Value {
  switch (kind) {
    case "XElement":
      return newElement(args);
    case "XAttribute": {
      const value = args.at(1);
      if (value === null) throw argumentNull("value");
      return new XAttributeValue(nameOf(args.at(0)), xmlText(value));
    }
    case "XDocument": {
      const document = new XDocumentValue();
      addXml(
        document,
        args.values.filter((value) => value === null || !isDeclaration(value)),
        args.ev,
      );
      return document;
    }
    case "XText":
    case "XCData":
    case "XComment":
      return new XTextValue(kind, args.text(0));
    default:
      throw new NotSimulated(`new ${kind} is not simulated.`);
  }
}

function isDeclaration(value: Exclude<Value, null>): boolean {
  return isObjectValue(value) && value.kind === "XDeclaration";
}

function newElement(args: Args): Value {
  const from = args.at(0);
  if (from instanceof XElementValue) {
    const holder = new XElementValue(from.name);
    holder.add(from);
    return holder.children[0] ?? holder;
  }
  const element = new XElementValue(nameOf(from));
  addXml(element, args.values.slice(1), args.ev);
  return element;
}

function sequenceOf(items: () => Iterable<Value>): SequenceValue {
  return new SequenceValue(() => items()[Symbol.iterator]());
}

/** Those of the name that the call asks for, or all. */
function* named<T extends { readonly name: XNameValue }>(items: Iterable<T>, args: Args): Iterable<T> {
  const name = args.count === 0 ? undefined : nameOf(args.at(0));
  for (const item of items) if (name === undefined || item.name.isSame(name)) yield item;
}

function firstOf<T>(items: Iterable<T>): T | null {
  for (const item of items) return item;
  return null;
}

function* below(container: XContainerValue): Iterable<XElementValue> {
  for (const element of container.elements()) {
    yield element;
    yield* below(element);
  }
}

function isIndented(args: Args): boolean {
  return args.count === 0;
}

defineMembers(["XElement", "XDocument"], instanceOf(XContainerValue), {
  get: {
    FirstNode: ({ children }) => children[0] ?? null,
    LastNode: ({ children }) => children.at(-1) ?? null,
  },
  call: {
    Add: (container, args) => {
      addXml(container, args.values, args.ev);
      return null;
    },
    DescendantNodes: (container) => sequenceOf(() => nodesBelow(container)),
    Descendants: (container, args) => sequenceOf(() => named(below(container), args)),
    Element: (container, args) => firstOf(named(container.elements(), args)),
    Elements: (container, args) => sequenceOf(() => named(container.elements(), args)),
    Nodes: ({ children }) => sequenceOf(() => children),
    RemoveNodes: ({ children }) => {
      children.length = 0;
      return null;
    },
    ToString: (container, args) => args.ev.text(printXml(container, isIndented(args))),
  },
});

function* nodesBelow(container: XContainerValue): Iterable<XChild> {
  for (const child of container.children) {
    yield child;
    if (child instanceof XElementValue) yield* nodesBelow(child);
  }
}

defineMembers(["XDocument"], instanceOf(XDocumentValue), { get: { Root: ({ root }) => root } });

function ancestors(element: XElementValue, args: Args): SequenceValue {
  return sequenceOf(function* () {
    const found: XElementValue[] = [];
    for (let at = element.parent; at instanceof XElementValue; at = at.parent) found.push(at);
    yield* named(found, args);
  });
}

function detach(node: XChild): null {
  const siblings = node.parent?.children;
  if (siblings !== undefined) siblings.splice(siblings.indexOf(node), 1);
  node.parent = null;
  return null;
}

function setAttribute(element: XElementValue, args: Args): null {
  const name = nameOf(args.at(0));
  const index = element.attributes.findIndex((attribute) => attribute.name.isSame(name));
  const value = args.at(1);
  if (index !== -1) element.attributes.splice(index, 1);
  if (value !== null) element.addAttribute(new XAttributeValue(name, xmlText(value)));
  return null;
}

defineMembers(["XElement"], instanceOf(XElementValue), {
  get: {
    HasAttributes: ({ attributes }) => attributes.length > 0,
    HasElements: (element) => element.elements().length > 0,
    IsEmpty: ({ children }) => children.length === 0,
    Name: ({ name }) => name,
    Parent: ({ parent }) => (parent instanceof XElementValue ? parent : null),
    Value: (element) => element.value,
  },
  call: {
    Ancestors: ancestors,
    Attribute: ({ attributes }, args) => firstOf(named(attributes, args)),
    Attributes: ({ attributes }, args) => sequenceOf(() => named(attributes, args)),
    DescendantsAndSelf: (element, args) => sequenceOf(() => named([element, ...below(element)], args)),
    Remove: detach,
    SetAttributeValue: setAttribute,
    SetElementValue: (element, args) => {
      const known = firstOf(named(element.elements(), args));
      if (known !== null) detach(known);
      const value = args.at(1);
      if (value === null) return null;
      const made = new XElementValue(nameOf(args.at(0)));
      made.add(new XTextValue("XText", xmlText(value)));
      element.add(made);
      return null;
    },
    SetValue: (element, args) => {
      element.children.length = 0;
      addXml(element, args.values, args.ev);
      return null;
    },
  },
});

defineMembers(["XAttribute"], instanceOf(XAttributeValue), {
  get: { Name: ({ name }) => name, Value: ({ value }) => value, Parent: ({ parent }) => parent },
  call: {
    Remove: (attribute) => {
      const siblings = attribute.parent?.attributes;
      if (siblings !== undefined) siblings.splice(siblings.indexOf(attribute), 1);
      return null;
    },
  },
});

defineMembers(["XText", "XCData", "XComment"], instanceOf(XTextValue), {
  get: { Value: ({ value }) => value },
  call: { Remove: detach },
});

defineMembers(["XName"], instanceOf(XNameValue), {
  get: {
    LocalName: ({ local }) => local,
    Namespace: ({ namespace }) => new XNamespaceValue(namespace),
    NamespaceName: ({ namespace }) => namespace,
  },
});

defineMembers(["XNamespace"], instanceOf(XNamespaceValue), {
  get: { NamespaceName: ({ uri }) => uri },
  call: { GetName: ({ uri }, args) => new XNameValue(args.text(0), uri) },
});

defineStatics("XName", {
  call: {
    Get: (args) =>
      args.count > 1 ? new XNameValue(args.text(0), args.text(1)) : XNameValue.from(args.text(0)),
  },
});
defineStatics("XNamespace", {
  get: {
    None: () => new XNamespaceValue(""),
    Xml: () => new XNamespaceValue("http://www.w3.org/XML/1998/namespace"),
  },
  call: { Get: (args) => new XNamespaceValue(args.text(0)) },
});
defineStatics("XDocument", { call: { Parse: (args) => parseXml(args.text(0, "text"), args.ev) } });
defineStatics("XElement", { call: { Parse: (args) => parseXml(args.text(0, "text"), args.ev).root } });

/** LINQ to XML's extensions of sequences of elements. */
function* ofEach(
  source: Value,
  args: Args,
  itemsOf: (container: XContainerValue) => Iterable<XElementValue>,
): Iterable<Value> {
  for (const item of walk(source, args.ev))
    if (item instanceof XContainerValue) yield* named(itemsOf(item), args);
}

defineSequenceMembers({
  Descendants: (source, args) => sequenceOf(() => ofEach(source, args, below)),
  Elements: (source, args) => sequenceOf(() => ofEach(source, args, (container) => container.elements())),
  Remove: (source, args) => {
    for (const item of [...walk(source, args.ev)])
      if (item instanceof XElementValue || item instanceof XTextValue) detach(item);
    return null;
  },
});
