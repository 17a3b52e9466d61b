/** Hashes, keyed ones, and AES as APIM's Encrypt and Decrypt have it. */
import { cbc } from "@noble/ciphers/aes.js";
import { hmac } from "@noble/hashes/hmac.js";
import { md5, sha1 } from "@noble/hashes/legacy.js";
import { sha256, sha384, sha512 } from "@noble/hashes/sha2.js";
import { NotSimulated, argumentNull, exception } from "../errors.ts";
import type { Value } from "../values.ts";
import { HashValue } from "./hash-values.ts";
import type { HashName } from "./hash-values.ts";
import { defineMembers, defineStatics, instanceOf } from "./registry.ts";
import type { Args } from "./registry.ts";

const algorithms = { MD5: md5, SHA1: sha1, SHA256: sha256, SHA384: sha384, SHA512: sha512 };
const names: readonly HashName[] = ["MD5", "SHA1", "SHA256", "SHA384", "SHA512"];

function compute({ algorithm, key }: HashValue, args: Args): Uint8Array {
  const bytes = args.bytes(0, "buffer");
  const part = args.count > 2 ? bytes.slice(args.int(1), args.int(1) + args.int(2)) : bytes;
  args.ev.step(1 + part.length / 16);
  const hash = algorithms[algorithm];
  return key === null ? hash(part) : hmac(hash, key, part);
}

defineMembers(["HashAlgorithm"], instanceOf(HashValue), {
  get: {
    HashSize: ({ algorithm }) => algorithms[algorithm].outputLen * 8,
    Key: ({ key }) => key,
  },
  call: { Clear: () => null, ComputeHash: compute },
});

function keyed(algorithm: HashName) {
  return (args: Args): Value => {
    if (args.count === 0) return new HashValue(algorithm, randomBytes(64, args));
    if (args.at(0) === null) throw argumentNull("key");
    return new HashValue(algorithm, args.bytes(0, "key"));
  };
}

function randomBytes(length: number, { ev }: Args): Uint8Array {
  return Uint8Array.from({ length }, () => Math.floor(ev.context.sources.random() * 256));
}

/** `new HMACSHA256(key)`, `new SHA256Managed()` and their like. */
export const hashConstructors: Readonly<Record<string, (args: Args) => Value>> = Object.fromEntries([
  ...names.map((name) => [`HMAC${name}`, keyed(name)] as const),
  ...names.map((name) => [`${name}Managed`, () => new HashValue(name, null)] as const),
  ...names.map((name) => [`${name}CryptoServiceProvider`, () => new HashValue(name, null)] as const),
]);

for (const name of names) {
  defineStatics(name, {
    call: {
      Create: () => new HashValue(name, null),
      HashData: (args) => compute(new HashValue(name, null), args),
    },
  });
}

/** AES in the mode that the name has; `Aes` alone is CBC with PKCS7 padding. */
function cipherOf(args: Args) {
  const name = args.at(0);
  if (typeof name !== "string")
    throw new NotSimulated("Encrypt and Decrypt with an algorithm object are not simulated.");
  if (!/^(aes|aesmanaged|rijndael|rijndaelmanaged|aescryptoserviceprovider)$/i.test(name)) {
    throw new NotSimulated(`Encrypt and Decrypt with ${name} are not simulated.`);
  }
  const [key, iv] = [args.bytes(1, "key"), args.bytes(2, "iv")];
  if (![16, 24, 32].includes(key.length)) {
    throw exception(
      "System.Security.Cryptography.CryptographicException",
      "Specified key is not a valid size for this algorithm.",
    );
  }
  if (iv.length !== 16) {
    throw exception(
      "System.Security.Cryptography.CryptographicException",
      "Specified initialization vector (IV) does not match the block size for this algorithm.",
    );
  }
  return cbc(key, iv);
}

function isBytes(value: Value): value is Uint8Array {
  return value instanceof Uint8Array;
}

defineMembers(["byte[]"], isBytes, {
  call: {
    Decrypt: (bytes, args) => {
      const cipher = cipherOf(args);
      try {
        return cipher.decrypt(bytes);
      } catch {
        throw exception(
          "System.Security.Cryptography.CryptographicException",
          "Padding is invalid and cannot be removed.",
        );
      }
    },
    Encrypt: (bytes, args) => {
      args.ev.step(1 + bytes.length / 16);
      return cipherOf(args).encrypt(bytes);
    },
  },
});
