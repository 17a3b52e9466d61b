/** What each element of a document is meant to be: the catalogue laid over the tree. */
import {
  childOf,
  contentOf,
  isResolverRoot,
  policyOf,
  type ChildDefinition,
  type ContentDefinition,
  type PolicyDefinition,
} from "../../../policy/catalogue/catalogue.ts";
import { childElements, type PolicyElement } from "../../../policy/tree.ts";
import type { SectionName } from "../../../spec/schema.ts";
import { isSectionName, type PolicyLintContext } from "../policy-context.ts";

export type Placement = { readonly element: PolicyElement; readonly parent: PolicyElement | undefined } & (
  | { readonly role: "root" }
  | { readonly role: "section"; readonly name: SectionName }
  | { readonly role: "base" }
  | KnownPlacement
  /** Stands where a policy must stand, but no policy has that name. */
  | { readonly role: "unknown-policy" }
  /** The element above does not take it. Nothing in it is placed. */
  | { readonly role: "unknown-child"; readonly owner: KnownPlacement }
  /** Below `policies`, but no section. Nothing in it is placed. */
  | { readonly role: "unknown-section" }
);

/** An element that the catalogue defines: a policy, or a part of one. */
export type KnownPlacement = {
  readonly role: "policy" | "part";
  readonly element: PolicyElement;
  readonly parent: PolicyElement | undefined;
  readonly content: ContentDefinition;
  /** The policy it is or belongs to. */
  readonly policy: PolicyDefinition;
  /** `policy` or `policy/child/child`: names as in the catalogue. */
  readonly path: string;
  /** Section of the document; undefined in fragments and resolvers. */
  readonly section: SectionName | undefined;
  /** How it is defined in the element above; undefined where any policy may stand. */
  readonly asChild: ChildDefinition | undefined;
  /** Whether the facts on it are undocumented, or belong to something that is. */
  readonly isDoubtful: boolean;
};

const cache = new WeakMap<PolicyElement, readonly Placement[]>();

/** All elements that could be placed, each after its parent; computed once per document. */
export function placementsOf(context: PolicyLintContext): readonly Placement[] {
  return placementsIn(context.root);
}

/** The same for the root of any document or fragment. */
export function placementsIn(root: PolicyElement): readonly Placement[] {
  const known = cache.get(root);
  if (known !== undefined) return known;
  const placements = new Placer().place(root);
  cache.set(root, placements);
  return placements;
}

/** The policies and parts of policies. */
export function knownPlacements(context: PolicyLintContext): readonly KnownPlacement[] {
  return placementsOf(context).filter((placement) => isKnown(placement));
}

/** Policies and parts at one path of the catalogue. */
export function placementsAt(context: PolicyLintContext, path: string): readonly KnownPlacement[] {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (context.named(name).length === 0) return [];
  return knownPlacements(context).filter((placement) => placement.path === path);
}

export function isKnown(placement: Placement): placement is KnownPlacement {
  return placement.role === "policy" || placement.role === "part";
}

class Placer {
  readonly #found: Placement[] = [];
  /** Known elements whose children are yet to be placed: a list and no recursion, as documents may nest deeply. */
  readonly #open: KnownPlacement[] = [];

  place(root: PolicyElement): readonly Placement[] {
    this.#placeRoot(root);
    for (const known of this.#open) this.#placeChildren(known);
    return this.#found;
  }

  #placeRoot(root: PolicyElement): void {
    const resolver = isResolverRoot(root.name) ? policyOf(root.name) : undefined;
    if (resolver !== undefined) {
      this.#addPolicy(root, undefined, resolver, undefined, undefined, false);
      return;
    }
    this.#found.push({ role: "root", element: root, parent: undefined });
    if (root.name === "policies") this.#placeSections(root);
    else if (root.name === "fragment") this.#placePolicies(root, undefined, false);
    else if (isSectionName(root.name)) this.#placePolicies(root, root.name, false);
  }

  #placeSections(root: PolicyElement): void {
    for (const element of childElements(root)) {
      const { name } = element;
      if (!isSectionName(name)) {
        this.#found.push({ role: "unknown-section", element, parent: root });
        continue;
      }
      this.#found.push({ role: "section", element, parent: root, name });
      this.#placePolicies(element, name, false);
    }
  }

  #placePolicies(parent: PolicyElement, section: SectionName | undefined, isDoubtful: boolean): void {
    for (const element of childElements(parent)) this.#placePolicy(element, parent, section, isDoubtful);
  }

  #placePolicy(
    element: PolicyElement,
    parent: PolicyElement,
    section: SectionName | undefined,
    isDoubtful: boolean,
  ): void {
    const policy = policyOf(element.name);
    if (element.name === "base") this.#found.push({ role: "base", element, parent });
    else if (policy === undefined) this.#found.push({ role: "unknown-policy", element, parent });
    else this.#addPolicy(element, parent, policy, section, undefined, isDoubtful);
  }

  #addPolicy(
    element: PolicyElement,
    parent: PolicyElement | undefined,
    policy: PolicyDefinition,
    section: SectionName | undefined,
    asChild: ChildDefinition | undefined,
    isDoubtful: boolean,
  ): void {
    this.#addKnown({
      role: "policy",
      element,
      parent,
      content: policy,
      policy,
      path: policy.name,
      section,
      asChild,
      isDoubtful: isDoubtful || policy.undocumented === true,
    });
  }

  #addKnown(known: KnownPlacement): void {
    this.#found.push(known);
    this.#open.push(known);
  }

  #placeChildren(known: KnownPlacement): void {
    const { element, content, section, isDoubtful } = known;
    for (const child of childElements(element)) {
      const defined = childOf(content, child.name);
      if (defined !== undefined) this.#addChild(child, defined, known);
      else if (content.anyXml === true) continue;
      else if (content.anyPolicy !== undefined) this.#placePolicy(child, element, section, isDoubtful);
      else this.#found.push({ role: "unknown-child", element: child, parent: element, owner: known });
    }
  }

  #addChild(element: PolicyElement, defined: ChildDefinition, owner: KnownPlacement): void {
    const isDoubtful =
      owner.isDoubtful || defined.undocumented === true || defined.doubts?.includes("content") === true;
    const policy = defined.policy === undefined ? undefined : policyOf(defined.policy);
    if (policy !== undefined) {
      this.#addPolicy(element, owner.element, policy, owner.section, defined, isDoubtful);
      return;
    }
    this.#addKnown({
      role: "part",
      element,
      parent: owner.element,
      content: contentOf(defined),
      policy: owner.policy,
      path: `${owner.path}/${defined.name}`,
      section: owner.section,
      asChild: defined,
      isDoubtful,
    });
  }
}
