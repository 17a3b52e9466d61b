/** Carries out what an exported module says, as its tool would: against the local APIM, over the same requests as apply. */
import { v5 as uuid } from "uuid";
import type { Json, JsonObject } from "../../../src/core/json.ts";
import { objectMember, without, withoutEmpty } from "../../../src/core/model/kind-definition.ts";
import type { LiveService } from "../../../src/core/ports.ts";

/** One resource of a module, evaluated. */
export type ModuleResource = {
  /** Unique within the module. */
  readonly name: string;
  /** ARM path below the service; of a role assignment its whole ARM id. */
  readonly path: string;
  readonly body: JsonObject;
  readonly apiVersion: string;
  /** Its tool refuses to make it when it is there and was not made by the module. */
  readonly isNew?: true;
  /** It changes what is there instead of replacing it. */
  readonly isUpdate?: true;
  /** Names that the module itself says must be done before; nothing that one would have to guess. */
  readonly waitsFor: readonly string[];
};

/**
 * Puts all resources. Of those that wait for nothing any more the last one goes first, against the order of the file: what the
 * module does not say about the order shows as a refusal. Returns the paths in the order in which they were put. `state` is what
 * an earlier version of the module has made.
 */
export async function deployModule(
  service: LiveService,
  resources: readonly ModuleResource[],
  state: readonly string[] = [],
): Promise<string[]> {
  const done = new Set<string>();
  const paths: string[] = [];
  const left = [...resources];
  while (left.length > 0) {
    const index = left.findLastIndex(({ waitsFor }) => waitsFor.every((name) => done.has(name)));
    const [next] = index === -1 ? [] : left.splice(index, 1);
    if (next === undefined) throw new Error(`nothing can go on: ${left.map(({ name }) => name).join(", ")}`);
    if (next.isNew === true && !state.includes(next.path) && (await isThere(service, next.path)))
      throw new Error(`${next.path} already exists: to be managed it needs to be imported`);
    const body = next.isUpdate === true ? await merged(service, next) : next.body;
    const query = next.apiVersion.endsWith("-preview") ? { "api-version": next.apiVersion } : undefined;
    await service.put(next.path, body, undefined, query);
    done.add(next.name);
    paths.push(next.path);
  }
  return paths;
}

/** Links between products and APIs have no GET. */
async function isThere(service: LiveService, path: string): Promise<boolean> {
  if (/^products\/[^/]+\/apis\//.test(path)) return false;
  return (await service.get(path)) !== undefined;
}

/** Whether a version is the one that such a body must be sent with: what is stable does not know this property. */
export function isRightVersion(version: string, body: JsonObject): boolean {
  const isNewer = propertiesOf(body)["largeLanguageModel"] !== undefined;
  return version === (isNewer ? "2024-06-01-preview" : "2024-05-01");
}

/** `guid()` of ARM templates and Bicep, `uuidv5` of Terraform in its namespace. */
export function armGuid(...texts: readonly string[]): string {
  return uuid(texts.join("-"), "11fb06fb-712d-4ddd-98c7-e71bbd588830");
}

/** What is there with the members of the body over it. */
async function merged(service: LiveService, { path, body }: ModuleResource): Promise<JsonObject> {
  const live = await service.get(path);
  if (live === undefined) throw new Error(`${path} is not there`);
  const kept = withoutEmpty(without(propertiesOf(live.body), ["provisioningState", "isOnline", "isCurrent"]));
  return { properties: { ...kept, ...propertiesOf(body) } };
}

function propertiesOf(body: JsonObject): JsonObject {
  return objectMember(body, "properties") ?? {};
}

/** Files of a module by path. */
export type ModuleFiles = ReadonlyMap<string, string>;

export function fileIn(files: ModuleFiles, path: string): string {
  const text = files.get(path);
  if (text === undefined) throw new Error(`the module has no file ${path}`);
  return text;
}

/** A value as it stands in a text. */
export function textOf(value: Json | undefined): string {
  if (value === undefined || typeof value === "object") throw new Error(`no text: ${JSON.stringify(value)}`);
  return String(value);
}

/** The text of a template's parts when there is no expression among them. */
export function plainText(parts: readonly (string | object)[]): string {
  return parts
    .map((part) => {
      if (typeof part !== "string") throw new Error("an expression in a text that takes none");
      return part;
    })
    .join("");
}

/** The path below the service of an ARM id. */
export function pathBelow(serviceId: string, id: string): string {
  if (!id.startsWith(`${serviceId}/`)) throw new Error(`${id} is not below ${serviceId}`);
  return id.slice(serviceId.length + 1);
}
