/** Base64 as .NET reads and writes it. */
import { formatException } from "./errors.ts";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const values = new Map(Array.from(alphabet, (character, value) => [character, value]));

export function encodeBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const bits = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const digit = (shift: number) => alphabet.charAt((bits >> shift) & 63);
    parts.push(digit(18), digit(12), left > 1 ? digit(6) : "=", left > 2 ? digit(0) : "=");
  }
  return parts.join("");
}

const message =
  "The input is not a valid Base-64 string as it contains a non-base 64 character, more than two padding characters, or an illegal character among the padding characters.";

/** White space is passed over; FormatException for a wrong length, wrong characters or padding out of place. */
export function decodeBase64(text: string): Uint8Array {
  const plain = text.replace(/[ \t\r\n]/g, "");
  if (plain.length % 4 !== 0) throw formatException("Invalid length for a Base-64 char array or string.");
  const content = plain.replace(/={1,2}$/, "");
  const bytes = new Uint8Array((content.length * 3) >> 2);
  let bits = 0;
  let count = 0;
  let at = 0;
  for (const character of content) {
    const value = values.get(character);
    if (value === undefined) throw formatException(message);
    bits = ((bits << 6) | value) & 0xffffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes[at] = (bits >> count) & 0xff;
    at += 1;
  }
  return bytes;
}
