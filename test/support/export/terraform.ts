/** Evaluates the Terraform modules that export writes, with azurerm's schema and azapi's way of putting bodies together. */
import { v5 as uuid } from "uuid";
import type { Json, JsonObject } from "../../../src/core/json.ts";
import { azurermTypes, schemaFaults, type BlockValues } from "./azurerm-schema.ts";
import {
  fileIn,
  isRightVersion,
  pathBelow,
  textOf,
  type ModuleFiles,
  type ModuleResource,
} from "./deploy.ts";
import { parseHcl, type HclExpression, type ReadBlock } from "./hcl.ts";

export type TerraformContext = {
  /** ARM id of the service. */
  readonly serviceId: string;
  /** Of the service's own identity. */
  readonly principalId?: string;
  readonly variables: Readonly<Record<string, string>>;
};

type Scope = {
  readonly files: ModuleFiles;
  readonly serviceId: string;
  readonly principalId: string;
  readonly variables: ReadonlyMap<string, Json>;
  readonly resources: ReadonlyMap<string, ReadBlock>;
};

/** The resources of a module. Throws for what Terraform, azurerm or azapi would refuse. */
export function readTerraformModule(files: ModuleFiles, context: TerraformContext): ModuleResource[] {
  const blocks = ["versions.tf", "providers.tf", "variables.tf", "main.tf"].flatMap((file) =>
    parseHcl(fileIn(files, file)),
  );
  const declared = blocks.filter(({ name }) => name === "resource");
  const resources = new Map(declared.map((block) => [block.labels.join("."), block]));
  if (resources.size !== declared.length) throw new Error("two resources have one address");
  const variables = new Map<string, Json>();
  const { serviceId, principalId = "" } = context;
  const scope: Scope = { files, serviceId, principalId, variables, resources };
  for (const { labels, attributes } of blocks.filter(({ name }) => name === "variable")) {
    const [name = ""] = labels;
    const fallback = attributes.get("default");
    if (attributes.has("sensitive") && fallback !== undefined) throw new Error(`${name} has a default`);
    const value = context.variables[name] ?? (fallback && evaluate(fallback, scope));
    if (value === undefined) throw new Error(`the variable ${name} is not given`);
    variables.set(name, value);
  }
  return declared.map((block) => readResource(block, scope));
}

function readResource(block: ReadBlock, scope: Scope): ModuleResource {
  const [type = ""] = block.labels;
  const address = block.labels.join(".");
  const expressions = expressionsIn(block);
  const used = expressions.flatMap(referencesIn).map((path) => path.slice(0, 2).join("."));
  const shared = { name: address, waitsFor: [...new Set(used)].filter((each) => scope.resources.has(each)) };
  if (type === "azapi_resource" || type === "azapi_update_resource") {
    const how = type === "azapi_update_resource" ? ({ isUpdate: true } as const) : ({ isNew: true } as const);
    return { ...shared, ...how, ...azapiResource(block, scope) };
  }
  if (type === "azurerm_role_assignment") return { ...shared, isNew: true, ...readRole(block, scope) };
  const known = azurermTypes[type];
  if (known === undefined) throw new Error(`there is no resource type ${type}`);
  const values = valuesOf(block, scope);
  const faults = schemaFaults(known, values, address);
  if (faults.length > 0) throw new Error(faults.join("\n"));
  return {
    ...shared,
    isNew: true,
    apiVersion: "2024-05-01",
    path: known.path(values),
    body: known.body(values),
  };
}

/** azurerm's own arguments of a role assignment, as it sends them. */
function readRole(block: ReadBlock, scope: Scope): Pick<ModuleResource, "path" | "body" | "apiVersion"> {
  const known = ["name", "scope", "role_definition_id", "principal_id", "principal_type", "description"];
  if ([...block.attributes.keys()].sort().join() !== known.sort().join()) throw new Error("role assignment");
  const text = (name: string): string => textOf(valueOf(block, name, scope));
  return {
    path: `${text("scope")}/providers/Microsoft.Authorization/roleAssignments/${text("name")}`,
    apiVersion: "2022-04-01",
    body: {
      properties: {
        roleDefinitionId: text("role_definition_id"),
        principalId: text("principal_id"),
        principalType: text("principal_type"),
        description: text("description"),
      },
    },
  };
}

const azapiArguments = [
  "type",
  "parent_id",
  "name",
  "locks",
  "ignore_casing",
  "response_export_values",
  "body",
  "sensitive_body",
  "depends_on",
];

function azapiResource(block: ReadBlock, scope: Scope): Pick<ModuleResource, "path" | "body" | "apiVersion"> {
  const unknown = [...block.attributes.keys()].filter((key) => !azapiArguments.includes(key));
  if (unknown.length > 0 || block.blocks.length > 0) throw new Error(`unsupported: ${unknown.join(", ")}`);
  const id = azapiId(block, scope);
  const locks = block.attributes.get("locks");
  const above = /^(?:workspaces\/[^/]+\/)?apis\/[^/]+(?=\/)/.exec(pathBelow(scope.serviceId, id))?.[0];
  const wanted = above === undefined ? [] : [`${scope.serviceId}/${above}`];
  if (JSON.stringify(locks === undefined ? [] : evaluate(locks, scope)) !== JSON.stringify(wanted))
    throw new Error(`${block.labels.join(".")} does not lock its API`);
  const body = valueOf(block, "body", scope) ?? {};
  const sensitive = valueOf(block, "sensitive_body", scope) ?? {};
  const exported = valueOf(block, "response_export_values", scope);
  if (!Array.isArray(exported) || exported.length > 0)
    throw new Error(`the state would keep what the service answers for ${block.labels.join(".")}`);
  const merged = disjointMerge(body, sensitive) as JsonObject;
  const apiVersion = textOf(valueOf(block, "type", scope)).replace(/.*@/, "");
  if (!isRightVersion(apiVersion, merged))
    throw new Error(`${block.labels.join(".")} is of version ${apiVersion}`);
  return { path: pathBelow(scope.serviceId, id), body: merged, apiVersion };
}

function azapiId({ attributes, labels }: ReadBlock, scope: Scope): string {
  const text = (name: string): string => {
    const expression = attributes.get(name);
    const value = expression === undefined ? undefined : evaluate(expression, scope);
    if (typeof value !== "string") throw new Error(`${labels.join(".")}: ${name} is no text`);
    return value;
  };
  const [type = ""] = text("type").split("@");
  const parent = text("parent_id");
  const collections = pathBelow(scope.serviceId, `${parent}/${type.split("/").at(-1) ?? ""}/x`).split("/");
  const expected = ["Microsoft.ApiManagement/service", ...collections.filter((_, index) => index % 2 === 0)];
  if (type !== expected.join("/")) throw new Error(`a resource of type ${type} cannot stand below ${parent}`);
  return `${parent}/${type.split("/").at(-1) ?? ""}/${text("name")}`;
}

function valueOf({ attributes }: ReadBlock, name: string, scope: Scope): Json | undefined {
  const expression = attributes.get(name);
  return expression === undefined ? undefined : evaluate(expression, scope);
}

/** azapi refuses bodies that both set one place. */
function disjointMerge(a: Json | undefined, b: Json | undefined): Json | undefined {
  if (a === undefined) return b;
  if (b === undefined) return a;
  if (!isObject(a) || !isObject(b)) throw new Error('"body" and "sensitive_body" are not disjointed');
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries([...keys].map((key) => [key, disjointMerge(a[key], b[key])]));
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function valuesOf(block: ReadBlock, scope: Scope): BlockValues {
  const attributes = [...block.attributes]
    .filter(([name]) => name !== "depends_on")
    .map(([name, expression]) => [name, evaluate(expression, scope)] as const);
  const names = [...new Set(block.blocks.map(({ name }) => name))];
  const blocks = names.map(
    (name) =>
      [name, block.blocks.filter((each) => each.name === name).map((each) => valuesOf(each, scope))] as const,
  );
  return { attributes: Object.fromEntries(attributes), blocks: Object.fromEntries(blocks) };
}

function expressionsIn({ attributes, blocks }: ReadBlock): HclExpression[] {
  return [...attributes.values(), ...blocks.flatMap(expressionsIn)];
}

function referencesIn(expression: HclExpression): (readonly string[])[] {
  if (expression.type === "reference") return [expression.path];
  if (expression.type === "list") return expression.items.flatMap(referencesIn);
  if (expression.type === "object") return expression.members.flatMap(([, member]) => referencesIn(member));
  if (expression.type === "text")
    return expression.parts.flatMap((part) => (typeof part === "string" ? [] : referencesIn(part)));
  return expression.type === "call" ? expression.args.flatMap(referencesIn) : [];
}

function evaluate(expression: HclExpression, scope: Scope): Json {
  switch (expression.type) {
    case "plain":
      return expression.value;
    case "text":
      return expression.parts
        .map((part) => (typeof part === "string" ? part : textOf(evaluate(part, scope))))
        .join("");
    case "list":
      return expression.items.map((item) => evaluate(item, scope));
    case "object":
      return Object.fromEntries(expression.members.map(([key, member]) => [key, evaluate(member, scope)]));
    case "reference":
      return refer(expression.path, scope);
    case "call": {
      const [path = "", second = ""] = expression.args.map((arg) => textOf(evaluate(arg, scope)));
      if (expression.name === "lower") return path.toLowerCase();
      if (expression.name === "uuidv5") return uuid(second, path);
      if (expression.name !== "file") throw new Error(`there is no function ${expression.name}`);
      return fileIn(scope.files, path.replace(/^\.\//, ""));
    }
  }
}

function refer(path: readonly string[], scope: Scope): Json {
  const [root = "", name = "", attribute = "", ...rest] = path;
  const text = path.join(".");
  if (text === "path.module") return ".";
  const variable = root === "var" ? scope.variables.get(name) : undefined;
  if (variable !== undefined && attribute === "") return variable;
  if (text === "data.azurerm_api_management.service.identity.[0].principal_id") return scope.principalId;
  if (text.startsWith("data.azurerm_api_management.service.") && rest.length === 1) {
    const [, , , , group = "", , , , service = ""] = scope.serviceId.split("/");
    const known: Readonly<Record<string, string>> = {
      id: scope.serviceId,
      name: service,
      resource_group_name: group,
    };
    const value = known[rest[0] ?? ""];
    if (value !== undefined) return value;
  }
  const block = scope.resources.get(`${root}.${name}`);
  if (block === undefined || rest.length > 0) throw new Error(`there is no ${text}`);
  if (root.startsWith("azapi_")) {
    if (attribute === "id") return azapiId(block, scope);
    throw new Error(`azapi has no ${text}`);
  }
  const values = valuesOf(block, scope);
  const own = values.attributes[attribute];
  if (attribute !== "id") return own ?? fail(`azurerm has no ${text}`);
  // azurerm's id of an API ends in the revision.
  const revision =
    root === "azurerm_api_management_api" ? `;rev=${textOf(values.attributes["revision"])}` : "";
  return `${scope.serviceId}/${azurermTypes[root]?.path(values) ?? fail(root)}${revision}`;
}

function fail(message: string): never {
  throw new Error(message);
}
