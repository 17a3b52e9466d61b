/** `set-body template="liquid"`: the template of an element, and what it sees of the message that passes. */
import { startsAsExpression } from "../policy/expression/scan.ts";
import { attributeValue } from "../policy/tree.ts";
import type { PolicyElement } from "../policy/tree.ts";
import type { SectionName } from "../spec/schema.ts";
import type { Reader } from "./attributes.ts";
import { isJsonType, isXmlType, mediaType } from "./content-type.ts";
import { ConversionError } from "./conversion/conversion-error.ts";
import type { Exchange } from "./exchange.ts";
import { note } from "./exchange.ts";
import { DotNetException } from "./expression/errors.ts";
import { defaultLimits, Evaluation } from "./expression/evaluation.ts";
import { parseJson } from "./expression/json/json-parse.ts";
import { innerText } from "./inner-text.ts";
import { liquidContext } from "./liquid/liquid-context.ts";
import { LiquidRefusal } from "./liquid/liquid-refusal.ts";
import { prepareLiquid } from "./liquid/liquid-template.ts";
import { liquidJson, liquidXml } from "./liquid/liquid-values.ts";
import { passingMessage, passingText } from "./passing-message.ts";
import { internalError, NotSupported, PolicyError } from "./policy-error.ts";

type Settings = { readonly readsDates: boolean; readonly nil: "blank" | "null" };

/** `none` is in the product's schema, and means no template. */
export function isLiquid(element: PolicyElement): boolean {
  const template = attributeValue(element, "template")?.trim().toLowerCase();
  if (template === undefined || template === "none") return false;
  if (template === "liquid") return true;
  throw new NotSupported(`<${element.name}> has an unknown template: ${template}`);
}

/** The text that the element's template gives. Throws NotSupported for a template that cannot be run. */
export function liquidReader(element: PolicyElement, input: SectionName | "none"): Reader<string> {
  if (attributeValue(element, "html-decode-expression") !== undefined) {
    throw new NotSupported("what `html-decode-expression` does is not documented");
  }
  const source = innerText(element);
  if (startsAsExpression(source.trim())) throw new NotSupported("an expression is no Liquid template");
  const render = refusing(() => prepareLiquid(source));
  const settings: Settings = {
    readsDates: attributeValue(element, "parse-date")?.trim().toLowerCase() !== "false",
    nil: attributeValue(element, "xsi-nil")?.trim().toLowerCase() === "null" ? "null" : "blank",
  };
  return (exchange) => {
    const { context } = exchange;
    const ev = new Evaluation(context, defaultLimits);
    const body = input === "none" ? null : inputOf(exchange, input, settings, ev);
    return refusing(() => render({ body, context: liquidContext(context) }, ev));
  };
}

/** The body as its type says; nothing when it is of another type. */
function inputOf(exchange: Exchange, section: SectionName, settings: Settings, ev: Evaluation): unknown {
  const text = passingText(exchange, section);
  const headers = passingMessage(exchange, section)?.headers;
  const type = headers === undefined ? undefined : mediaType(headers);
  if (text === undefined) return null;
  if (type !== undefined && isJsonType(type)) {
    return refusing(() => liquidJson(parseJson(text, "JToken", ev, settings.readsDates)));
  }
  if (type !== undefined && isXmlType(type)) return refusing(() => liquidXml(text, settings.nil));
  note(
    exchange,
    () => `the template sees no body: its Content-Type, ${type ?? "none"}, is neither JSON nor XML`,
  );
  return null;
}

function refusing<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof LiquidRefusal)
      throw new NotSupported(`the Liquid template cannot be run: ${error.message}`);
    if (error instanceof DotNetException || error instanceof ConversionError) {
      throw new PolicyError(500, `The Liquid template failed. ${error.message}`, { answer: internalError });
    }
    throw error;
  }
}
