/** Changes to headers, bodies and statuses, as policies make them to a message of their own or to the one that passes. */
import { attributeValue, childElements } from "../policy/tree.ts";
import type { PolicyElement } from "../policy/tree.ts";
import type { SectionName } from "../spec/schema.ts";
import { contentReader, numberReader, optionalText, requiredText, valueReader } from "./attributes.ts";
import type { Reader } from "./attributes.ts";
import type { GatewayResponse } from "./context.ts";
import type { Exchange } from "./exchange.ts";
import { toBytes } from "./expression/to-text.ts";
import { innerText } from "./inner-text.ts";
import { isLiquid, liquidReader } from "./liquid-body.ts";
import type { HeaderMap, MessageBody } from "./message.ts";
import { createBody } from "./message.ts";
import { NotSupported, reasonPhrase } from "./policy-error.ts";

/** What to do with a value that is there already. */
export type ExistsAction = "override" | "skip" | "append" | "delete";

/** Throws NotSupported for another word. */
export function existsAction(element: PolicyElement): ExistsAction {
  const action = attributeValue(element, "exists-action") ?? "override";
  if (action === "override" || action === "skip" || action === "append" || action === "delete") return action;
  throw new NotSupported(`<${element.name}> has an unknown exists-action: ${action}`);
}

/** The values of `<value>` children. */
export function valueReaders(element: PolicyElement): readonly Reader<string>[] {
  return childElements(element)
    .filter(({ name }) => name === "value")
    .map(contentReader);
}

/** The change that a `set-header` element makes. */
export function headerEdit(element: PolicyElement): (exchange: Exchange, headers: HeaderMap) => void {
  const name = requiredText(element, "name");
  const action = existsAction(element);
  const values = valueReaders(element);
  return (exchange, headers) => {
    const header = name(exchange);
    if (action === "delete") return headers.delete(header);
    if (action === "skip" && headers.has(header)) return;
    const given = values.map((read) => read(exchange));
    headers.set(header, action === "append" ? [...(headers.get(header) ?? []), ...given] : given);
  };
}

/**
 * The body that a `set-body` element gives. Throws NotSupported for templates that cannot be run. A template's input is the message
 * that passes in `section`, or nothing at all where that is `none`.
 */
export function bodyReader(element: PolicyElement, input: SectionName | "none"): Reader<MessageBody | null> {
  if (isLiquid(element)) {
    const render = liquidReader(element, input);
    return (exchange) => createBody(render(exchange));
  }
  const read = valueReader(innerText(element));
  return (exchange) => {
    const value = read(exchange);
    if (value === null) return null;
    return createBody(toBytes(value));
  };
}

/** The change that a `set-status` element makes. */
export function statusEdit(element: PolicyElement): (exchange: Exchange, response: GatewayResponse) => void {
  const code = numberReader(element, "code");
  if (code === undefined) throw new NotSupported("<set-status> has no attribute `code`");
  const reason = optionalText(element, "reason");
  return (exchange, response) => {
    response.statusCode = code(exchange);
    response.statusReason = reason?.(exchange) ?? reasonPhrase(response.statusCode);
  };
}
