import { attributeValue } from "../../policy/tree.ts";
import type { Reader } from "../attributes.ts";
import { flagReader, optionalText, requiredText } from "../attributes.ts";
import { accepts, isJsonType, isXmlType, mediaType } from "../content-type.ts";
import { ConversionError } from "../conversion/conversion-error.ts";
import { jsonToXml } from "../conversion/json-to-xml.ts";
import { note } from "../exchange.ts";
import { DotNetException, EvaluationLimit } from "../expression/errors.ts";
import { defaultLimits, Evaluation } from "../expression/evaluation.ts";
import { parseJson } from "../expression/json/json-parse.ts";
import { JObjectValue } from "../expression/json/json-values.ts";
import type { GatewayContext } from "../context.ts";
import { passingMessage, passingText, replaceBody } from "../passing-message.ts";
import type { PolicyRunner } from "../policy-definition.ts";
import { NotSupported } from "../policy-error.ts";
import { converted, refuseAttributes } from "./xml-to-json.ts";

const attributes = [
  ...["apply", "consider-accept-header", "parse-date"],
  ...["namespace-separator", "namespace-prefix", "attribute-block-name"],
];

export const jsonToXmlPolicy: PolicyRunner = {
  name: "json-to-xml",
  fidelity: {
    level: "partial",
    notes: [
      [
        "`apply`, `consider-accept-header`, `parse-date`, `namespace-separator`, `namespace-prefix` and `attribute-block-name`.",
        "documented",
      ],
      [
        "An object with one member becomes that element; with several they stand in `<Document>`.",
        "observed",
      ],
      [
        "Arrays repeat the element, an empty one is an empty element; null is `xsi:nil`; true is `True`.",
        "observed",
      ],
      [
        "A prefix counts when a member declares it; else the name is written as .NET's EncodeName does.",
        "inferred",
      ],
      ["`@name` becomes an attribute, and `#text` the text, as xml-to-json writes them.", "inferred"],
      ["With `parse-date`, dates come out as .NET prints them: `03/21/2012 05:40:00`.", "inferred"],
      ["Content-Type becomes text/xml. `*/*` in Accept does not ask for XML.", "inferred"],
      ["What becomes of JSON that is no object is not known: it is refused.", "inferred"],
      ["Attributes that no page describes (`attribute-prefix` and alike) are refused.", "documented"],
    ],
  },
  prepare: (element, { section }) => {
    refuseAttributes(element, attributes);
    const apply = requiredText(element, "apply");
    const considersAccept = flagReader(element, "consider-accept-header", true);
    const readsDates = attributeValue(element, "parse-date")?.trim().toLowerCase() !== "false";
    const separator: Reader<string> = optionalText(element, "namespace-separator") ?? (() => "_");
    const prefix = optionalText(element, "namespace-prefix");
    const block = optionalText(element, "attribute-block-name");
    return (exchange) => {
      const { context } = exchange;
      const type = mediaType(passingMessage(exchange, section)?.headers ?? context.request.headers);
      const isWanted = !considersAccept(exchange) || accepts(context.request.headers, isXmlType);
      const isJson = apply(exchange) === "always" || (type !== undefined && isJsonType(type));
      const text = isWanted && isJson ? passingText(exchange, section) : undefined;
      note(exchange, () => (text === undefined ? "left as it is" : "JSON becomes XML"));
      if (text === undefined) return undefined;
      const options = {
        separator: separator(exchange),
        namespacePrefix: prefix?.(exchange),
        attributeBlock: block?.(exchange),
      };
      const xml = converted(() => jsonToXml(readObject(text, context, readsDates), options));
      replaceBody(exchange, section, xml, "text/xml");
      return undefined;
    };
  },
};

function readObject(text: string, context: GatewayContext, readsDates: boolean): JObjectValue {
  const value = readToken(text, context, readsDates);
  if (value instanceof JObjectValue) return value;
  throw new NotSupported("<json-to-xml> stops this request: its body is JSON, but no object");
}

function readToken(text: string, context: GatewayContext, readsDates: boolean): unknown {
  try {
    return parseJson(text, "JToken", new Evaluation(context, defaultLimits), readsDates);
  } catch (error) {
    if (error instanceof DotNetException) throw new ConversionError(error.message);
    if (error instanceof EvaluationLimit)
      throw new NotSupported(`<json-to-xml> stops this request: ${error.message}`);
    throw error;
  }
}
