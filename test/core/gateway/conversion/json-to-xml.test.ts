/** Values and what json-to-xml makes of them; the first two are published. */
import { describe, expect, it } from "vitest";
import { ConversionError } from "../../../../src/core/gateway/conversion/conversion-error.ts";
import { jsonToXml } from "../../../../src/core/gateway/conversion/json-to-xml.ts";
import type { JsonToXmlOptions } from "../../../../src/core/gateway/conversion/json-to-xml.ts";
import { defaultLimits, Evaluation } from "../../../../src/core/gateway/expression/evaluation.ts";
import { parseJson } from "../../../../src/core/gateway/expression/json/json-parse.ts";
import { JObjectValue } from "../../../../src/core/gateway/expression/json/json-values.ts";
import { contextWith } from "../expression/support.ts";

const plain: JsonToXmlOptions = { separator: "_", namespacePrefix: undefined, attributeBlock: undefined };

function convert(json: string, options = plain, readsDates = true): string {
  const ev = new Evaluation(contextWith({}), defaultLimits);
  const value = parseJson(json, "JObject", ev, readsDates);
  if (!(value instanceof JObjectValue)) throw new Error("the case is no object");
  return jsonToXml(value, options);
}

describe("jsonToXml", () => {
  it("gives what the documentation shows: prefixes, name spaces and attributes", () => {
    const json = `{
      "soapenv:Envelope": {
        "xmlns:soapenv": "http://schemas.xmlsoap.org/soap/envelope/",
        "xmlns:v1": "http://localdomain.com/core/v1",
        "soapenv:Header": {},
        "soapenv:Body": {
          "v1:QueryList": { "#attrs": { "queryName": "test" }, "v1:QueryItem": { "name": "dummy text" } }
        }
      }
    }`;
    expect(convert(json, { separator: ":", namespacePrefix: "xmlns", attributeBlock: "#attrs" })).toBe(
      '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:v1="http://localdomain.com/core/v1">' +
        '<soapenv:Header /><soapenv:Body><v1:QueryList queryName="test"><v1:QueryItem><name>dummy text</name></v1:QueryItem>' +
        "</v1:QueryList></soapenv:Body></soapenv:Envelope>",
    );
  });

  it("gives what the service has been seen to give: a root of its own, repeated elements, nil, True", () => {
    const json =
      '{"firstName":"John","isAlive":true,"age":25,"phones":[{"type":"home"},{"type":"mobile"}],"children":[],"spouse":null}';
    expect(convert(json)).toBe(
      "<Document><firstName>John</firstName><isAlive>True</isAlive><age>25</age><phones><type>home</type></phones>" +
        "<phones><type>mobile</type></phones><children />" +
        '<spouse xsi:nil="true" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" /></Document>',
    );
  });

  it.each([
    { json: "{}", xml: "<Document />" },
    { json: '{"a":1.5}', xml: "<a>1.5</a>" },
    { json: '{"a":[1,2]}', xml: "<Document><a>1</a><a>2</a></Document>" },
    { json: '{"a":{"b":[[1,2],[]]}}', xml: "<a><b><b>1</b><b>2</b></b><b></b></a>" },
    { json: '{"a":{"@b":"\\"x\\"\\n","#text":"<&>"}}', xml: '<a b="&quot;x&quot;&#xA;">&lt;&amp;&gt;</a>' },
    { json: '{"@a":1}', xml: '<Document a="1" />' },
    {
      json: '{"first name":{"1":"x","_x0020_":""}}',
      xml: "<first_x0020_name><_x0031_>x</_x0031_><_x005F_x0020_></_x005F_x0020_></first_x0020_name>",
    },
    { json: '{"first_name":1}', xml: "<first_name>1</first_name>" },
    { json: '{"n:a":1}', xml: "<n_x003A_a>1</n_x003A_a>" },
  ])("$json is $xml", ({ json, xml }) => {
    expect(convert(json)).toBe(xml);
  });

  it("takes a prefix that is declared, with the separator that is set", () => {
    const options = { separator: "_", namespacePrefix: "xmlns", attributeBlock: undefined };
    expect(convert('{"n_a":{"xmlns_n":"u","xmlns":"d","n_b":1,"m_c":2}}', options)).toBe(
      '<n:a xmlns:n="u" xmlns="d"><n:b>1</n:b><m_c>2</m_c></n:a>',
    );
  });

  it.each([
    { json: '{"d":"2012-03-21T05:40:00Z"}', reads: true, xml: "<d>03/21/2012 05:40:00</d>" },
    { json: '{"d":"2012-03-21T05:40:00Z"}', reads: false, xml: "<d>2012-03-21T05:40:00Z</d>" },
    { json: '{"d":"/Date(1198908717056)/"}', reads: true, xml: "<d>12/29/2007 06:11:57</d>" },
  ])("dates: $json, read $reads", ({ json, reads, xml }) => {
    expect(convert(json, plain, reads)).toBe(xml);
  });

  it.each(['{"a":"\\u0001"}', '{"a":"\\ud800"}', '{"":1}', '{"a":{"":1}}'])("refuses %s", (json) => {
    expect(() => convert(json)).toThrow(ConversionError);
  });
});
