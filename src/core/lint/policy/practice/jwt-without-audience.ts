import { attributeValue, childElement, childElements } from "../../../policy/tree.ts";
import type { PolicyElement } from "../../../policy/tree.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { policiesNamed } from "./policy-places.ts";

/** Any of these narrows down for whom, or to whom, the token was issued. */
const narrowing = ["audiences", "client-application-ids", "backend-application-ids"];
/** Claims that every token of an issuer has: requiring them narrows nothing down. */
const commonClaims: ReadonlySet<string> = new Set(["iss", "tid", "exp", "iat", "nbf", "ver", "sub"]);

export const jwtWithoutAudience: PolicyRule = {
  id: "jwt-without-audience",
  severity: "warning",
  summary: "A token is accepted whoever it was issued for.",
  why: "An issuer signs tokens for many applications; without a check of the audience, the client or the roles, each of them opens this API (RFC 8725, section 3.9; learn.microsoft.com/azure/api-management/validate-jwt-policy).",
  examples: {
    bad: `<policies><inbound><base /><validate-azure-ad-token tenant-id="contoso.example" /></inbound></policies>`,
    good: `<policies><inbound><base /><validate-azure-ad-token tenant-id="contoso.example"><audiences><audience>api://a</audience></audiences></validate-azure-ad-token></inbound></policies>`,
  },
  check: (context) =>
    policiesNamed(context, "validate-azure-ad-token", "validate-jwt").flatMap(({ element }) => {
      // A key of one's own signs tokens for one's own use.
      const isOwnKey =
        childElement(element, "openid-config") === undefined && element.name === "validate-jwt";
      if (isOwnKey || narrowing.some((name) => childElement(element, name)) || checksClaim(element))
        return [];
      return [
        {
          message: `\`${element.name}\` accepts tokens that were issued for other applications`,
          element,
          help: "add `<audiences>` with the application id URI of this API, or require the claim that tells its callers",
        },
      ];
    }),
};

function checksClaim(element: PolicyElement): boolean {
  const claims = childElement(element, "required-claims");
  return (
    claims !== undefined &&
    childElements(claims).some((claim) => !commonClaims.has(attributeValue(claim, "name") ?? ""))
  );
}
