import { attributeValue, childElements } from "../../policy/tree.ts";
import type { PolicyElement } from "../../policy/tree.ts";
import type { SectionName } from "../../spec/schema.ts";
import { contentReader, flagReader, numberReader, optionalText, requiredText } from "../attributes.ts";
import type { Reader } from "../attributes.ts";
import { localToken } from "../credentials.ts";
import type { Exchange, OutgoingCall, SendEffect, Steps } from "../exchange.ts";
import { note, responseOf } from "../exchange.ts";
import { HeaderMap, parseUrl } from "../message.ts";
import type { MessageBody } from "../message.ts";
import { bodyReader, headerEdit } from "../message-edits.ts";
import type { PolicyRunner } from "../policy-definition.ts";
import { internalError, NotSupported, PolicyError } from "../policy-error.ts";
import { certificateReader } from "./authentication-certificate.ts";

export const sendRequest: PolicyRunner = {
  name: "send-request",
  fidelity: {
    level: "full",
    notes: [
      ["A call of its own; the answer goes into the variable.", "documented"],
      ["With `ignore-error` a failure leaves null in the variable.", "documented"],
      ["It does not count for circuit breakers.", "inferred"],
      ["Client certificates and proxies are recorded; the call goes without them.", "documented"],
    ],
  },
  prepare: (element, { section }) => {
    const make = callMaker(element, section);
    const variable = optionalText(element, "response-variable-name");
    const ignores = flagReader(element, "ignore-error", false);
    return (exchange) => send(exchange, make, variable, ignores);
  },
};

export const sendOneWayRequest: PolicyRunner = {
  name: "send-one-way-request",
  fidelity: {
    level: "recorded",
    notes: [["Method and address are recorded; nothing is sent, since nothing depends on it.", "documented"]],
  },
  prepare: (element, { section }) => {
    const make = callMaker(element, section);
    return (exchange) => {
      const { method, url } = make(exchange);
      const values = { method, url: `${url.scheme}://${url.host}${url.path}` };
      exchange.recorded.push({ policy: element.name, values });
      return undefined;
    };
  },
};

function* send(
  exchange: Exchange,
  make: Reader<OutgoingCall>,
  variable: Reader<string> | undefined,
  ignores: Reader<boolean>,
): Steps {
  const own = exchange.at;
  const { variables } = exchange.context;
  const effect: SendEffect = { kind: "send", call: make(exchange), result: undefined };
  yield effect;
  exchange.at = own;
  const { result } = effect;
  if (result === undefined) throw new Error("a call went on before it had a result");
  const name = variable?.(exchange);
  if (result.kind === "failed") {
    note(exchange, () => result.message);
    if (!ignores(exchange)) {
      throw new PolicyError(500, result.message, { reason: result.reason, answer: internalError });
    }
    if (name !== undefined) variables.set(name, null);
    return;
  }
  note(exchange, () => `answered ${result.status}`);
  if (name === undefined) return;
  variables.set(name, responseOf(result));
}

type Parts = { method: string; url: string; headers: HeaderMap; body: MessageBody | null };
type Edit = (exchange: Exchange, parts: Parts) => void;

function callMaker(element: PolicyElement, section: SectionName): Reader<OutgoingCall> {
  const copies = attributeValue(element, "mode") === "copy";
  const seconds = numberReader(element, "timeout");
  const edits = childElements(element).map((child) => editOf(child, section));
  return (exchange) => {
    const { request } = exchange.context;
    const parts: Parts = {
      method: copies ? request.method : "GET",
      url: "",
      headers: copies ? request.headers.copy() : new HeaderMap(),
      body: copies ? request.body : null,
    };
    for (const edit of edits) edit(exchange, parts);
    const url = parts.url === "" && copies ? request.url : parseUrl(parts.url);
    if (url === undefined) {
      throw new PolicyError(500, `\`${parts.url}\` is no URL.`, { answer: internalError });
    }
    return {
      backend: undefined,
      method: parts.method,
      url,
      headers: parts.headers,
      body: parts.body,
      timeoutMilliseconds: (seconds?.(exchange) ?? 60) * 1000,
      followsRedirects: false,
      answerUse: "content",
      buffersResponse: true,
    };
  };
}

function editOf(child: PolicyElement, section: SectionName): Edit {
  switch (child.name) {
    case "set-url": {
      const read = contentReader(child);
      return (exchange, parts) => void (parts.url = read(exchange).trim());
    }
    case "set-method": {
      const read = contentReader(child);
      return (exchange, parts) => void (parts.method = read(exchange).trim());
    }
    case "set-header": {
      const edit = headerEdit(child);
      return (exchange, parts) => edit(exchange, parts.headers);
    }
    case "set-body": {
      const read = bodyReader(child, section);
      return (exchange, parts) => void (parts.body = read(exchange));
    }
    case "authentication-managed-identity": {
      const resource = requiredText(child, "resource");
      return (exchange, parts) =>
        parts.headers.set("Authorization", [`Bearer ${localToken(resource(exchange))}`]);
    }
    case "authentication-certificate": {
      const certificate = certificateReader(child);
      return (exchange) =>
        void exchange.recorded.push({ policy: child.name, values: { certificate: certificate(exchange) } });
    }
    case "proxy": {
      const url = requiredText(child, "url");
      return (exchange) =>
        void exchange.recorded.push({ policy: child.name, values: { url: url(exchange) } });
    }
    default:
      throw new NotSupported(`<${child.name}> of a request of its own is not simulated`);
  }
}
