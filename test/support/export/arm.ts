/** Evaluates the ARM templates that export writes: parameters, concat, resourceId, dependsOn. */
import type { Json, JsonObject } from "../../../src/core/json.ts";
import {
  armGuid,
  fileIn,
  isRightVersion,
  pathBelow,
  type ModuleFiles,
  type ModuleResource,
} from "./deploy.ts";

export type ArmContext = {
  /** ARM id of the resource group. */
  readonly resourceGroupId: string;
  /** Of the service's own identity. */
  readonly principalId?: string;
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
    if (type === "Microsoft.Resources/deployments")
      return readRole(body as unknown as NestedDeployment, evaluateText(name, scope), scope);
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

type NestedDeployment = {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly properties: {
    readonly mode: string;
    readonly expressionEvaluationOptions: { readonly scope: string };
    readonly parameters: Readonly<Record<string, { readonly value: string }>>;
    readonly template: {
      readonly parameters: Readonly<Record<string, { readonly type: string }>>;
      readonly resources: readonly (ArmResource & {
        readonly scope: string;
        readonly properties: JsonObject;
      })[];
    };
  };
};

/** A deployment within, of one role assignment: only its parameters are evaluated outside. */
function readRole(
  { subscriptionId, resourceGroup, properties }: NestedDeployment,
  name: string,
  outside: ArmContext,
): ModuleResource {
  const { mode, expressionEvaluationOptions, parameters, template } = properties;
  const resourceGroupId = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
  const [resource] = template.resources;
  if (mode !== "Incremental" || expressionEvaluationOptions.scope !== "inner" || resource === undefined)
    throw new Error(`${name} is another sort of deployment`);
  if (Object.keys(parameters).join() !== Object.keys(template.parameters).join())
    throw new Error(`${name} is given other parameters than it takes`);
  const scope: ArmContext = {
    resourceGroupId,
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([key, { value }]) => [key, evaluateText(value, outside)]),
    ),
  };
  if (resource.apiVersion !== "2022-04-01") throw new Error(`${resource.type}@${resource.apiVersion}`);
  const above = `${resourceGroupId}/providers/${evaluateText(resource.scope, scope)}`;
  return {
    name: `${resourceGroupId}/providers/Microsoft.Resources/deployments/${name}`,
    path: `${above}/providers/${resource.type}/${evaluateText(resource.name, scope)}`,
    apiVersion: resource.apiVersion,
    body: { properties: evaluate(resource.properties, scope) },
    waitsFor: [],
  };
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
  if (call[1] === "reference") {
    skip(reader, /^\.identity\.principalId/);
    return principalOf(args, scope);
  }
  return callFunction(call[1] ?? "", args, scope);
}

/** Nothing but the service's own resource, whole, is read while it is deployed. */
function principalOf([id = "", version = "", which = ""]: readonly string[], scope: ArmContext): string {
  if (!/\/Microsoft\.ApiManagement\/service\/[^/]+$/.test(id) || version !== "2024-05-01" || which !== "full")
    throw new Error(`reference(${id}, ${version}, ${which})`);
  return scope.principalId ?? "";
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
  if (name === "guid") return armGuid(...args);
  if (name === "toLower") return first.toLowerCase();
  if (name === "resourceId") {
    const [subscription = "", group = "", ...rest] = args;
    if (first.includes("/")) return resourceId(scope, args);
    return resourceId(
      { ...scope, resourceGroupId: `/subscriptions/${subscription}/resourceGroups/${group}` },
      rest,
    );
  }
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
