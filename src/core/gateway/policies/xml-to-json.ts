import { attributeValue } from "../../policy/tree.ts";
import type { PolicyElement } from "../../policy/tree.ts";
import { flagReader, requiredText } from "../attributes.ts";
import { accepts, isJsonType, isXmlType, mediaType } from "../content-type.ts";
import { ConversionError } from "../conversion/conversion-error.ts";
import { xmlToJson } from "../conversion/xml-to-json.ts";
import { note } from "../exchange.ts";
import { passingMessage, passingText, replaceBody } from "../passing-message.ts";
import type { PolicyRunner } from "../policy-definition.ts";
import { internalError, NotSupported, PolicyError } from "../policy-error.ts";

export const xmlToJsonPolicy: PolicyRunner = {
  name: "xml-to-json",
  fidelity: {
    level: "partial",
    notes: [
      ["`kind`, `apply`, `consider-accept-header` and `always-array-child-elements`.", "documented"],
      [
        "`direct`: `@` before attributes, `#text` beside elements, `$` for the colon of a name, null for `<a/>`, arrays for elements of one name, the XML declaration as `version` and `encoding`.",
        "observed",
      ],
      [
        "A comment becomes a comment, which JSON does not have; several become an empty `$comment`.",
        "observed",
      ],
      [
        "`javascript-friendly`: attributes without `@`, and `$text` for `#text`; no run of it is published.",
        "inferred",
      ],
      ["Content-Type becomes application/json, and Content-Length goes.", "observed"],
      ["`*/*` in Accept does not ask for JSON; a message without a body is left alone.", "inferred"],
      ["A document type, or XML that is not well formed, fails the request with 500.", "inferred"],
      ["Attributes that no page describes (`trim-values` and alike) are refused.", "documented"],
    ],
  },
  prepare: (element, { section }) => {
    refuseAttributes(element, ["kind", "apply", "consider-accept-header", "always-array-child-elements"]);
    const kind = requiredText(element, "kind");
    const apply = requiredText(element, "apply");
    const considersAccept = flagReader(element, "consider-accept-header", true);
    const alwaysArrays = flagReader(element, "always-array-child-elements", false);
    return (exchange) => {
      const type = mediaType(passingMessage(exchange, section)?.headers ?? exchange.context.request.headers);
      const isWanted = !considersAccept(exchange) || accepts(exchange.context.request.headers, isJsonType);
      const isXml = apply(exchange) === "always" || (type !== undefined && isXmlType(type));
      const text = isWanted && isXml ? passingText(exchange, section) : undefined;
      note(exchange, () => (text === undefined ? "left as it is" : "XML becomes JSON"));
      if (text === undefined) return undefined;
      const options = { kind: kindOf(kind(exchange)), alwaysArrays: alwaysArrays(exchange) };
      replaceBody(
        exchange,
        section,
        converted(() => xmlToJson(text, options)),
        "application/json",
      );
      return undefined;
    };
  },
};

function kindOf(given: string): "direct" | "javascript-friendly" {
  if (given === "direct" || given === "javascript-friendly") return given;
  throw new PolicyError(500, `\`${given}\` is no kind of xml-to-json.`, { answer: internalError });
}

/** Throws NotSupported for attributes whose effect is not known. */
export function refuseAttributes(element: PolicyElement, known: readonly string[]): void {
  const other = element.attributes.find(({ name }) => name !== "id" && !known.includes(name));
  if (other === undefined) return;
  throw new NotSupported(
    `what \`${other.name}="${attributeValue(element, other.name) ?? ""}"\` does is not documented`,
  );
}

/** Runs a conversion; what cannot be converted is an error of the policy. */
export function converted(convert: () => string): string {
  try {
    return convert();
  } catch (error) {
    if (!(error instanceof ConversionError)) throw error;
    throw new PolicyError(500, `The body cannot be converted. ${error.message}`, { answer: internalError });
  }
}
