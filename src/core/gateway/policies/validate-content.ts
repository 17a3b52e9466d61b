import { attributeValue, childElement, childElements } from "../../policy/tree.ts";
import type { PolicyElement } from "../../policy/tree.ts";
import type { Json } from "../../json.ts";
import { conditionReader, requiredAttribute, requiredNumber } from "../attributes.ts";
import type { Reader } from "../attributes.ts";
import { mediaType } from "../content-type.ts";
import type { Exchange } from "../exchange.ts";
import { note } from "../exchange.ts";
import { changesResponse, passingMessage } from "../passing-message.ts";
import type { PolicyRunner, Preparation } from "../policy-definition.ts";
import { NotSupported } from "../policy-error.ts";
import type { ContentContract, OperationContract } from "../validation/api-contract.ts";
import { jsonPosition } from "../validation/json-position.ts";
import { MissingDefinition, unescapePointer } from "../validation/json-schema.ts";
import type { SchemaFault, SchemaOptions } from "../validation/json-schema.ts";
import { actionReader, contractOf, report } from "../validation/validation-errors.ts";
import type { ValidationAction, ValidationFinding } from "../validation/validation-errors.ts";

type ContentRule = {
  /** Undefined: every type that the document has. */
  readonly type: string | undefined;
  readonly action: Reader<ValidationAction>;
  readonly options: Omit<SchemaOptions, "version">;
};

type Settings = {
  readonly unspecified: Reader<ValidationAction>;
  readonly maxSize: Reader<number>;
  readonly sizeExceeded: Reader<ValidationAction>;
  readonly mapped: (exchange: Exchange, type: string) => string;
  readonly rules: readonly ContentRule[];
};

/** One body that is looked at. */
type Subject = {
  readonly kind: "request" | "response";
  readonly bytes: Uint8Array;
  readonly content: ContentContract;
  readonly contract: OperationContract;
};

export const validateContent: PolicyRunner = {
  name: "validate-content",
  fidelity: {
    level: "partial",
    notes: [
      [
        "Size, content type and JSON against the API's OpenAPI document; 400 in inbound, 502 behind it.",
        "documented",
      ],
      ["`content-type-map`, `allow-additional-properties`, and texts of the service's errors.", "documented"],
      ["A definition without a name is left out of its text.", "observed"],
      [
        "The wording of faults is Newtonsoft's, with line and position; not every word is the service's.",
        "inferred",
      ],
      ["`case-insensitive-property-names` compares the names of members in lower case.", "documented"],
      ["The variable gets a JArray of the errors; without errors it is not set.", "inferred"],
      ["A message without a body is not looked at; answers count by their exact status.", "inferred"],
      ["XML, SOAP and `schema-id` are refused: there are no such schemas here.", "documented"],
      ["Where the API's document is not known, the request stops with a text that says so.", "documented"],
    ],
  },
  prepare: (element, { config, section }) => {
    const settings = settingsOf(element);
    return (exchange) => {
      const body = passingMessage(exchange, section)?.body ?? null;
      if (body === null || body.isConsumed || body.bytes.length === 0) {
        note(exchange, () => "there is no body to validate");
        return undefined;
      }
      const subject = subjectOf(exchange, section, config, body.bytes);
      const findings = findingsOf(exchange, settings, subject, section);
      if (findings.length === 0) note(exchange, () => "valid");
      report(exchange, element, section, findings);
      return undefined;
    };
  },
};

function subjectOf(
  exchange: Exchange,
  section: Preparation["section"],
  config: Preparation["config"],
  bytes: Uint8Array,
): Subject {
  const contract = contractOf(config, exchange);
  if (!changesResponse(section)) return { kind: "request", bytes, contract, content: contract.request };
  const status = exchange.context.response?.statusCode ?? 0;
  return { kind: "response", bytes, contract, content: contract.responses.get(status)?.content ?? new Map() };
}

function settingsOf(element: PolicyElement): Settings {
  const map = childElement(element, "content-type-map");
  return {
    unspecified: actionReader(element, "unspecified-content-type-action"),
    maxSize: requiredNumber(element, "max-size"),
    sizeExceeded: actionReader(element, "size-exceeded-action"),
    mapped: map === undefined ? (_, type) => type : mappingOf(map),
    rules: childElements(element)
      .filter(({ name }) => name === "content")
      .map(ruleOf),
  };
}

/** Single types win over the two that are for any and for none [documented]. */
function mappingOf(map: PolicyElement): Settings["mapped"] {
  const any = attributeValue(map, "any-content-type-value");
  const missing = attributeValue(map, "missing-content-type-value");
  const types = childElements(map).map((type) => {
    const from = attributeValue(type, "from")?.trim().toLowerCase();
    const when = attributeValue(type, "when");
    const matches: (exchange: Exchange, given: string) => boolean =
      when === undefined ? (_, given) => given === from : conditionReader(when, "type/@when");
    return { matches, to: requiredAttribute(type, "to").trim().toLowerCase() };
  });
  return (exchange, given) => {
    const own = types.find(({ matches }) => matches(exchange, given))?.to;
    if (own !== undefined) return own;
    if (any !== undefined) return any.trim().toLowerCase();
    return given === "" && missing !== undefined ? missing.trim().toLowerCase() : given;
  };
}

function ruleOf(content: PolicyElement): ContentRule {
  const kind = requiredAttribute(content, "validate-as");
  if (kind !== "json")
    throw new NotSupported(`\`validate-as="${kind}"\` needs XML schemas, which are not read here`);
  const schema = attributeValue(content, "schema-id");
  if (schema !== undefined)
    throw new NotSupported(`the schema \`${schema}\` of the service is not known here`);
  const type = attributeValue(content, "type")?.trim().toLowerCase();
  const additional = attributeValue(content, "allow-additional-properties")?.trim().toLowerCase();
  return {
    type: type === "" ? undefined : type,
    action: actionReader(content, "action"),
    options: {
      ...(additional === undefined ? {} : { additionalProperties: additional === "true" }),
      ignoresCase:
        attributeValue(content, "case-insensitive-property-names")?.trim().toLowerCase() === "true",
    },
  };
}

function findingsOf(
  exchange: Exchange,
  settings: Settings,
  subject: Subject,
  section: Preparation["section"],
): ValidationFinding[] {
  const { kind, bytes, content } = subject;
  const what = kind === "request" ? "RequestBody" : "ResponseBody";
  const most = settings.maxSize(exchange);
  const findings: ValidationFinding[] = [];
  if (bytes.length > most) {
    const whose = kind === "request" ? "Request's" : "Response's";
    const start = `${whose} body is ${bytes.length} bytes long and it exceeds the`;
    findings.push({
      name: "",
      type: what,
      rule: "SizeLimit",
      details: `${start} configured limit of ${most} bytes.`,
      answer: `${start} limit of ${most} bytes.`,
      action: settings.sizeExceeded(exchange),
    });
    if (findings.some(({ action }) => action === "prevent")) return findings;
  }
  const headers = passingMessage(exchange, section)?.headers;
  const given = headers === undefined ? "" : (mediaType(headers) ?? "");
  const type = settings.mapped(exchange, given);
  const schema = schemaFor(content, type);
  if (schema === undefined) {
    const details = `Unspecified content type ${type} is not allowed.`;
    const action = settings.unspecified(exchange);
    return [...findings, { name: type, type: what, rule: "Unspecified", details, answer: details, action }];
  }
  const rules = settings.rules.filter((rule) => rule.type === undefined || rule.type === type);
  return [
    ...findings,
    ...rules.flatMap((rule) => bodyFindings(exchange, rule, subject, type, schema.schema)),
  ];
}

/** The schema of a type, or of a range that has it; `schema` is undefined for a type without one. */
function schemaFor(
  content: ContentContract,
  type: string,
): { readonly schema: Json | undefined } | undefined {
  const range = `${type.split("/")[0] ?? ""}/*`;
  const key = [type, range, "*/*"].find((candidate) => content.has(candidate));
  return key === undefined || type === "" ? undefined : { schema: content.get(key) };
}

function bodyFindings(
  exchange: Exchange,
  { action: read, options }: ContentRule,
  { kind, bytes, contract }: Subject,
  type: string,
  schema: Json | undefined,
): ValidationFinding[] {
  const action = read(exchange);
  if (action === "ignore" || schema === undefined) return [];
  const what = kind === "request" ? "RequestBody" : "ResponseBody";
  const text = new TextDecoder().decode(bytes);
  const parsed = parse(text);
  if (!parsed.ok) {
    const details = `Body of the ${kind} cannot be validated for the content type ${type}. ${parsed.message}`;
    return [{ name: "", type: what, rule: "ValidationException", details, action }];
  }
  try {
    const start = `Body of the ${kind} does not conform to the definition ${definitionOf(schema)}which is associated with the content type ${type}.`;
    return contract
      .check(
        schema,
        options,
      )(parsed.value)
      .map((fault) => {
        const details = `${start} ${placed(fault, text)}`;
        return { name: type, type: what, rule: "IncorrectMessage", details, answer: details, action };
      });
  } catch (error) {
    if (!(error instanceof MissingDefinition)) throw error;
    const details = `API's schema does not contain definition ${error.definition}, which is associated with the content type ${type}.`;
    return [{ name: type, type: what, rule: "MissingDefinition", details, action }];
  }
}

function parse(
  text: string,
): { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly message: string } {
  try {
    const value = JSON.parse(text.replace(/^\uFEFF/, "")) as Json;
    return { ok: true, value };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : "" };
  }
}

function placed({ message, at }: SchemaFault, text: string): string {
  const { line, position } = jsonPosition(text, at.split("/").slice(1).map(unescapePointer));
  return `${message} Line: ${line}, Position: ${position}`;
}

/** The name of a definition that the schema refers to, with a comma; nothing for a schema of its own. */
function definitionOf(schema: Json): string {
  const reference =
    typeof schema === "object" && schema !== null && "$ref" in schema ? schema.$ref : undefined;
  return typeof reference === "string" ? `${reference.replace(/^.*\//, "")}, ` : "";
}
