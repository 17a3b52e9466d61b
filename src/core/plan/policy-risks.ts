/** What a policy document or fragment no longer does. Both sides are read from the texts that the plan shows. */
import { isJsonObject } from "../json.ts";
import type { JsonObject } from "../json.ts";
import { parsePolicyDocument } from "../policy/parse.ts";
import { attributeValue, childElement, childElements } from "../policy/tree.ts";
import type { PolicyElement } from "../policy/tree.ts";
import { walkElements } from "../policy/walk.ts";
import type { Change } from "./plan.ts";
import { limitFamilies, raisedLimits } from "./limit-risks.ts";
import type { Risk } from "./risks.ts";

/** Policies that do the same job count as one: taking `llm-token-limit` for `azure-openai-token-limit` loses nothing. */
const protections: readonly (readonly [title: string, names: RegExp])[] = [
  [
    "a check of the caller's token (`validate-jwt`, `validate-azure-ad-token`)",
    /^validate-(jwt|azure-ad-token)$/,
  ],
  ["`validate-client-certificate`", /^validate-client-certificate$/],
  ["a check of the content (`validate-…`)", /^validate-(?!jwt$|azure-ad-token$|client-certificate$)/],
  ["`ip-filter`", /^ip-filter$/],
  ["`check-header`", /^check-header$/],
  ["the sign-in at the backend (`authentication-…`)", /^authentication-(basic|certificate)$/],
  ["`llm-content-safety`", /^llm-content-safety$/],
  ...limitFamilies,
];

type Sides = { readonly before: PolicyElement | undefined; readonly after: PolicyElement | undefined };

/** The risks of a document that is on the service already. Texts that cannot be read have none. */
export function policyRisks(change: Change): Risk[] {
  const sides = sidesOf(change);
  const { before, after } = sides;
  if (before === undefined || after === undefined) return [];
  return [
    ...denialRisk(change, sides),
    ...newlyListed(sides).map((operation): Risk => ({
      kind: "operation-opened",
      message: `\`${operation}\` is no longer denied`,
    })),
    ...lostProtections(before, after),
    ...raisedLimits(before, after),
    ...lostFragments(before, after),
    ...lostInheritance(before, after),
    ...changedIdentity(before, after),
  ];
}

/** Whether the inbound section answered by itself and no longer does; nothing is left of a document that is deleted. */
export function removesDenial(change: Change): Risk[] {
  return denialRisk(change, sidesOf(change));
}

/** Operations that the list of an API's document lets through now, and did not before. */
export function openedOperations(change: Change): string[] {
  return newlyListed(sidesOf(change));
}

function sidesOf({ before, after }: Change): Sides {
  return { before: rootOf(before), after: rootOf(after) };
}

function denialRisk({ kind, path }: Change, { before, after }: Sides): Risk[] {
  const scope = /^apis\/[^/]+\/operations\//.test(path) ? "this operation" : "operations";
  if (kind !== "policy" || !denies(before) || denies(after)) return [];
  return [{ kind: "denial-removed", message: `calls to ${scope} that were denied are let through` }];
}

function newlyListed(sides: Sides): string[] {
  const before = openList(sides.before);
  const after = openList(sides.after);
  if (before === undefined || after === undefined) return [];
  return after.filter((operation) => !before.includes(operation));
}

function rootOf(body: JsonObject | null): PolicyElement | undefined {
  const properties = body?.["properties"];
  const text = isJsonObject(properties) ? properties["value"] : undefined;
  if (typeof text !== "string") return undefined;
  const parsed = parsePolicyDocument(text, { dialect: "rawxml" });
  return parsed.ok ? parsed.document.root : undefined;
}

function inboundOf(root: PolicyElement | undefined): PolicyElement | undefined {
  return root === undefined ? undefined : childElement(root, "inbound");
}

/** An answer that every call meets, or every call but those to the operations in a list. */
function denies(root: PolicyElement | undefined): boolean {
  const inbound = inboundOf(root);
  if (inbound === undefined) return false;
  return childElement(inbound, "return-response") !== undefined || openList(root) !== undefined;
}

const listed = /^@\(\s*!\s*new\s*\[\s*\]\s*\{([^}]*)\}\s*\.Contains\(\s*context\.Operation\.Id\s*\)\s*\)$/;

function openList(root: PolicyElement | undefined): string[] | undefined {
  const inbound = inboundOf(root);
  const chooses = inbound === undefined ? [] : childElements(inbound).filter(({ name }) => name === "choose");
  for (const when of chooses.flatMap(childElements)) {
    const list = listed.exec(attributeValue(when, "condition") ?? "")?.[1];
    if (list !== undefined && childElement(when, "return-response") !== undefined) {
      return [...list.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, id = ""]) => id);
    }
  }
  return undefined;
}

/** What a document that is deleted checked and limited. */
export function goneProtections(change: Change): Risk[] {
  const { before } = sidesOf(change);
  return before === undefined ? [] : lostProtections(before, undefined);
}

function lostProtections(before: PolicyElement, after: PolicyElement | undefined): Risk[] {
  return protections.flatMap(([title, names]): Risk[] => {
    const [had, has] = [before, after].map((root) => elementsNamed(root, names).length);
    return (had ?? 0) > (has ?? 0) ? [{ kind: "protection-lost", message: `loses ${title}` }] : [];
  });
}

/** What a fragment checked is no longer checked here; what it was cannot be seen from here. */
function lostFragments(before: PolicyElement, after: PolicyElement): Risk[] {
  const [had, has] = [before, after].map((root) =>
    elementsNamed(root, /^include-fragment$/).map((element) => attributeValue(element, "fragment-id") ?? ""),
  );
  const lost = new Set(had?.filter((id) => has?.includes(id) !== true));
  return [...lost].map((id) => ({
    kind: "protection-lost",
    message: `no longer includes the fragment \`${id}\``,
  }));
}

function lostInheritance(before: PolicyElement, after: PolicyElement): Risk[] {
  const [had, has] = [before, after].map((root) => elementsNamed(inboundOf(root), /^base$/).length > 0);
  if (had !== true || has === true) return [];
  const message =
    "inbound has no <base /> any more: what the API, its products and the service check is skipped";
  return [{ kind: "inheritance-cut", message }];
}

function changedIdentity(before: PolicyElement, after: PolicyElement): Risk[] {
  const [had, has] = [before, after].map((root) => elementsNamed(root, /^authentication-managed-identity$/));
  const [from, to] = [describe(had ?? []), describe(has ?? [])];
  if (from === "" || from === to) return [];
  const message =
    to === ""
      ? `no longer gets a token of the managed identity (${from})`
      : `gets its token for ${to} instead of ${from}`;
  return [{ kind: "identity-changed", message }];
}

function describe(identities: readonly PolicyElement[]): string {
  const all = identities.map((element) => {
    const client = attributeValue(element, "client-id");
    return `${attributeValue(element, "resource") ?? ""}${client === undefined ? "" : ` as ${client}`}`;
  });
  return [...new Set(all)].join(", ");
}

function elementsNamed(root: PolicyElement | undefined, names: RegExp): PolicyElement[] {
  const found: PolicyElement[] = [];
  walkElements(root === undefined ? [] : [root], (element) => {
    if (names.test(element.name)) found.push(element);
  });
  return found;
}
