/** A live document of an operation → what the spec says of the operation. */
import { versionParameter } from "../compile/api-version.ts";
import { operationDocument } from "../compile/policies.ts";
import type { Inheritance, SectionNodes } from "../compile/policies.ts";
import { policyDocument } from "../policy/build.ts";
import { armsOf } from "../compile/arms.ts";
import type { ModelPlace } from "../compile/model-place.ts";
import { samePolicy } from "../policy/canonical.ts";
import { attributeValue, childElement } from "../policy/tree.ts";
import type { PolicyDocument, PolicyElement, PolicyNode } from "../policy/tree.ts";
import { walkElements } from "../policy/walk.ts";
import type { ApiSpec, OperationSpec } from "../spec/schema.ts";
import { isTokenFor } from "./recognize-identity.ts";
import { recognizeRouting } from "./recognize-routing.ts";

/** What is left for policy files: nodes by section, or the whole document. */
export type PolicyParts = { readonly sections: SectionNodes; readonly document?: PolicyDocument };

export type RecognizedOperation = {
  readonly id: string;
  /** Without `policies`: those are the parts. */
  readonly spec: OperationSpec;
  readonly parts: PolicyParts;
};

export type OperationContext = {
  readonly api: ApiSpec;
  readonly inheritance: Inheritance;
  /** As for the API. */
  readonly clientId?: string | undefined;
};

/**
 * The operation with as much as possible in the spec's own words. Exact: what is recognised compiles to a document that means
 * the same, else the document is taken whole.
 */
export function recognizeOperation(
  id: string,
  document: PolicyDocument,
  context: OperationContext,
): RecognizedOperation {
  const { root } = document;
  const inbound = recognizeInbound(childElement(root, "inbound")?.children ?? [], context);
  const backend = childElement(root, "backend")?.children ?? [];
  const rest = {
    ...section("inbound", inbound.own),
    ...section("outbound", afterBase(childElement(root, "outbound")?.children ?? [])),
    ...section("on-error", afterBase(childElement(root, "on-error")?.children ?? [])),
  };
  const routing = recognizeRouting(backend.filter((node) => node.type === "element"));
  const guesses: readonly { spec: OperationSpec; sections: SectionNodes }[] = [
    ...(routing === undefined ? [] : [{ spec: { ...inbound.spec, ...routing }, sections: rest }]),
    { spec: inbound.spec, sections: { ...rest, ...section("backend", backend) } },
  ];
  const right = guesses.find(({ spec, sections }) => samePolicy(compiled(spec, sections, context), document));
  return right === undefined
    ? { id, spec: {}, parts: { sections: {}, document } }
    : { id, spec: right.spec, parts: { sections: right.sections } };
}

/** How much of it is left to policy files: the fewer elements, the better a reading of the document it is. */
export function handWrittenSize({ sections, document }: PolicyParts): number {
  let size = document === undefined ? 0 : 1000;
  const count = (): void => {
    size++;
  };
  for (const nodes of Object.values(sections)) walkElements(nodes, count);
  if (document !== undefined) walkElements(document.root, count);
  return size;
}

/** One entry, or none for a section that is as it would be anyway. */
export function section(name: keyof SectionNodes, nodes: readonly PolicyNode[]): SectionNodes {
  return nodes.some((node) => node.type === "element") ? { [name]: nodes } : {};
}

/** What stands behind a `<base />` that comes first, which the compiler writes; else all of it. */
export function afterBase(nodes: readonly PolicyNode[]): readonly PolicyNode[] {
  const at = nodes.findIndex((node) => node.type === "element");
  const first = nodes[at];
  return first?.type === "element" && first.name === "base" ? nodes.toSpliced(at, 1) : nodes;
}

function recognizeInbound(
  nodes: readonly PolicyNode[],
  { api, inheritance, clientId }: OperationContext,
): { readonly spec: Pick<OperationSpec, "backend">; readonly own: readonly PolicyNode[] } {
  const inherited = inheritance === "keep" ? afterBase(nodes) : nodes;
  const target = firstElement(inherited);
  const backend = target === undefined ? undefined : staticBackend(target);
  const routed = backend === undefined ? inherited : inherited.filter((node) => node !== target);
  const own = withoutCallSettings(routed, api, clientId);
  return { spec: backend === undefined ? {} : { backend }, own };
}

/** What is left behind the elements that the API's `managedIdentity` and `apiVersion` write, where those come first. */
export function withoutCallSettings(
  nodes: readonly PolicyNode[],
  { managedIdentity, apiVersion }: Pick<ApiSpec, "managedIdentity" | "apiVersion">,
  clientId: string | undefined,
): readonly PolicyNode[] {
  const identity = firstElement(nodes);
  const isIdentity = identity !== undefined && isTokenFor(identity, managedIdentity, clientId);
  const rest = isIdentity ? nodes.filter((node) => node !== identity) : nodes;
  const version = firstElement(rest);
  const wanted = versionParameter(apiVersion);
  const isVersion =
    version !== undefined &&
    wanted !== undefined &&
    samePolicy(policyDocument(version), policyDocument(wanted));
  return isVersion ? rest.filter((node) => node !== version) : rest;
}

function firstElement(nodes: readonly PolicyNode[]): PolicyElement | undefined {
  return nodes.find((node) => node.type === "element");
}

function staticBackend(element: PolicyElement): string | undefined {
  if (element.name !== "set-backend-service" || element.attributes.length !== 1) return undefined;
  const id = attributeValue(element, "backend-id");
  return id !== undefined && /^[A-Za-z0-9_.-]+$/.test(id) && id !== "dapr" ? id : undefined;
}

/** What is pulled names its backends as they are: nothing goes by model. */
const unknownPlace: ModelPlace = { kind: "unknown", why: "nothing asks" };

function compiled(
  spec: OperationSpec,
  handWritten: SectionNodes,
  { api, inheritance, clientId }: OperationContext,
): PolicyDocument {
  return operationDocument({
    api,
    operation: spec,
    arms: armsOf({}, spec, unknownPlace),
    place: unknownPlace,
    inheritance,
    handWritten,
    owner: "x",
    clientId,
  });
}
