/** `context` and what it leads to. The names are those of the policy expression reference. */
import type {
  ClientCertificate,
  GatewayApi,
  GatewayContext,
  GatewayDeployment,
  GatewayError,
  GatewayOperation,
  GatewayProduct,
  GatewayRequest,
  GatewayResponse,
  GatewaySubscription,
  GatewayUser,
  Named,
} from "../../context.ts";
import { printUrl } from "../../message.ts";
import type { GatewayUrl, MessageBody } from "../../message.ts";
import { keyIgnoringCase, keyOf } from "../equality.ts";
import { NotSimulated, invalidOperation } from "../errors.ts";
import type { Evaluation } from "../evaluation.ts";
import { parseDate } from "../format/date-parse.ts";
import { ticksOfUnix } from "../format/calendar.ts";
import { parseJson } from "../json/json-parse.ts";
import { stringArray } from "../sequences.ts";
import { printType } from "../type-ref.ts";
import {
  ArrayValue,
  DateTimeValue,
  DictionaryValue,
  FactsValue,
  GuidValue,
  TimeSpanValue,
  UriValue,
  VariablesValue,
  isObjectValue,
} from "../values.ts";
import type { ObjectValue, Value } from "../values.ts";
import { parseXml } from "../xml/xml-parse.ts";
import { timestampOf } from "./dates.ts";
import { enumMember } from "./enums.ts";
import { defineMembers } from "./registry.ts";
import type { Args } from "./registry.ts";
import { factsMembers, percentDecode } from "./text-types.ts";
import { parseAbsolute } from "./uri.ts";

/** A guard for the state of one kind. */
function ofKind<T extends ObjectValue>(kind: T["kind"]): (value: Value) => value is T {
  return (value): value is T => value !== null && isObjectValue(value) && value.kind === kind;
}

function dateOf(text: string | null): Value {
  if (text === null) return null;
  const parsed = parseDate(text);
  return parsed === undefined ? null : new DateTimeValue(parsed.ticks, "Utc");
}

function namedList(items: readonly Named[], kind: string): ArrayValue {
  return new ArrayValue(
    items.map(({ id, name }) => new FactsValue(kind, { Id: id, Name: name })),
    kind,
  );
}

defineMembers(["IContext"], ofKind<GatewayContext>("IContext"), {
  get: {
    Api: ({ api }) => api,
    Deployment: ({ deployment }) => deployment,
    Elapsed: ({ sources, timestamp }) =>
      new TimeSpanValue(ticksOfUnix(sources.now()) - ticksOfUnix(timestamp)),
    LastError: ({ lastError }) => lastError,
    Operation: ({ operation }) => operation,
    Product: ({ product }) => product,
    Request: ({ request }) => request,
    RequestId: ({ requestId }) => new GuidValue(requestId.toLowerCase()),
    Response: ({ response }) => response,
    Subscription: ({ subscription }) => subscription,
    Timestamp: timestampOf,
    Tracing: ({ isTracing }) => isTracing,
    User: ({ user }) => user,
    Variables: ({ variables }) => new VariablesValue(variables),
    Workspace: ({ workspace }) =>
      workspace === null ? null : new FactsValue("IWorkspace", { Id: workspace.id, Name: workspace.name }),
  },
  call: {
    Trace: ({ traces }, args) => {
      args.ev.allocate(args.text(0, "message").length);
      traces.push(args.text(0, "message"));
      return null;
    },
  },
});

factsMembers("IWorkspace", ["Id", "Name"]);
factsMembers("IGroup", ["Id", "Name"]);
factsMembers("IUserIdentity", ["Id", "Provider"]);
factsMembers("ISubscriptionKeyParameterNames", ["Header", "Query"]);
factsMembers("IPrivateEndpointConnection", ["Name", "GroupId", "MemberName"]);

defineMembers(["IContextApi"], ofKind<GatewayApi>("IContextApi"), {
  get: {
    Id: ({ id }) => id,
    IsCurrentRevision: ({ isCurrentRevision }) => isCurrentRevision,
    Name: ({ name }) => name,
    Path: ({ path }) => path,
    Protocols: ({ protocols }) => stringArray(protocols),
    Revision: ({ revision }) => revision,
    ServiceUrl: ({ serviceUrl }) => serviceUrl,
    SubscriptionKeyParameterNames: ({ subscriptionKeyNames: { header, query } }) =>
      new FactsValue("ISubscriptionKeyParameterNames", { Header: header, Query: query }),
    Version: ({ version }) => version,
  },
});

defineMembers(["IOperation"], ofKind<GatewayOperation>("IOperation"), {
  get: {
    Id: ({ id }) => id,
    Method: ({ method }) => method,
    Name: ({ name }) => name,
    UrlTemplate: ({ urlTemplate }) => urlTemplate,
  },
});

defineMembers(["IProduct"], ofKind<GatewayProduct>("IProduct"), {
  get: {
    Apis: ({ apis }) => new ArrayValue([...apis], "IApi"),
    ApprovalRequired: ({ approvalRequired }) => approvalRequired,
    Groups: ({ groups }) => namedList(groups, "IGroup"),
    Id: ({ id }) => id,
    Name: ({ name }) => name,
    State: ({ state }) => enumMember("ProductState", state) ?? null,
    SubscriptionLimit: ({ subscriptionLimit }) => subscriptionLimit,
    SubscriptionRequired: ({ subscriptionRequired }) => subscriptionRequired,
  },
});

defineMembers(["ISubscription"], ofKind<GatewaySubscription>("ISubscription"), {
  get: {
    CreatedDate: ({ createdDate }) => dateOf(createdDate),
    CreatedTime: ({ createdDate }) => dateOf(createdDate),
    EndDate: ({ endDate }) => dateOf(endDate),
    Id: ({ id }) => id,
    Key: ({ key }) => key,
    Name: ({ name }) => name,
    PrimaryKey: ({ primaryKey }) => primaryKey,
    SecondaryKey: ({ secondaryKey }) => secondaryKey,
    StartDate: ({ startDate }) => dateOf(startDate),
  },
});

defineMembers(["IUser"], ofKind<GatewayUser>("IUser"), {
  get: {
    Email: ({ email }) => email,
    FirstName: ({ firstName }) => firstName,
    Groups: ({ groups }) => namedList(groups, "IGroup"),
    Id: ({ id }) => id,
    Identities: ({ identities }) =>
      new ArrayValue(
        identities.map(({ id, provider }) => new FactsValue("IUserIdentity", { Id: id, Provider: provider })),
        "IUserIdentity",
      ),
    LastName: ({ lastName }) => lastName,
    Note: ({ note }) => note,
    RegistrationDate: ({ registrationDate }) => dateOf(registrationDate),
  },
});

defineMembers(["IDeployment"], ofKind<GatewayDeployment>("IDeployment"), {
  get: {
    Certificates: ({ certificates }) => dictionaryOf(certificates, "X509Certificate2"),
    Gateway: ({ gatewayId }) =>
      new FactsValue("IGateway", {
        Id: gatewayId,
        InstanceId: gatewayId,
        IsManaged: gatewayId === "managed",
      }),
    GatewayId: ({ gatewayId }) => gatewayId,
    Region: ({ region }) => region,
    ServiceId: ({ serviceId }) => serviceId,
    ServiceName: ({ serviceName }) => serviceName,
  },
});

// `context.Deployment.Gateway` is on Microsoft's pages for self-hosted gateways only.
factsMembers("IGateway", ["Id", "InstanceId", "IsManaged"]);

defineMembers(["ILastError"], ofKind<GatewayError>("ILastError"), {
  get: {
    Message: ({ message }) => message,
    Path: ({ path }) => path,
    PolicyId: ({ policyId }) => policyId,
    Reason: ({ reason }) => reason,
    Scope: ({ scope }) => scope,
    Section: ({ section }) => section,
    Source: ({ source }) => source,
  },
});

function dictionaryOf(
  entries: Iterable<readonly [string, Value]>,
  valueType: string,
  ignoresCase = false,
): DictionaryValue {
  const key = ignoresCase ? keyIgnoringCase : keyOf;
  const made = new DictionaryValue(key, "string", valueType);
  for (const [name, value] of entries) made.entries.set(key(name), { key: name, value });
  return made;
}

defineMembers(["IRequest"], ofKind<GatewayRequest>("IRequest"), {
  get: {
    Body: ({ body }) => body,
    Certificate: ({ certificate }) => certificate,
    Headers: ({ headers }) => headers,
    IpAddress: ({ ipAddress }) => ipAddress,
    MatchedParameters: ({ matchedParameters }) => dictionaryOf(matchedParameters, "string"),
    Method: ({ method }) => method,
    OriginalUrl: ({ originalUrl }) => originalUrl,
    PrivateEndpointConnection: () => null,
    Url: ({ url }) => url,
  },
});

defineMembers(["IResponse"], ofKind<GatewayResponse>("IResponse"), {
  get: {
    Body: ({ body }) => body,
    Headers: ({ headers }) => headers,
    StatusCode: ({ statusCode }) => statusCode,
    StatusReason: ({ statusReason }) => statusReason,
  },
});

/** The values of each query parameter, by name without case. */
function queryOf({ queryString }: GatewayUrl): DictionaryValue {
  return formOf(queryString.replace(/^\?/, ""), "string[]", stringArray);
}

function formOf(text: string, valueType: string, make: (texts: readonly string[]) => Value): DictionaryValue {
  const values = new Map<string, { readonly name: string; readonly texts: string[] }>();
  for (const pair of text.split("&").filter((part) => part !== "")) {
    const split = pair.indexOf("=");
    const [name = "", value = ""] = [
      pair.slice(0, split === -1 ? undefined : split),
      split === -1 ? "" : pair.slice(split + 1),
    ].map((part) => percentDecode(part.replaceAll("+", " ")));
    const known = values.get(name.toUpperCase());
    if (known === undefined) values.set(name.toUpperCase(), { name, texts: [value] });
    else known.texts.push(value);
  }
  return dictionaryOf(
    [...values.values()].map(({ name, texts }) => [name, make(texts)]),
    valueType,
    true,
  );
}

defineMembers(["IUrl"], ofKind<GatewayUrl>("IUrl"), {
  get: {
    Host: ({ host }) => host,
    Path: ({ path }) => path,
    Port: ({ port }) => port,
    Query: queryOf,
    QueryString: ({ queryString }) => queryString,
    Scheme: ({ scheme }) => scheme,
  },
  call: {
    ToString: (url) => printUrl(url),
    ToUri: (url) => new UriValue(printUrl(url), parseAbsolute(printUrl(url))),
  },
});

/** The content of a body as text; reading it without `preserveContent` leaves nothing behind. */
function read(body: MessageBody, args: Args): string {
  const bytes = readBytes(body, args);
  return args.ev.text(new TextDecoder().decode(bytes));
}

function readBytes(body: MessageBody, { ev, values }: Args): Uint8Array {
  if (body.isConsumed) throw invalidOperation("The message body has already been read.");
  ev.allocate(body.bytes.length);
  ev.step(1 + body.bytes.length / 64);
  body.isConsumed = values[0] !== true;
  return body.bytes;
}

/** `Body.As<T>(preserveContent)`. */
function bodyAs(body: MessageBody, args: Args): Value {
  const type = printType(args.type());
  switch (type) {
    case "string":
      return read(body, args);
    case "byte[]":
      return readBytes(body, args).slice();
    case "JObject":
    case "JArray":
    case "JToken":
      return parseJson(read(body, args), type, args.ev);
    case "object":
      return parseJson(read(body, args), "JToken", args.ev);
    case "XDocument":
    case "XElement":
    case "XNode":
      return asXml(read(body, args), type, args.ev);
    default:
      throw new NotSimulated(`Body.As<${type}> is not one of the types that a body can be read as.`);
  }
}

function asXml(text: string, type: "XDocument" | "XElement" | "XNode", ev: Evaluation): Value {
  const document = parseXml(text, ev);
  return type === "XElement" ? document.root : document;
}

defineMembers(["IMessageBody"], ofKind<MessageBody>("IMessageBody"), {
  call: {
    As: bodyAs,
    AsFormUrlEncodedContent: (body, args) => formOf(read(body, args), "IList<string>", stringArray),
  },
});

defineMembers(["X509Certificate2"], ofKind<ClientCertificate>("X509Certificate2"), {
  get: {
    Issuer: ({ issuer }) => issuer,
    IssuerName: ({ issuer }) => new FactsValue("X500DistinguishedName", { Name: issuer }),
    NotAfter: ({ notAfter }) => dateOf(notAfter),
    NotBefore: ({ notBefore }) => dateOf(notBefore),
    RawData: ({ rawData }) => rawData,
    SerialNumber: ({ serialNumber }) => serialNumber,
    Subject: ({ subject }) => subject,
    SubjectName: ({ subject }) => new FactsValue("X500DistinguishedName", { Name: subject }),
    Thumbprint: ({ thumbprint }) => thumbprint,
  },
  call: {
    GetCertHash: ({ thumbprint }) =>
      Uint8Array.from(thumbprint.match(/../g) ?? [], (hex) => Number.parseInt(hex, 16)),
    GetCertHashString: ({ thumbprint }) => thumbprint,
    GetSerialNumberString: ({ serialNumber }) => serialNumber,
    Verify: ({ isTrusted }) => isTrusted,
    VerifyNoRevocation: ({ isTrusted }) => isTrusted,
  },
});

factsMembers("X500DistinguishedName", ["Name"]);
