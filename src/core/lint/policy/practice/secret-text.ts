import { hasPlaceholder } from "../placeholders.ts";

/** How secrets look when they stand in plain text. */

export type SecretText = { readonly kind: string; readonly start: number; readonly end: number };

type Shape = { readonly kind: string; readonly pattern: RegExp };

/** Group 1 is the secret itself. */
const shapes: readonly Shape[] = [
  {
    kind: "account key",
    pattern: /\b(?:AccountKey|SharedAccessKey|SharedSecret)=([A-Za-z0-9+/]{20,}={0,2})/g,
  },
  { kind: "SAS signature", pattern: /[?&](?:amp;)?sig=([A-Za-z0-9%+/=_-]{20,})/g },
  { kind: "API key", pattern: /\b(sk-[A-Za-z0-9_-]{20,})/g },
  { kind: "private key", pattern: /(-----BEGIN (?:RSA |EC )?PRIVATE KEY-----)/g },
  { kind: "token", pattern: /\b(eyJ[A-Za-z0-9_-]{10,1000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]+)/g },
  { kind: "bearer token", pattern: /\bBearer\s+([A-Za-z0-9._~+/-]{20,}=*)/g },
  { kind: "user name and password", pattern: /\bBasic\s+([A-Za-z0-9+/]{12,}={0,2})(?![A-Za-z0-9])/g },
  {
    kind: "password",
    pattern: /(?:User I[Dd]|Uid|Data Source|Server)=[^"']{0,300}\b(?:Password|Pwd)=([^;"'\s]{6,})/g,
  },
  { kind: "password", pattern: /\bhttps?:\/\/[^\s/:@"'<>{}]+:([^\s/@"'<>{}]{6,})@/g },
];

const standIn =
  /your|example|placeholder|dummy|sample|change.?me|secret|redacted|xxx|\*\*\*|\.\.\.|test|fake|insert|replace|here|0000|12345|abcdef/i;

/** The secrets that a text shows by their form: keys in connection strings, signatures, tokens. */
export function secretsIn(text: string): SecretText[] {
  return shapes.flatMap(({ kind, pattern }) =>
    [...text.matchAll(pattern)].flatMap((match): SecretText[] => {
      const secret = match[1] ?? "";
      if (standIn.test(secret) || hasPlaceholder(secret) || (kind !== "private key" && !isMixed(secret)))
        return [];
      const start = match.index + match[0].lastIndexOf(secret);
      return [{ kind, start, end: start + secret.length }];
    }),
  );
}

/** Whether a value that stands where a key belongs looks like one: long, mixed, and not a word that stands in for it. */
export function looksLikeKey(value: string): boolean {
  return /^[A-Za-z0-9+/=_.~%-]{16,}$/.test(value) && isMixed(value) && !standIn.test(value);
}

/** Whether a value that stands where a password belongs is one, and not a word that stands in for it. */
export function looksLikePassword(value: string): boolean {
  return value.length >= 4 && !standIn.test(value) && !/^pass(?:word)?$/i.test(value);
}

function isMixed(value: string): boolean {
  return /\d/.test(value) && /[A-Za-z]/.test(value) && new Set(value).size >= 8;
}
