/** Any text ends as a document or an error of the conversion; what is made can be read again. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConversionError } from "../../../../src/core/gateway/conversion/conversion-error.ts";
import { jsonToXml } from "../../../../src/core/gateway/conversion/json-to-xml.ts";
import { xmlToJson } from "../../../../src/core/gateway/conversion/xml-to-json.ts";
import { readXmlTree } from "../../../../src/core/gateway/conversion/xml-tree.ts";
import { defaultLimits, Evaluation } from "../../../../src/core/gateway/expression/evaluation.ts";
import { parseJson } from "../../../../src/core/gateway/expression/json/json-parse.ts";
import { JObjectValue } from "../../../../src/core/gateway/expression/json/json-values.ts";
import { contextWith } from "../expression/support.ts";

const runs = Number(process.env["RUNS"] ?? 400);
const kinds = fc.constantFrom("direct" as const, "javascript-friendly" as const);

/** The result, or undefined for an error of the conversion; every other error is a bug. */
function attempt(convert: () => string): string | undefined {
  try {
    return convert();
  } catch (error) {
    if (error instanceof ConversionError) return undefined;
    throw error;
  }
}

const names = fc.constantFrom("a", "b", "n:c", "xml:lang", "long-name", "d.e");
const texts = fc.oneof(fc.string(), fc.constantFrom("&lt;", "&amp;", "é", " ", "]]&gt;"));

const { element } = fc.letrec<{ element: string }>((tie) => ({
  element: fc
    .tuple(
      names,
      fc.dictionary(fc.constantFrom("k", "l", "n:m"), fc.constantFrom("1", "", "&quot;"), { maxKeys: 3 }),
      fc.array(
        fc.oneof(
          { maxDepth: 4 },
          texts.map((text) => text.replace(/[<&\]]/g, "")),
          fc.constantFrom("<!--x-->", "<![CDATA[<y>]]>", "<?z q?>", "<e/>", "<e></e>"),
          tie("element"),
        ),
        { maxLength: 4 },
      ),
    )
    .map(([name, attributes, children]) => {
      const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${value}"`);
      return `<${name} xmlns:n="u"${written.join("")}>${children.join("")}</${name}>`;
    }),
}));

describe("conversions of anything", () => {
  it("makes JSON of elements, once comments are taken out", () => {
    fc.assert(
      fc.property(element, kinds, fc.boolean(), (xml, kind, alwaysArrays) => {
        const json = attempt(() => xmlToJson(xml, { kind, alwaysArrays }));
        if (json !== undefined) expect(() => void JSON.parse(json.replaceAll("/*x*/", ""))).not.toThrow();
      }),
      { numRuns: runs },
    );
  });

  it("never fails otherwise on texts", () => {
    const pieces = fc
      .array(
        fc.oneof(fc.string({ maxLength: 5 }), fc.constantFrom("<a>", "</a>", "<", "&", "<!--", "<![CDATA[")),
      )
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(
        pieces,
        kinds,
        (xml, kind) => void attempt(() => xmlToJson(xml, { kind, alwaysArrays: true })),
      ),
      { numRuns: runs },
    );
  });

  it("makes well-formed XML of objects", () => {
    const options = fc.record({
      separator: fc.constantFrom("_", ":", "", "ab"),
      namespacePrefix: fc.constantFrom(undefined, "xmlns", "", "@"),
      attributeBlock: fc.constantFrom(undefined, "#attrs", "a"),
    });
    const key = fc.oneof(
      fc.string(),
      fc.constantFrom("a", "#attrs", "#text", "xmlns:a", "@a", "xmlns", "a:b"),
    );
    const value = fc.object({ key, maxDepth: 4, withBoxedValues: false, withNullPrototype: false });
    fc.assert(
      fc.property(value, options, (object, given) => {
        const json = JSON.stringify(object);
        const token = parseJson(json, "JToken", new Evaluation(contextWith({}), defaultLimits));
        if (!(token instanceof JObjectValue)) return;
        const xml = attempt(() => jsonToXml(token, given));
        if (xml !== undefined) expect(() => void readXmlTree(xml)).not.toThrow();
      }),
      { numRuns: runs },
    );
  });
});
