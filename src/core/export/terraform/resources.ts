/**
 * Resources as Terraform's. They go to azurerm where it can write all that they say, else to azapi (azurerm.ts says why some never
 * do), which sends bodies as they are.
 *
 * What the service gives back otherwise than it was sent is azapi's `sensitive_body`: in `body` it would be a change in every
 * plan (Azure/terraform-provider-azapi#334). Of a sensitive body azapi keeps a digest, sends all of it again when that
 * differs, and never compares it with what the service returns.
 */
import { Failure } from "../../failure.ts";
import { roleWords } from "../deployed-roles.ts";
import { apiAbove, armTypeOf, parentPath, wordsOf } from "../deployment.ts";
import type { Deployment, DeployedResource } from "../deployment.ts";
import { nameAll, snakeCase } from "../names.ts";
import { secretName } from "../secret-names.ts";
import type { NamedSecret } from "../secret-names.ts";
import { memberOf, placesOf } from "../template.ts";
import type { ObjectTemplate } from "../template.ts";
import { serviceVariables } from "../vocabulary.ts";
import { azurermForm } from "./azurerm.ts";
import type { AzurermForm, AzurermItem } from "./azurerm.ts";
import { attribute, gap, hclBlock, hclExpression, hclPlain, hclText } from "./hcl.ts";
import type { Hcl, HclBlock, HclItem, HclPart } from "./hcl.ts";
import { hclValue } from "./hcl-value.ts";
import type { TerraformNames } from "./hcl-value.ts";
import { roleBlock } from "./role.ts";
import { splitBody } from "./split-body.ts";

const service = "data.azurerm_api_management.service";

/** The service, which must be there, and all resources, what others depend on first. Throws Failure `EXPORT.NAME`. */
export function resourceBlocks(deployment: Deployment, secrets: readonly NamedSecret[]): HclBlock[] {
  const names = namesOf(deployment);
  const placed = placeAll(deployment.resources, names);
  const roles = deployment.roles.map((role) => ({ role, name: names.get(role.path) ?? "" }));
  const addresses = new Map([
    ...placed.map((resource) => [resource.path, addressOf(resource)] as const),
    ...roles.map(({ role, name }) => [role.path, `${roleType}.${name}`] as const),
  ]);
  const byPath = new Map(placed.map((resource) => [resource.path, resource]));
  const values: TerraformNames = {
    parameter: (parameter) => secretName(secrets, parameter),
    resourceId: (path) => oneValue(idParts(path, byPath)),
  };
  return [
    hclBlock(
      "data",
      ["azurerm_api_management", "service"],
      [
        attribute("name", hclExpression(`var.${serviceVariables.name}`)),
        attribute("resource_group_name", hclExpression(`var.${serviceVariables.resourceGroup}`)),
      ],
    ),
    ...roles.map(({ role, name }) => roleBlock(roleType, name, role, service)),
    ...placed.map((resource) => {
      const { form } = resource;
      const block =
        form === undefined ? azapiBlock(resource, byPath, values) : azurermBlock(resource, form, values);
      return { ...block, body: [...block.body, ...dependsOn(resource, addresses)] };
    }),
  ];
}

/** A resource with what it is in Terraform. */
type Placed = DeployedResource & {
  readonly type: string;
  readonly name: string;
  /** Absent for azapi. */
  readonly form: AzurermForm | undefined;
};

type PlacedByPath = ReadonlyMap<string, Placed>;

const roleType = "azurerm_role_assignment";

/** Names are made as if all were of one type: a resource keeps its own when it moves from one provider to the other. */
function namesOf({ resources, roles }: Deployment): ReadonlyMap<string, string> {
  return nameAll(
    [
      ...resources.map((resource) => ({ key: resource.path, words: wordsOf(resource) })),
      ...roles.map((role) => ({ key: role.path, words: roleWords(role) })),
    ],
    snakeCase,
  );
}

function placeAll(resources: readonly DeployedResource[], names: ReadonlyMap<string, string>): Placed[] {
  return resources.map((resource) => {
    const form = formOf(resource);
    const isChanged = resource.isPartial || resource.isAlwaysThere;
    const type = form?.resource.type ?? (isChanged ? "azapi_update_resource" : "azapi_resource");
    return { ...resource, form, type, name: names.get(resource.path) ?? "" };
  });
}

function formOf({ kind, id, path, body, isPartial }: DeployedResource): AzurermForm | undefined {
  // azurerm has little of what is in workspaces: all of it goes to azapi.
  if (isPartial || path.startsWith("workspaces/")) return undefined;
  const properties = memberOf(body, "properties") ?? { type: "object", members: [] };
  const form =
    properties.type === "object" ? azurermForm(kind, armTypeOf(path).names, properties) : undefined;
  if (form !== undefined || kind !== "productApi") return form;
  throw new Failure("EXPORT.NAME", `Terraform cannot put the API into the product: \`${id}\``, {
    why: "azurerm takes no product id that starts or ends with an underscore, and azapi cannot manage this link, which the service does not let it read",
    remedy: "Give the product another id; or export to Bicep or ARM; or use `apimgw apply`.",
  });
}

function azurermBlock(
  resource: Placed,
  { resource: azurerm, items }: AzurermForm,
  names: TerraformNames,
): HclBlock {
  const segments = armTypeOf(resource.path).names;
  const head = [
    ...azurerm.names.map((name, index) => attribute(name.attribute, hclText(segments[index] ?? ""))),
    attribute("api_management_name", hclExpression(`${service}.name`)),
    attribute("resource_group_name", hclExpression(`${service}.resource_group_name`)),
    ...Object.entries(azurerm.fixed ?? {}).map(([name, value]) => attribute(name, hclText(value))),
  ];
  return hclBlock("resource", [resource.type, resource.name], [...head, ...azurermLines(items, names)]);
}

/** Attributes first, then blocks, each after an empty line. */
function azurermLines(items: readonly AzurermItem[], names: TerraformNames): HclItem[] {
  const attributes = items.flatMap((item) =>
    "attribute" in item ? [attribute(item.attribute, hclValue(item.value, names))] : [],
  );
  const blocks = items.flatMap((item, index) => {
    if (!("block" in item)) return [];
    const isFirst = attributes.length === 0 && index === 0;
    return [...(isFirst ? [] : [gap]), hclBlock(item.block, [], azurermLines(item.items, names))];
  });
  return [...attributes, ...blocks];
}

function azapiBlock(resource: Placed, byPath: PlacedByPath, names: TerraformNames): HclBlock {
  const { path, kind, body, apiVersion } = resource;
  const { type, names: segments } = armTypeOf(path);
  const parent = parentPath(path);
  const api = apiAbove(path);
  const { plain, sensitive } = splitBody(body);
  const bodies = [
    ["body", plain],
    ["sensitive_body", sensitive],
  ] as const;
  const items: HclItem[] = [
    attribute("type", hclText(`${type}@${apiVersion}`)),
    attribute(
      "parent_id",
      oneValue(parent === undefined ? [{ expression: `${service}.id` }] : idParts(parent, byPath)),
    ),
    attribute("name", hclText(segments.at(-1) ?? "")),
    // The service spells the ids of members in its own way.
    ...(kind === "pool" ? [attribute("ignore_casing", hclPlain(true))] : []),
    // The service answers overlapping writes below one API with 409 or 412.
    ...(api === undefined
      ? []
      : [attribute("locks", { type: "list", items: [oneValue(idParts(api, byPath))] })]),
    ...bodies.flatMap(([name, value]) =>
      value.members.length === 0 ? [] : [gap, attribute(name, hclValue(value, names))],
    ),
    // Otherwise azapi keeps in its state what the service answers; of subscriptions, keys could be in it.
    gap,
    attribute("response_export_values", { type: "list", items: [] }),
  ];
  return hclBlock("resource", [resource.type, resource.name], items);
}

/** What must be there before and is not referred to; azurerm's resources do not refer to what they stand below. */
function dependsOn(resource: Placed, addresses: ReadonlyMap<string, string>): HclItem[] {
  const above = resource.form === undefined ? pathsAbove(resource.path) : [];
  const implied = new Set([...referredTo(resource.body), ...above]);
  const items = resource.dependsOn.flatMap((path): Hcl[] => {
    const address = addresses.get(path);
    return address === undefined || implied.has(path) ? [] : [hclExpression(address)];
  });
  return items.length === 0 ? [] : [gap, attribute("depends_on", { type: "list", items })];
}

function referredTo(body: ObjectTemplate): ReadonlySet<string> {
  return new Set(placesOf(body, "resourceId").map(({ path }) => path));
}

function pathsAbove(path: string): string[] {
  const parent = parentPath(path);
  return parent === undefined ? [] : [parent, ...pathsAbove(parent)];
}

/** The id of something on the service: of a resource of the module by reference, else made of the id of what it stands below. */
function idParts(path: string, byPath: PlacedByPath): HclPart[] {
  const found = byPath.get(path);
  // azurerm's id of an API names its revision, which would pin what refers to it.
  if (found?.type === "azurerm_api_management_api")
    return [{ expression: `${service}.id` }, "/apis/", { expression: `${addressOf(found)}.name` }];
  if (found !== undefined) return [{ expression: `${addressOf(found)}.id` }];
  const parent = path.split("/").length % 2 === 1 ? undefined : parentPath(path);
  if (parent === undefined) return [{ expression: `${service}.id` }, `/${path}`];
  return [...idParts(parent, byPath), path.slice(parent.length)];
}

function oneValue(parts: readonly HclPart[]): Hcl {
  const [only] = parts;
  return parts.length === 1 && typeof only === "object" ? hclExpression(only.expression) : hclText(...parts);
}

function addressOf({ type, name }: Placed): string {
  return `${type}.${name}`;
}
