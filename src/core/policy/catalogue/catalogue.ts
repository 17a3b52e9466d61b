/** What is known about policies, by name. */
import type { SectionName } from "../../spec/schema.ts";
import { policyData } from "./data.ts";
import type {
  AttributeDefinition,
  ChildDefinition,
  ContentDefinition,
  GatewayKind,
  PolicyDefinition,
} from "./definitions.ts";

export type * from "./definitions.ts";

const byName = new Map(policyData.map((policy) => [policy.name, policy]));

/** Allowed on the element of every policy; `context.LastError.PolicyId` tells it. */
const idAttribute: AttributeDefinition = { name: "id", type: "string" };

/** The policy of that name, if there is one. Names are compared as XML does: by case. */
export function policyOf(name: string): PolicyDefinition | undefined {
  return byName.get(name);
}

/** All policies, in the order of the data. */
export function allPolicies(): readonly PolicyDefinition[] {
  return policyData;
}

/** Policies that may stand in a section, documented ones only: what a misspelt name may have meant. */
export function policyNames(): string[] {
  return policyData.flatMap(({ name, undocumented, sections }) =>
    undocumented === true || sections.length === 0 ? [] : [name],
  );
}

/** What may stand in a child: for a child that is a policy, what may stand in that policy. */
export function contentOf(child: ChildDefinition): ContentDefinition {
  return (child.policy === undefined ? undefined : policyOf(child.policy)) ?? child;
}

/** The definition of an attribute; on most policies, `id` is one. */
export function attributeOf(
  content: ContentDefinition,
  name: string,
  takesId: boolean,
): AttributeDefinition | undefined {
  const defined = content.attributes.find((attribute) => attribute.name === name);
  return defined ?? (takesId && name === "id" ? idAttribute : undefined);
}

/** The definition of a child element by its name in the document; XSLT has two names for its root. */
export function childOf(content: ContentDefinition, name: string): ChildDefinition | undefined {
  const wanted = name === "xsl:transform" ? "xsl:stylesheet" : name;
  return content.children.find((child) => child.name === wanted);
}

/** Whether a policy may stand in a section: by its page, only by other sources, or not at all. */
export function sectionStanding(
  { sections, otherSections = [] }: PolicyDefinition,
  section: SectionName,
): "listed" | "elsewhere" | "not" {
  if (sections.includes(section)) return "listed";
  return otherSections.includes(section) ? "elsewhere" : "not";
}

/** Root elements of GraphQL resolver documents. */
export function isResolverRoot(name: string): boolean {
  return name.endsWith("-data-source") && policyOf(name)?.scopes.includes("graphql-resolver") === true;
}

/** The gateway that runs on a tier; undefined for tiers not known. */
export function gatewayOfTier(sku: string): Exclude<GatewayKind, "self-hosted" | "workspace"> | undefined {
  const tier = sku.toLowerCase();
  if (tier === "consumption") return "consumption";
  if (/^(basic|standard|premium)v2$/.test(tier)) return "v2";
  return /^(developer|basic|standard|premium|isolated)$/.test(tier) ? "classic" : undefined;
}
