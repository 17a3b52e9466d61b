import { attributeValue, childElement, childElements } from "../../policy/tree.ts";
import type { PolicyElement } from "../../policy/tree.ts";
import { contentReader, optionalText, requiredAttribute } from "../attributes.ts";
import type { Reader } from "../attributes.ts";
import type { Exchange } from "../exchange.ts";
import type { PolicyRunner } from "../policy-definition.ts";
import { NotSupported } from "../policy-error.ts";

export const sendServiceBusMessage: PolicyRunner = {
  name: "send-service-bus-message",
  fidelity: {
    level: "recorded",
    notes: [
      ["Queue or topic, name space, payload and properties are recorded with the request.", "documented"],
      ["A variable for the answer is refused: what it holds is not known.", "documented"],
    ],
  },
  prepare: (element) => {
    if (attributeValue(element, "response-variable-name") !== undefined) {
      throw new NotSupported("what `response-variable-name` gets is not documented");
    }
    const payload = childElement(element, "payload");
    if (payload === undefined) throw new NotSupported(`<${element.name}> has no <payload>`);
    const readers = [
      ["namespace", optionalText(element, "namespace")],
      ["queue", optionalText(element, "queue-name")],
      ["topic", optionalText(element, "topic-name")],
      ["payload", contentReader(payload)],
      ...propertyReaders(element),
    ] as const;
    return (exchange) => {
      exchange.recorded.push({ policy: element.name, values: valuesOf(readers, exchange) });
      return undefined;
    };
  },
};

function propertyReaders(element: PolicyElement): (readonly [string, Reader<string>])[] {
  const properties = childElement(element, "message-properties");
  if (properties === undefined) return [];
  return childElements(properties).map((property) => [
    requiredAttribute(property, "name"),
    contentReader(property),
  ]);
}

function valuesOf(
  readers: readonly (readonly [string, Reader<string> | undefined])[],
  exchange: Exchange,
): Record<string, string> {
  const given = readers.flatMap(([name, read]) =>
    read === undefined ? [] : [[name, read(exchange)] as const],
  );
  return Object.fromEntries(given);
}
