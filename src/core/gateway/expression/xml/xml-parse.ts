/** Text to LINQ to XML; white space between elements is dropped, as XDocument.Parse does. */
import { SaxesParser } from "saxes";
import { exception } from "../errors.ts";
import type { Evaluation } from "../evaluation.ts";
import { XAttributeValue, XDocumentValue, XElementValue, XNameValue, XTextValue } from "./xml-values.ts";
import type { XContainerValue } from "./xml-values.ts";

const xmlnsUri = "http://www.w3.org/2000/xmlns/";
const maxDepth = 500;

/** Throws XmlException for text that is no well-formed document. */
export function parseXml(text: string, ev: Evaluation): XDocumentValue {
  ev.allocate(text.length);
  const document = new XDocumentValue();
  const open: XContainerValue[] = [document];
  const current = () => open.at(-1) ?? document;
  const parser = new SaxesParser({ xmlns: true });
  parser.on("error", (error) => {
    throw exception("System.Xml.XmlException", error.message);
  });
  parser.on("opentag", ({ local, uri, attributes }) => {
    ev.step();
    if (open.length > maxDepth)
      throw exception("System.Xml.XmlException", "The document is nested too deeply.");
    const element = new XElementValue(new XNameValue(local, uri));
    for (const attribute of Object.values(attributes)) {
      const isDefault = attribute.name === "xmlns";
      const namespace = isDefault ? "" : attribute.prefix === "xmlns" ? xmlnsUri : attribute.uri;
      element.addAttribute(
        new XAttributeValue(
          new XNameValue(isDefault ? "xmlns" : attribute.local, namespace),
          attribute.value,
        ),
      );
    }
    current().add(element);
    open.push(element);
  });
  parser.on("closetag", () => {
    const closed = open.pop();
    if (closed !== undefined) dropBlanks(closed);
  });
  parser.on("text", (value) => {
    if (open.length > 1) current().add(new XTextValue("XText", value));
  });
  parser.on("cdata", (value) => current().add(new XTextValue("XCData", value)));
  parser.on("comment", (value) => current().add(new XTextValue("XComment", value)));
  parser.write(text).close();
  return document;
}

/** Blank text stays only where it is all that an element holds and there is something in it beside blanks. */
function dropBlanks(container: XContainerValue): void {
  const kept = container.children.filter(
    (child) => !(child instanceof XTextValue && child.kind === "XText" && child.value.trim() === ""),
  );
  container.children.splice(0, container.children.length, ...kept);
}
