import type { PolicyAttribute, PolicyElement, PolicyText, Range } from "../../../policy/tree.ts";
import { attributeValue } from "../../../policy/tree.ts";
import type { PlacedElement } from "../policy-context.ts";
import type { PolicyFinding, PolicyRule } from "../policy-rule.ts";
import { literalText } from "./policy-places.ts";
import { holdsHexKey, looksLikeKey, looksLikePassword, secretsIn } from "./secret-text.ts";

const secretName =
  /^(?:authorization|proxy-authorization|.*api-?key|.*subscription-key|x-functions-key|code|sig|client[-_]?secret|.*access-?key|.*-token)$/i;
const passwordHolders: ReadonlySet<string> = new Set([
  "authentication-basic",
  "proxy",
  "authentication-certificate",
]);

export const literalSecret: PolicyRule = {
  id: "literal-secret",
  severity: "warning",
  summary: "A key, token or password stands in the document.",
  why: "Whoever may read the policy, its revisions or the repository has the secret, and changing it means deploying again; named values, best from Key Vault, keep it out (learn.microsoft.com/azure/api-management/api-management-howto-properties; rule Azure.APIM.EncryptValues of Azure/PSRule.Rules.Azure).",
  examples: {
    bad: `<policies><inbound><base /><set-header name="x-functions-key" exists-action="override"><value>p8Zq2vLr7TnYw4KdXc1Hs9</value></set-header></inbound></policies>`,
    good: `<policies><inbound><base /><set-header name="x-functions-key" exists-action="override"><value>{{functions-key}}</value></set-header></inbound></policies>`,
  },
  check: (context) =>
    context.elements.flatMap((place) => [
      ...place.element.attributes.flatMap((attribute) => inAttribute(place.element, attribute)),
      ...place.element.children.flatMap((node) => (node.type === "text" ? inText(place, node) : [])),
    ]),
};

function inAttribute(element: PolicyElement, { name, value, valueRange }: PolicyAttribute): PolicyFinding[] {
  const literal = literalText(value);
  const isPassword = name === "password" && passwordHolders.has(element.name);
  if (literal !== undefined && isPassword && looksLikePassword(literal))
    return [finding(element, "password", valueRange)];
  return secretsIn(value).map(({ kind }) => finding(element, kind, valueRange));
}

function inText({ element, ancestors }: PlacedElement, { value, range }: PolicyText): PolicyFinding[] {
  const literal = literalText(value);
  const kind = kindOfText(element, ancestors.at(-1));
  if (kind !== undefined && (literal === undefined ? holdsHexKey(value) : looksLikeKey(literal)))
    return [finding(element, kind, range)];
  return secretsIn(value).map((secret) => finding(element, secret.kind, range));
}

/** What secret the text of an element is, if it is one by its place. */
function kindOfText(
  { name, attributes }: PolicyElement,
  parent: PolicyElement | undefined,
): string | undefined {
  if (
    name === "key" &&
    parent?.name === "issuer-signing-keys" &&
    attributes.every((one) => one.name === "id")
  )
    return "signing key";
  if (name !== "value" || parent === undefined) return undefined;
  if (!["set-header", "set-query-parameter", "check-header"].includes(parent.name)) return undefined;
  return secretName.test(attributeValue(parent, "name") ?? "") ? "key" : undefined;
}

function finding(element: PolicyElement, kind: string, range: Range | undefined): PolicyFinding {
  return {
    message: `a ${kind} stands here in plain text`,
    element,
    ...(range && { range }),
    help: "put it in a secret named value, best one from Key Vault, and write `{{name}}`; then change the secret, for it is in the history",
  };
}
