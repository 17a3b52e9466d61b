/** JSON Web Tokens: read, and checked against keys that are at hand. Nothing is fetched. */
import { createHmac, createPublicKey, createVerify, timingSafeEqual } from "node:crypto";
import { isJsonObject } from "../json.ts";
import type { Json, JsonObject } from "../json.ts";

export type Jwt = {
  readonly header: JsonObject;
  readonly claims: JsonObject;
  /** What is signed. */
  readonly signed: string;
  readonly signature: Uint8Array;
};

export type JwtKey =
  | { readonly kind: "secret"; readonly id: string | undefined; readonly bytes: Uint8Array }
  | {
      readonly kind: "rsa";
      readonly id: string | undefined;
      readonly modulus: string;
      readonly exponent: string;
    };

/** Undefined for what is no token. */
export function readJwt(text: string): Jwt | undefined {
  const [header, claims, signature, more] = text.trim().split(".");
  if (header === undefined || claims === undefined || signature === undefined || more !== undefined)
    return undefined;
  const [head, body] = [header, claims].map(readPart);
  if (head === undefined || body === undefined) return undefined;
  return {
    header: head,
    claims: body,
    signed: `${header}.${claims}`,
    signature: Buffer.from(signature, "base64url"),
  };
}

function readPart(part: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether one of the keys made the signature. */
export function isSignedBy(jwt: Jwt, keys: readonly JwtKey[]): boolean {
  const { alg, kid } = jwt.header;
  if (typeof alg !== "string") return false;
  const [, family, bits] = /^(HS|RS)(256|384|512)$/.exec(alg) ?? [];
  if (family === undefined || bits === undefined) return false;
  const named = keys.filter(({ id }) => id === undefined || kid === undefined || id === kid);
  return named.some((key) =>
    key.kind === "secret"
      ? family === "HS" && hasHmac(jwt, key.bytes, `sha${bits}`)
      : family === "RS" && hasRsa(jwt, key, `sha${bits}`),
  );
}

function hasHmac({ signed, signature }: Jwt, secret: Uint8Array, hash: string): boolean {
  const expected = createHmac(hash, secret).update(signed).digest();
  return expected.length === signature.length && timingSafeEqual(expected, signature);
}

function hasRsa(
  { signed, signature }: Jwt,
  { modulus, exponent }: Extract<JwtKey, { kind: "rsa" }>,
  hash: string,
): boolean {
  try {
    const key = createPublicKey({ key: { kty: "RSA", n: modulus, e: exponent }, format: "jwk" });
    return createVerify(hash).update(signed).verify(key, signature);
  } catch {
    return false;
  }
}

/** The values of a claim as texts: one, those of a list, or those that a separator parts. */
export function claimValues(claim: Json | undefined, separator: string | undefined): string[] {
  if (claim === undefined || claim === null) return [];
  if (Array.isArray(claim)) return claim.map((item: Json) => textOf(item));
  const text = textOf(claim);
  return separator === undefined || separator === "" ? [text] : text.split(separator);
}

function textOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
