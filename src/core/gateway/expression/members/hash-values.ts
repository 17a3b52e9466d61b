/** Hash algorithms, with a key where they are keyed. */
import type { ObjectValue } from "../values.ts";

export type HashName = "MD5" | "SHA1" | "SHA256" | "SHA384" | "SHA512";

export class HashValue implements ObjectValue {
  readonly kind = "HashAlgorithm";
  constructor(
    readonly algorithm: HashName,
    /** Null where the hash has no key. */
    public key: Uint8Array | null,
  ) {}
}
