import { hasPlaceholder } from "../placeholders.ts";

/** How secrets look when they stand in plain text. */

export type SecretText = { readonly kind: string; readonly start: number; readonly end: number };

type Shape = {
  readonly kind: string;
  readonly pattern: RegExp;
  /** Nothing that stands in for a secret has this form. */
  readonly isCertain?: true;
};

/** Group 1 is the secret itself. */
const shapes: readonly Shape[] = [
  {
    kind: "account key",
    pattern: /\b(?:AccountKey|SharedAccessKey|SharedSecret)=([A-Za-z0-9+/]{20,}={0,2})/g,
  },
  { kind: "SAS signature", pattern: /[?&](?:amp;)?sig=([A-Za-z0-9%+/=_-]{20,})/g },
  { kind: "API key", pattern: /\b(sk-[A-Za-z0-9_-]{20,})/g },
  { kind: "API key", pattern: /[?&](?:amp;)?(?:api-key|subscription-key)=([0-9a-f]{32})(?![0-9A-Za-z])/gi },
  // Newer keys of Azure's AI services carry a mark so that scanners find them (microsoft/security-utilities, identifiable keys).
  {
    kind: "API key",
    pattern:
      /(?<![A-Za-z0-9])([A-Za-z0-9]{52}JQQJ9[9D][A-Za-z0-9][A-L][A-Za-z0-9]{16}[A-Za-z][A-Za-z0-9]{7})(?![A-Za-z0-9])/g,
    isCertain: true,
  },
  { kind: "private key", pattern: /(-----BEGIN (?:RSA |EC )?PRIVATE KEY-----)/g, isCertain: true },
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
  return shapes.flatMap(({ kind, pattern, isCertain }) =>
    [...text.matchAll(pattern)].flatMap((match): SecretText[] => {
      const secret = match[1] ?? "";
      if (isCertain !== true && !isSecret(secret)) return [];
      const start = match.index + match[0].lastIndexOf(secret);
      return [{ kind, start, end: start + secret.length }];
    }),
  );
}

function isSecret(text: string): boolean {
  if (hexKey.test(text)) return isRandomHex(text);
  return !standIn.test(text) && !hasPlaceholder(text) && isMixed(text);
}

/** Keys of API Management and, for years, of Azure's AI services. */
const hexKey = /^[0-9a-f]{32}$/i;

/** Whether hex digits are drawn by lot: no row such as 0123456789, none of one digit, no piece that comes again and again. */
function isRandomHex(text: string): boolean {
  return isMixed(text) && !/0123456|1234567|7654321|deadbeef|(.)\1{4}|^(.{1,16})\2+$/i.test(text);
}

/** Whether a string of an expression's code is such a key by all its digits. */
export function holdsHexKey(code: string): boolean {
  return [...code.matchAll(/"([0-9a-f]{32})"/gi)].some(([, text = ""]) => isRandomHex(text));
}

/** Whether a value that stands where a key belongs looks like one: long, mixed, and not a word that stands in for it. */
export function looksLikeKey(value: string): boolean {
  if (hexKey.test(value)) return isRandomHex(value);
  return /^[A-Za-z0-9+/=_.~%-]{16,}$/.test(value) && isMixed(value) && !standIn.test(value);
}

/** Whether a value that stands where a password belongs is one, and not a word that stands in for it. */
export function looksLikePassword(value: string): boolean {
  return value.length >= 4 && !standIn.test(value) && !/^pass(?:word)?$/i.test(value);
}

function isMixed(value: string): boolean {
  return /\d/.test(value) && /[A-Za-z]/.test(value) && new Set(value).size >= 8;
}
