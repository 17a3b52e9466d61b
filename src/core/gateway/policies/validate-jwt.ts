import { attributeValue, childElement, childElements } from "../../policy/tree.ts";
import type { PolicyElement } from "../../policy/tree.ts";
import {
  contentReader,
  flagReader,
  numberReader,
  optionalText,
  requiredAttribute,
  requiredText,
} from "../attributes.ts";
import type { Reader } from "../attributes.ts";
import type { Exchange, Policy } from "../exchange.ts";
import { note } from "../exchange.ts";
import { claimValues, isSignedBy, readJwt } from "../jwt.ts";
import type { Jwt, JwtKey } from "../jwt.ts";
import type { PolicyRunner } from "../policy-definition.ts";
import { NotSupported, PolicyError } from "../policy-error.ts";
import { queryValue } from "../query.ts";

export const validateJwt: PolicyRunner = {
  name: "validate-jwt",
  fidelity: {
    level: "partial",
    notes: [
      [
        "Header, query parameter or value; scheme; expiry with clock skew; audiences, issuers, claims.",
        "documented",
      ],
      ["Signatures HS and RS with keys that stand in the policy.", "documented"],
      ["Keys of an `openid-config` are not fetched: then the signature is not checked.", "documented"],
      ["Certificates, decryption keys and output variables are refused.", "documented"],
    ],
  },
  prepare: (element) => {
    refuse(element, ["output-token-variable-name"], ["decryption-keys"]);
    const header = optionalText(element, "header-name");
    const query = optionalText(element, "query-parameter-name");
    const value = optionalText(element, "token-value");
    const scheme = optionalText(element, "require-scheme");
    const token: Reader<string | undefined> = (exchange) => {
      if (value !== undefined) return value(exchange);
      const { headers, originalUrl } = exchange.context.request;
      if (query !== undefined) return queryValue(originalUrl.queryString, query(exchange));
      return withoutScheme(headers.get(header?.(exchange) ?? "Authorization")?.[0], scheme?.(exchange));
    };
    return validation(element, token, [
      ...listed(element, "audiences", "audience", "aud", "TokenAudienceNotAllowed"),
      ...listed(element, "issuers", "issuer", "iss", "TokenIssuerNotAllowed"),
      ...requiredClaims(element),
    ]);
  },
};

export const validateAzureAdToken: PolicyRunner = {
  name: "validate-azure-ad-token",
  fidelity: {
    level: "partial",
    notes: [
      ["Tenant, audiences, client and backend applications, claims and expiry.", "documented"],
      ["Microsoft's keys are not fetched: the signature is not checked.", "documented"],
      ["Decryption keys and output variables are refused.", "documented"],
    ],
  },
  prepare: (element) => {
    refuse(element, ["output-token-variable-name"], ["decryption-keys"]);
    const tenant = requiredText(element, "tenant-id");
    const header = optionalText(element, "header-name");
    const query = optionalText(element, "query-parameter-name");
    const value = optionalText(element, "token-value");
    const token: Reader<string | undefined> = (exchange) => {
      if (value !== undefined) return value(exchange);
      const { headers, originalUrl } = exchange.context.request;
      if (query !== undefined) return queryValue(originalUrl.queryString, query(exchange));
      return withoutScheme(headers.get(header?.(exchange) ?? "Authorization")?.[0], undefined);
    };
    const ofTenant: Check = (jwt, exchange) => {
      const wanted = tenant(exchange);
      const isAny = ["common", "organizations"].includes(wanted);
      if (isAny || claimValues(jwt.claims["tid"], undefined).includes(wanted)) return undefined;
      return { reason: "TokenIssuerNotAllowed", message: "The token is of another tenant. Access denied." };
    };
    return validation(element, token, [
      ofTenant,
      ...listed(element, "audiences", "audience", "aud", "TokenAudienceNotAllowed"),
      ...applications(element, "client-application-ids"),
      ...applications(element, "backend-application-ids"),
      ...requiredClaims(element),
    ]);
  },
};

type Refusal = { readonly reason: string; readonly message: string };
type Check = (jwt: Jwt, exchange: Exchange) => Refusal | undefined;

function refuse(element: PolicyElement, attributes: readonly string[], children: readonly string[]): void {
  const attribute = attributes.find((name) => attributeValue(element, name) !== undefined);
  if (attribute !== undefined)
    throw new NotSupported(`\`${attribute}\` of <${element.name}> is not simulated`);
  const child = children.find((name) => childElement(element, name) !== undefined);
  if (child !== undefined) throw new NotSupported(`<${child}> of <${element.name}> is not simulated`);
}

function withoutScheme(header: string | undefined, required: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const [, scheme, token] = /^\s*(\S+)\s+(\S+)\s*$/.exec(header) ?? [];
  if (required !== undefined && scheme?.toLowerCase() !== required.toLowerCase()) return undefined;
  return token ?? header;
}

function validation(
  element: PolicyElement,
  token: Reader<string | undefined>,
  checks: readonly Check[],
): Policy {
  const status = numberReader(element, "failed-validation-httpcode") ?? (() => 401);
  const text = optionalText(element, "failed-validation-error-message");
  const needsExpiry = flagReader(element, "require-expiration-time", true);
  const needsSignature = flagReader(element, "require-signed-tokens", true);
  const skew = numberReader(element, "clock-skew") ?? (() => 0);
  const keys = signingKeys(element);
  return (exchange) => {
    const given = token(exchange);
    const jwt = given === undefined ? undefined : readJwt(given);
    const refusal =
      jwt === undefined
        ? missing(given)
        : (badSignature(jwt, keys, needsSignature(exchange)) ??
          badTime(jwt, exchange.now() / 1000, skew(exchange), needsExpiry(exchange)) ??
          firstRefusal(checks, jwt, exchange));
    if (refusal === undefined) {
      note(exchange, () => (keys.length === 0 ? "valid; the signature was not checked" : "valid"));
      return undefined;
    }
    const answer = text?.(exchange);
    throw new PolicyError(status(exchange), refusal.message, {
      reason: refusal.reason,
      ...(answer === undefined ? {} : { answer }),
    });
  };
}

function firstRefusal(checks: readonly Check[], jwt: Jwt, exchange: Exchange): Refusal | undefined {
  for (const check of checks) {
    const refusal = check(jwt, exchange);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function missing(given: string | undefined): Refusal {
  return given === undefined
    ? { reason: "TokenNotPresent", message: "JWT not present." }
    : { reason: "JwtInvalid", message: "JWT is invalid. Access denied." };
}

function badSignature(jwt: Jwt, keys: readonly JwtKey[], isNeeded: boolean): Refusal | undefined {
  const isUnsigned = jwt.signature.length === 0;
  if (isUnsigned && !isNeeded) return undefined;
  if (!isUnsigned && (keys.length === 0 || isSignedBy(jwt, keys))) return undefined;
  return { reason: "TokenSignatureInvalid", message: "JWT signature is invalid. Access denied." };
}

function badTime({ claims }: Jwt, now: number, skew: number, isNeeded: boolean): Refusal | undefined {
  const { exp, nbf } = claims;
  if (typeof exp !== "number" && isNeeded) {
    return {
      reason: "TokenClaimNotFound",
      message: "JWT token is missing the following claims: exp. Access denied.",
    };
  }
  const isExpired = typeof exp === "number" && now >= exp + skew;
  const isEarly = typeof nbf === "number" && now < nbf - skew;
  return isExpired || isEarly
    ? { reason: "TokenExpired", message: "JWT is not valid at this time. Access denied." }
    : undefined;
}

/** A claim that must have one of the values listed; no list, no check. */
function listed(element: PolicyElement, list: string, item: string, claim: string, reason: string): Check[] {
  const parent = childElement(element, list);
  if (parent === undefined) return [];
  const allowed = childElements(parent)
    .filter(({ name }) => name === item)
    .map(contentReader);
  return [
    (jwt, exchange) => {
      const values = claimValues(jwt.claims[claim], undefined);
      if (allowed.some((read) => values.includes(read(exchange).trim()))) return undefined;
      return {
        reason,
        message: `Claim ${claim} value of ${values.join(",")} is not allowed. Access denied.`,
      };
    },
  ];
}

function applications(element: PolicyElement, list: string): Check[] {
  const parent = childElement(element, list);
  if (parent === undefined) return [];
  const allowed = childElements(parent).map(contentReader);
  return [
    ({ claims }, exchange) => {
      const values = [claims["appid"], claims["azp"]].flatMap((claim) => claimValues(claim, undefined));
      if (allowed.some((read) => values.includes(read(exchange).trim()))) return undefined;
      return {
        reason: "TokenClaimValueNotAllowed",
        message: "The application is not allowed. Access denied.",
      };
    },
  ];
}

function requiredClaims(element: PolicyElement): Check[] {
  const parent = childElement(element, "required-claims");
  return (parent === undefined ? [] : childElements(parent)).map((claim) => {
    const name = requiredAttribute(claim, "name");
    const isAny = attributeValue(claim, "match") === "any";
    const separator = attributeValue(claim, "separator");
    const wanted = childElements(claim).map(contentReader);
    return (jwt, exchange) => {
      const values = claimValues(jwt.claims[name], separator);
      if (values.length === 0) {
        const message = `JWT token is missing the following claims: ${name}. Access denied.`;
        return { reason: "TokenClaimNotFound", message };
      }
      const has = (read: Reader<string>): boolean => values.includes(read(exchange).trim());
      if (wanted.length === 0 || (isAny ? wanted.some(has) : wanted.every(has))) return undefined;
      const message = `Claim ${name} value of ${values.join(",")} is not allowed. Access denied.`;
      return { reason: "TokenClaimValueNotAllowed", message };
    };
  });
}

/** Keys as they stand in the policy; expressions in them are refused. */
function signingKeys(element: PolicyElement): JwtKey[] {
  const parent = childElement(element, "issuer-signing-keys");
  return (parent === undefined ? [] : childElements(parent)).map((key): JwtKey => {
    const id = attributeValue(key, "id");
    const [modulus, exponent] = [attributeValue(key, "n"), attributeValue(key, "e")];
    if (modulus !== undefined && exponent !== undefined) return { kind: "rsa", id, modulus, exponent };
    const text = key.children
      .map((node) => (node.type === "text" ? node.value : ""))
      .join("")
      .trim();
    if (text === "" || text.startsWith("@")) throw new NotSupported("a key of <validate-jwt> is no literal");
    return { kind: "secret", id, bytes: Buffer.from(text, "base64") };
  });
}
