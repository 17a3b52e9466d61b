/** Members that can be assigned to. */
import { NotSimulated } from "../errors.ts";
import type { Evaluation } from "../evaluation.ts";
import { contentToken } from "../json/json-convert.ts";
import { JObjectValue, JPropertyValue } from "../json/json-values.ts";
import { typeNameOf } from "../type-names.ts";
import { StringBuilderValue, isObjectValue } from "../values.ts";
import type { Value } from "../values.ts";
import { XAttributeValue, XElementValue, XNameValue, XTextValue } from "../xml/xml-values.ts";
import { formatValue } from "../format/format-value.ts";
import { HashValue } from "./hash-values.ts";

/** `target.name = value`; refuses what is read-only or not simulated. */
export function setMember(
  target: Exclude<Value, null>,
  name: string,
  value: Value,
  isDynamic: boolean,
  ev: Evaluation,
): void {
  if (!isSet(target, name, value, ev)) {
    if (isDynamic && target instanceof JObjectValue) target.set(name, contentToken(value, ev));
    else throw refusal(target, name);
  }
}

function refusal(target: Exclude<Value, null>, name: string): NotSimulated {
  const type = typeNameOf(target);
  const isRead = isObjectValue(target) && /^I[A-Z]/.test(type);
  return new NotSimulated(
    isRead ? `${type}.${name} is read-only.` : `Setting ${type}.${name} is not simulated.`,
  );
}

function isSet(target: Value, name: string, value: Value, ev: Evaluation): boolean {
  const text = value === null ? "" : formatValue(value);
  if (target instanceof JPropertyValue && name === "Value") target.value = contentToken(value, ev);
  else if (target instanceof StringBuilderValue && name === "Length" && typeof value === "number") {
    target.text = target.text.slice(0, value).padEnd(value, "\0");
  } else if (target instanceof XElementValue && name === "Value") {
    target.children.length = 0;
    target.add(new XTextValue("XText", text));
  } else if (target instanceof XElementValue && name === "Name") {
    target.name = value instanceof XNameValue ? value : XNameValue.from(text);
  } else if ((target instanceof XAttributeValue || target instanceof XTextValue) && name === "Value")
    target.value = text;
  else if (target instanceof HashValue && name === "Key" && value instanceof Uint8Array) target.key = value;
  else return false;
  return true;
}
