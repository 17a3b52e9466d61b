/** Documents and what xml-to-json makes of them; the first two are published runs of the service. */
import { describe, expect, it } from "vitest";
import { ConversionError } from "../../../../src/core/gateway/conversion/conversion-error.ts";
import { xmlToJson } from "../../../../src/core/gateway/conversion/xml-to-json.ts";
import type { XmlToJsonOptions } from "../../../../src/core/gateway/conversion/xml-to-json.ts";

const direct: XmlToJsonOptions = { kind: "direct", alwaysArrays: false };

const slides = `<?xml version='1.0' encoding='us-ascii'?>

<!--  A SAMPLE set of slides  -->

<slideshow
    title="Sample Slide Show"
    date="Date of publication"
    author="Yours Truly"
    >

    <!-- TITLE SLIDE -->
    <slide type="all">
      <title>Wake up to WonderWidgets!</title>
    </slide>

    <!-- OVERVIEW -->
    <slide type="all">
        <title>Overview</title>
        <item>Why <em>WonderWidgets</em> are great</item>
        <item/>
        <item>Who <em>buys</em> WonderWidgets</item>
    </slide>

</slideshow>`;

describe("xmlToJson", () => {
  it("gives what the service has been seen to give: comments, mixed text, empty elements", () => {
    const json = xmlToJson(slides, direct);
    expect(json).toContain('"encoding":"us-ascii"/*  A SAMPLE set of slides  */,"slideshow":');
    expect(JSON.parse(json.replace(/\/\*.*?\*\//, ""))).toEqual({
      version: "1.0",
      encoding: "us-ascii",
      slideshow: {
        "@title": "Sample Slide Show",
        "@date": "Date of publication",
        "@author": "Yours Truly",
        $comment: [],
        slide: [
          { "@type": "all", title: "Wake up to WonderWidgets!" },
          {
            "@type": "all",
            title: "Overview",
            item: [
              { "#text": ["Why ", " are great"], em: "WonderWidgets" },
              null,
              { "#text": ["Who ", " WonderWidgets"], em: "buys" },
            ],
          },
        ],
      },
    });
  });

  it("gives what the service has been seen to give: name spaces", () => {
    const soap =
      '<?xml version="1.0"?><soap:Envelope xmlns="http://a.test/" xmlns:soap="http://s.test/"><soap:Body>\n<GetOrders><Customer>1234567</Customer></GetOrders></soap:Body></soap:Envelope>';
    expect(JSON.parse(xmlToJson(soap, direct))).toEqual({
      version: "1.0",
      soap$Envelope: {
        "@xmlns": "http://a.test/",
        "@xmlns$soap": "http://s.test/",
        soap$Body: { GetOrders: { Customer: "1234567" } },
      },
    });
  });

  it.each([
    { xml: "<a/>", json: '{"a":null}' },
    { xml: "<a></a>", json: '{"a":""}' },
    { xml: "<a>1</a>", json: '{"a":"1"}' },
    { xml: '<a b="1"/>', json: '{"a":{"@b":"1"}}' },
    { xml: '<a b="1">x</a>', json: '{"a":{"@b":"1","#text":"x"}}' },
    { xml: "<a><b>1</b><c/><b>2</b></a>", json: '{"a":{"b":["1","2"],"c":null}}' },
    { xml: "<a><![CDATA[<x>]]></a>", json: '{"a":{"#cdata-section":"<x>"}}' },
    { xml: "<a>&lt;&quot;\n</a>", json: '{"a":"<\\"\\n"}' },
    { xml: "<?go now?><a/>", json: '{"?go":"now","a":null}' },
    { xml: "\uFEFF<a/>", json: '{"a":null}' },
    { xml: "<a><!--x--></a>", json: '{"a":{/*x*/}}' },
  ])("$xml is $json", ({ xml, json }) => {
    expect(xmlToJson(xml, direct)).toBe(json);
  });

  it("makes arrays of single child elements, not of the root, where it is asked to", () => {
    const json = xmlToJson('<a k="v"><b>1</b><c><d/></c></a>', { kind: "direct", alwaysArrays: true });
    expect(json).toBe('{"a":{"@k":"v","b":["1"],"c":[{"d":[null]}]}}');
  });

  it("has names that JavaScript can use in the other kind; an attribute and an element of one name share it", () => {
    const friendly: XmlToJsonOptions = { kind: "javascript-friendly", alwaysArrays: false };
    expect(xmlToJson('<n:a xmlns:n="u" b="1">x<b>2</b></n:a>', friendly)).toBe(
      '{"n$a":{"xmlns$n":"u","b":["1","2"],"$text":"x"}}',
    );
  });

  it.each(["", "text", "<a>", "<a></b>", "<a/><b/>", "<a b=1/>", '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'])(
    "refuses %j",
    (xml) => {
      expect(() => xmlToJson(xml, direct)).toThrow(ConversionError);
    },
  );

  it("refuses what is nested without end", () => {
    expect(() => xmlToJson("<a>".repeat(100_000), direct)).toThrow(/nested too deeply/);
  });
});
