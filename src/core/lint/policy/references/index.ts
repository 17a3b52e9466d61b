import type { PolicyRule } from "../policy-rule.ts";
import { unknownBackend } from "./unknown-backend.ts";
import { unknownCertificate } from "./unknown-certificate.ts";
import { unknownFragment } from "./unknown-fragment.ts";
import { unknownLogger } from "./unknown-logger.ts";
import { unknownNamedValue } from "./unknown-named-value.ts";

/** Names in policies against what exists on the service, or will; checked only when that is known. */
export const referenceRules: readonly PolicyRule[] = [
  unknownBackend,
  unknownCertificate,
  unknownFragment,
  unknownLogger,
  unknownNamedValue,
];
