/** `AsJwt`, `TryParseJwt`, `AsBasic`, `TryParseBasic`: tokens are read, never verified, as on the gateway. */
import { decodeBase64 } from "../base64.ts";
import { keyOf } from "../equality.ts";
import { ticksOfUnix } from "../format/calendar.ts";
import { formatValue } from "../format/format-value.ts";
import type { Evaluation } from "../evaluation.ts";
import { DotNetException } from "../errors.ts";
import { parseJson } from "../json/json-parse.ts";
import { printJson } from "../json/json-print.ts";
import { JArrayValue, JObjectValue, JScalarValue } from "../json/json-values.ts";
import type { JTokenValue } from "../json/json-values.ts";
import { isNumeric, toNumber } from "../numbers.ts";
import { stringArray } from "../sequences.ts";
import { DateTimeValue, DictionaryValue, FactsValue } from "../values.ts";
import type { Value } from "../values.ts";
import { defineMembers } from "./registry.ts";
import { factsMembers } from "./text-types.ts";

/** What a header holds after its scheme, or all of it. */
function withoutScheme(text: string, scheme: string): string {
  const prefix = `${scheme} `;
  return text.toLowerCase().startsWith(prefix) ? text.slice(prefix.length).trim() : text.trim();
}

function decodePart(part: string): string {
  const plain = part.replaceAll("-", "+").replaceAll("_", "/");
  return new TextDecoder().decode(decodeBase64(plain.padEnd(Math.ceil(plain.length / 4) * 4, "=")));
}

/** Undefined for text that is no token: three parts of which two are JSON objects. */
function readJwt(text: string, ev: Evaluation): FactsValue | undefined {
  const parts = withoutScheme(text, "bearer").split(".");
  const [head, payload] = parts;
  if (parts.length !== 3 || head === undefined || payload === undefined) return undefined;
  try {
    const [header, claims] = [head, payload].map((part) => parseJson(decodePart(part), "JObject", ev));
    return header instanceof JObjectValue && claims instanceof JObjectValue
      ? jwtOf(header, claims)
      : undefined;
  } catch (error) {
    if (error instanceof DotNetException) return undefined;
    throw error;
  }
}

function claimText(token: JTokenValue): string {
  if (!(token instanceof JScalarValue)) return printJson(token, false);
  if (token.value instanceof DateTimeValue) return printJson(token, false).slice(1, -1);
  if (typeof token.value === "boolean") return String(token.value);
  return token.value === null ? "" : formatValue(token.value);
}

function claimTexts(token: JTokenValue | undefined): string[] {
  if (token === undefined) return [];
  return token instanceof JArrayValue ? token.items.map(claimText) : [claimText(token)];
}

function jwtOf(header: JObjectValue, payload: JObjectValue): FactsValue {
  const first = (source: JObjectValue, name: string): Value => claimTexts(source.get(name))[0] ?? null;
  return new FactsValue("Jwt", {
    Algorithm: first(header, "alg"),
    Audiences: stringArray(claimTexts(payload.get("aud"))),
    Claims: claimsOf(payload),
    ExpirationTime: timeOf(payload.get("exp")),
    Id: first(payload, "jti"),
    IssuedAt: timeOf(payload.get("iat")),
    Issuer: first(payload, "iss"),
    NotBefore: timeOf(payload.get("nbf")),
    Subject: first(payload, "sub"),
    Type: first(header, "typ"),
  });
}

function claimsOf(payload: JObjectValue): DictionaryValue {
  const claims = new DictionaryValue(keyOf, "string", "string[]");
  for (const { name, value } of payload.properties()) {
    claims.entries.set(keyOf(name), { key: name, value: stringArray(claimTexts(value)) });
  }
  return claims;
}

/** Seconds since 1970. */
function timeOf(token: JTokenValue | undefined): Value {
  const value = token instanceof JScalarValue ? token.value : null;
  return isNumeric(value) ? new DateTimeValue(ticksOfUnix(toNumber(value) * 1000), "Utc") : null;
}

function readBasic(text: string): FactsValue | undefined {
  if (!/^basic /i.test(text)) return undefined;
  try {
    const plain = new TextDecoder().decode(decodeBase64(withoutScheme(text, "basic")));
    const split = plain.indexOf(":");
    if (split === -1) return undefined;
    const user = plain.slice(0, split);
    return new FactsValue("BasicAuthCredentials", {
      Password: plain.slice(split + 1),
      UserId: user,
      Username: user,
    });
  } catch (error) {
    if (error instanceof DotNetException) return undefined;
    throw error;
  }
}

function isText(value: Value): value is string | null {
  return value === null || typeof value === "string";
}

defineMembers(["string"], isText, {
  call: {
    AsBasic: (text) => (text === null ? null : (readBasic(text) ?? null)),
    AsJwt: (text, args) => (text === null ? null : (readJwt(text, args.ev) ?? null)),
    TryParseBasic: (text, args) => {
      const found = text === null ? undefined : readBasic(text);
      args.out(0).set(found ?? null);
      return found !== undefined;
    },
    TryParseJwt: (text, args) => {
      const found = text === null ? undefined : readJwt(text, args.ev);
      args.out(0).set(found ?? null);
      return found !== undefined;
    },
  },
});

factsMembers("Jwt", [
  "Algorithm",
  "Audiences",
  "Claims",
  "ExpirationTime",
  "Id",
  "IssuedAt",
  "Issuer",
  "NotBefore",
  "Subject",
  "Type",
]);
factsMembers("BasicAuthCredentials", ["Password", "UserId", "Username"]);
factsMembers("Authorization", ["AccessToken", "Claims"]);
