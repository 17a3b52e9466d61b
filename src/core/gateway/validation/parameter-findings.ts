/** What is wrong with the values of one parameter or header. */
import { isJsonObject } from "../../json.ts";
import type { Json } from "../../json.ts";
import type { OperationContract, ParameterContract } from "./api-contract.ts";
import { MissingDefinition } from "./json-schema.ts";
import type { SchemaFault } from "./json-schema.ts";
import type { ValidationAction, ValidationFinding } from "./validation-errors.ts";

export type ParameterPlace = {
  readonly place: ParameterContract["place"];
  readonly isAnswer: boolean;
  readonly action: ValidationAction;
};

export function parameterFindings(
  parameter: ParameterContract,
  values: readonly string[],
  contract: OperationContract,
  { place, isAnswer, action }: ParameterPlace,
): ValidationFinding[] {
  const { name, schema } = parameter;
  const what = place === "header" ? "header" : `${place} parameter`;
  const finding = (rule: string, details: string, answer = details): ValidationFinding => ({
    name,
    type: typeOf(place, isAnswer),
    rule,
    details,
    answer,
    action,
  });
  const unfit = (message: string): ValidationFinding => {
    const rest = `value of the ${what} ${name} does not conform to the definition. ${message}`;
    return finding("IncorrectMessage", `V${rest.slice(1)}`, `The ${rest}`);
  };
  if (values.length === 0) return parameter.isRequired ? [unfit("It is required and missing.")] : [];
  const kind = kindOf(schema, contract);
  const parts =
    kind.name === "array" ? itemsOf(values, parameter.separator, isAnswer || place === "header") : values;
  if (kind.name !== "array" && values.length > 1) {
    const whose = isAnswer ? "Response" : "Request";
    return [finding("IncorrectMessage", `${whose} cannot contain multiple values for the ${what} ${name}.`)];
  }
  if (kind.name === "object") return [];
  const read = parts.map((part) => valueOf(part, kind.name === "array" ? kind.items : kind.name));
  const wrong = read.find(({ ok }) => !ok);
  if (wrong !== undefined) {
    const reason = `'${wrong.text}' is no ${kind.name === "array" ? kind.items : kind.name}.`;
    const start = `alue of the ${what} ${name}`;
    const details = `V${start} cannot be parsed according to the definition. ${reason}`;
    return [
      finding(
        "IncorrectMessage",
        details,
        `V${start} couldn't be parsed according to the definition. ${reason}`,
      ),
    ];
  }
  const plain = read.map(({ value }) => value);
  try {
    const faults: readonly SchemaFault[] = contract.check(schema)(
      kind.name === "array" ? plain : (plain[0] ?? null),
    );
    return faults.map(({ message }) => unfit(message));
  } catch (error) {
    if (!(error instanceof MissingDefinition)) throw error;
    const details = `API's schema does not contain definition ${error.definition}, which is associated with the ${what} ${name}.`;
    return [{ name, type: typeOf(place, isAnswer), rule: "MissingDefinition", details, action }];
  }
}

function typeOf(place: ParameterContract["place"], isAnswer: boolean): string {
  if (isAnswer) return "ResponseHeader";
  return place === "header" ? "RequestHeader" : place === "query" ? "QueryParameter" : "PathParameter";
}

/** Lists stand in one value with separators, or in several. A header's values are a list either way. */
function itemsOf(
  values: readonly string[],
  separator: string | undefined,
  splitsAll: boolean,
): readonly string[] {
  if (separator === undefined && !splitsAll) return values;
  return values.flatMap((value) =>
    value.split(separator ?? ",").map((item) => (splitsAll ? item.trim() : item)),
  );
}

type Kind = { readonly name: string; readonly items: string };

/** What a text is read as: the schema's type, behind a reference too. */
function kindOf(schema: Json, contract: OperationContract): Kind {
  const own = contract.resolve(schema);
  const name = typeName(own);
  const items = isJsonObject(own) ? typeName(contract.resolve(own["items"] ?? true)) : "string";
  return { name, items };
}

function typeName(schema: Json): string {
  if (!isJsonObject(schema)) return "string";
  const { type } = schema;
  const names: readonly Json[] = Array.isArray(type) ? type : [type ?? "string"];
  const name = names.find((candidate) => candidate !== "null");
  return typeof name === "string" ? name : "string";
}

type Read = { readonly ok: boolean; readonly text: string; readonly value: Json };

function valueOf(text: string, type: string): Read {
  switch (type) {
    case "integer":
      return { ok: /^[+-]?\d+$/.test(text.trim()), text, value: Number(text) };
    case "number":
      return {
        ok: /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text.trim()),
        text,
        value: Number(text),
      };
    case "boolean":
      return { ok: /^(?:true|false)$/i.test(text.trim()), text, value: text.trim().toLowerCase() === "true" };
    default:
      return { ok: true, text, value: text };
  }
}
