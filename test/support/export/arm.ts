/** Evaluates the ARM templates that export writes: parameters, concat, resourceId, dependsOn. */
import type { Json, JsonObject } from "../../../src/core/json.ts";
import { fileIn, isRightVersion, pathBelow, type ModuleFiles, type ModuleResource } from "./deploy.ts";

export type ArmContext = {
  /** ARM id of the resource group. */
  readonly resourceGroupId: string;
  readonly parameters: Readonly<Record<string, string>>;
};

type ArmResource = {
  readonly type: string;
  readonly apiVersion: string;
  readonly name: string;
  readonly dependsOn?: readonly string[];
};

export function readArmModule(files: ModuleFiles, context: ArmContext): ModuleResource[] {
  const template = JSON.parse(fileIn(files, "azuredeploy.json")) as {
    parameters: Readonly<Record<string, { type: string; defaultValue?: string }>>;
    resources: readonly (ArmResource & JsonObject)[];
  };
  const given = Object.entries(template.parameters).map(([name, { type, defaultValue }]) => {
    if (type === "secureString" && defaultValue !== undefined) throw new Error(`${name} has a default`);
    const value = context.parameters[name] ?? defaultValue;
    if (value === undefined) throw new Error(`the parameter ${name} is not given`);
    return [name, value] as const;
  });
  const scope: ArmContext = { ...context, parameters: Object.fromEntries(given) };
  const serviceId = resourceId(scope, [
    "Microsoft.ApiManagement/service",
    scope.parameters["apiManagementName"] ?? "",
  ]);
  return template.resources.map(({ type, apiVersion, name, dependsOn = [], ...body }) => {
    if (!isRightVersion(apiVersion, body)) throw new Error(`${type} has the version ${apiVersion}`);
    const id = resourceId(scope, [type, ...evaluateText(name, scope).split("/")]);
    return {
      name: id,
      path: pathBelow(serviceId, id),
      apiVersion,
      body: evaluate(body, scope) as JsonObject,
      waitsFor: dependsOn.map((each) => evaluateText(each, scope)),
    };
  });
}

function evaluate(value: Json | undefined, scope: ArmContext): Json | undefined {
  if (typeof value === "string") return evaluateText(value, scope);
  if (Array.isArray(value)) return value.map((item: Json) => evaluate(item, scope) ?? null);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value as JsonObject).map(([key, member]) => [key, evaluate(member, scope)]),
  );
}

/** Texts in brackets are expressions, unless they begin with two brackets: then the first one falls away. */
export function evaluateText(text: string, scope: ArmContext): string {
  if (!text.startsWith("[") || !text.endsWith("]")) return text;
  if (text.startsWith("[[")) return text.slice(1);
  const source = text.slice(1, -1);
  const reader = { source, at: 0 };
  const value = readExpression(reader, scope);
  if (reader.at !== source.length) throw new Error(`ARM expression ${text}: ends at ${reader.at}`);
  return value;
}

type Reader = { readonly source: string; at: number };

function readExpression(reader: Reader, scope: ArmContext): string {
  const rest = reader.source.slice(reader.at);
  const literal = /^\s*'((?:[^']|'')*)'/.exec(rest);
  if (literal !== null) {
    reader.at += literal[0].length;
    return (literal[1] ?? "").replaceAll("''", "'");
  }
  const call = /^\s*([A-Za-z]+)\(/.exec(rest);
  if (call === null) throw new Error(`ARM expression: cannot read ${rest}`);
  reader.at += call[0].length;
  const args: string[] = [];
  for (;;) {
    if (/^\s*\)/.test(reader.source.slice(reader.at))) break;
    if (args.length > 0) skip(reader, /^\s*,/);
    args.push(readExpression(reader, scope));
  }
  skip(reader, /^\s*\)/);
  return callFunction(call[1] ?? "", args, scope);
}

function skip(reader: Reader, pattern: RegExp): void {
  const found = pattern.exec(reader.source.slice(reader.at));
  if (found === null)
    throw new Error(`ARM expression ${reader.source}: ${String(pattern)} missing at ${reader.at}`);
  reader.at += found[0].length;
}

function callFunction(name: string, args: readonly string[], scope: ArmContext): string {
  const [first = ""] = args;
  if (name === "concat") return args.join("");
  if (name === "resourceId") return resourceId(scope, args);
  const parameter = scope.parameters[first];
  if (name !== "parameters" || parameter === undefined)
    throw new Error(`ARM expression: ${name}(${args.join()})`);
  return parameter;
}

/** `Microsoft.X/a/b` with names `1`, `2` is `.../providers/Microsoft.X/a/1/b/2`. */
function resourceId({ resourceGroupId }: ArmContext, [type = "", ...names]: readonly string[]): string {
  const [provider, ...types] = type.split("/");
  if (types.length !== names.length) throw new Error(`resourceId: ${type} with ${names.join("/")}`);
  return [
    `${resourceGroupId}/providers/${provider ?? ""}`,
    ...types.map((each, index) => `${each}/${names[index] ?? ""}`),
  ].join("/");
}
