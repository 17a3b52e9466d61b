/**
 * What is to be deployed, whatever the language: each resource of a model with its place below the service, its body as a
 * template, and what must be there before it. The bodies carry the same ownership marks that apply writes, so that a later
 * plan finds its own.
 */
import { isJsonObject } from "../json.ts";
import type { Json, JsonObject } from "../json.ts";
import { llmApiVersion } from "../model/kinds/diagnostic.ts";
import { kinds } from "../model/kinds/index.ts";
import { globalPolicyPath } from "../model/kinds/policy.ts";
import { objectMember, stringMember } from "../model/kind-definition.ts";
import { kindNames } from "../model/resource.ts";
import type { Kind, Model, Resource } from "../model/resource.ts";
import { maskSecrets, secretText } from "../model/secrets.ts";
import { withContentDigest } from "../plan/content.ts";
import { printPolicyDocument } from "../policy/print.ts";
import { isArmId, serviceArmId } from "../ports.ts";
import type { ServiceRef } from "../ports.ts";
import { compareText } from "../problem.ts";
import { deployedRoles } from "./deployed-roles.ts";
import type { DeployedRole } from "./deployed-roles.ts";
import { objectTemplate, placesOf } from "./template.ts";
import type { FillString, ObjectTemplate, SecretParameter, Template, TextFile } from "./template.ts";
import { apiVersion } from "./vocabulary.ts";

export type DeployedResource = {
  readonly kind: Kind;
  /** For people: `azure-openai/ChatCompletions_Create`. */
  readonly id: string;
  /** ARM path below the service; what is in a workspace has the workspace in it. */
  readonly path: string;
  readonly body: ObjectTemplate;
  /** What its body is made for. */
  readonly apiVersion: string;
  /** It is on the service already and only some of its properties are set: a PUT would lose the others. */
  readonly isPartial: boolean;
  /** Every service has it, whoever made the service: it is changed, never made. */
  readonly isAlwaysThere: boolean;
  /** Paths of what is deployed before it, none of them twice; what is not deployed here is not among them. */
  readonly dependsOn: readonly string[];
};

export type Deployment = {
  /** The spec's name. */
  readonly owner: string;
  readonly service: ServiceRef;
  /** What others depend on first. */
  readonly resources: readonly DeployedResource[];
  /** What the service's identity may do on accounts. */
  readonly roles: readonly DeployedRole[];
};

/** A model as something that other tools deploy. The same model gives the same result. Throws Failure `EXPORT.ROLES`. */
export function deploymentOf(exported: Model): Deployment {
  const { model, roles } = deployedRoles(exported);
  const { owner, service, resources } = model;
  const paths = new Set([...resources, ...roles].map(({ path }) => path));
  const above = service.workspace === undefined ? "" : `workspaces/${service.workspace}/`;
  const placed = (path: string): string => (isArmId(path) ? path : `${above}${path}`);
  const deployed = resources.map((resource): DeployedResource => {
    const { kind, id, path, dependsOn, mustExist } = resource;
    return {
      kind,
      id,
      path: placed(path),
      body: bodyOf(withContentDigest(resource), service),
      apiVersion: apiVersionOf(resource),
      isPartial: mustExist === true,
      isAlwaysThere: service.workspace === undefined && path === globalPolicyPath,
      dependsOn: [...new Set(dependsOn)]
        .filter((other) => paths.has(other) && other !== path)
        .sort(compareText)
        .map(placed),
    };
  });
  return { owner, service, resources: inOrder(deployed), roles };
}

/** Every secret that must be given, each once, in the order of the resources. */
export function parametersOf({ resources }: Deployment): SecretParameter[] {
  return resources.flatMap(({ body }) => placesOf(body, "parameter").map(({ parameter }) => parameter));
}

/** ARM path as type and names: `apis/a/operations/b` is `service/apis/operations` with `a`, `b`. */
export function armTypeOf(path: string): { readonly type: string; readonly names: readonly string[] } {
  const segments = path.split("/");
  const kept = (parity: number): string[] => segments.filter((_, index) => index % 2 === parity);
  return { type: ["Microsoft.ApiManagement/service", ...kept(0)].join("/"), names: kept(1) };
}

/** Path of what it stands below; undefined right below the service. */
export function parentPath(path: string): string | undefined {
  const segments = path.split("/");
  return segments.length <= 2 ? undefined : segments.slice(0, -2).join("/");
}

/** The API that a path stands below; undefined for APIs themselves and all else. The service takes one write at a time below it. */
export function apiAbove(path: string): string | undefined {
  return /^((?:workspaces\/[^/]+\/)?apis\/[^/]+)\/./.exec(path)?.[1];
}

/** Words that a resource's name is made of: `named`, `value`, `tenant-id`. */
export function wordsOf({ kind, id }: Pick<DeployedResource, "kind" | "id">): string[] {
  return [...kind.split(/(?=[A-Z])/).map((word) => word.toLowerCase()), id];
}

/** Texts that stand beside the module, each once. */
export function filesOf({ resources }: Deployment): TextFile[] {
  const files = resources.flatMap(({ body }) => placesOf(body, "file").map(({ file }) => file));
  return files.sort((a, b) => compareText(a.path, b.path));
}

/** Stable, where that knows all that the body says. */
function apiVersionOf({ kind, body }: Resource): string {
  const properties = objectMember(body, "properties") ?? {};
  return kind === "diagnostic" && properties.largeLanguageModel !== undefined ? llmApiVersion : apiVersion;
}

function bodyOf(resource: Resource, service: ServiceRef): ObjectTemplate {
  const fill = fillerFor(resource, service);
  if (resource.document === undefined) return objectTemplate(resource.body, fill);
  const file = {
    path: `policies/${resource.path.replace(/(^|\/)policies\/policy$/, "$1policy")}.xml`,
    text: printPolicyDocument(resource.document, { dialect: "rawxml" }),
  };
  const properties = objectTemplate(objectMember(resource.body, "properties") ?? {}, fill);
  const document: [string, Template][] = [
    ["format", { type: "value", value: "rawxml" }],
    ["value", { type: "file", file }],
  ];
  return {
    type: "object",
    members: [["properties", { ...properties, members: [...properties.members, ...document] }]],
  };
}

/** Ids of the service's own resources, secrets, and the imported document are not written as they are. */
function fillerFor(resource: Resource, service: ServiceRef): FillString {
  const masked = maskSecrets(resource);
  const prefix = `${serviceArmId(service)}/`;
  const properties = objectMember(resource.body, "properties") ?? {};
  const references = new Set(kinds[resource.kind].references(properties).map((path) => `/${path}`));
  const isImport = resource.kind === "api" && isImported(resource.body);
  return (text, path) => {
    if (valueAt(masked, path) === secretText) {
      const property = String(path.at(-1) ?? "value");
      const description = `Secret of the ${kinds[resource.kind].title} ${resource.id}: ${property}.`;
      return { type: "parameter", parameter: { words: [...wordsOf(resource), property], description } };
    }
    if (isImport && path.join("/") === "properties/value")
      return { type: "file", file: { path: `openapi/${resource.id}.json`, text } };
    if (text.startsWith(prefix)) return { type: "resourceId", path: text.slice(prefix.length) };
    // The short form that the service takes for an id of its own.
    return references.has(text) ? { type: "resourceId", path: text.slice(1) } : undefined;
  };
}

function isImported(body: JsonObject): boolean {
  return stringMember(objectMember(body, "properties") ?? {}, "format") !== undefined;
}

function valueAt(value: Json, path: readonly (string | number)[]): Json | undefined {
  return path.reduce<Json | undefined>((at, key) => {
    if (isJsonObject(at)) return at[key];
    return isList(at) && typeof key === "number" ? at[key] : undefined;
  }, value);
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** What others depend on first; apart from that by kind, then by path. */
function inOrder(resources: readonly DeployedResource[]): DeployedResource[] {
  const sorted = resources.toSorted((a, b) => rank(a.kind) - rank(b.kind) || compareText(a.path, b.path));
  const byPath = new Map(sorted.map((resource) => [resource.path, resource]));
  const ordered = new Set<DeployedResource>();
  const begun = new Set<DeployedResource>();
  const visit = (resource: DeployedResource): void => {
    if (begun.has(resource)) return;
    begun.add(resource);
    for (const path of resource.dependsOn) {
      const other = byPath.get(path);
      if (other !== undefined) visit(other);
    }
    ordered.add(resource);
  };
  sorted.forEach(visit);
  return [...ordered];
}

/** Policies come right after the APIs: until then an import is open. */
function rank(kind: Kind): number {
  return kind === "policy" ? rank("api") + 0.5 : kindNames.indexOf(kind);
}
