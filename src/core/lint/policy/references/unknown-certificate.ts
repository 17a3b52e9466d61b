import type { PolicyLintContext } from "../policy-context.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { attributePlaces } from "./attribute-places.ts";
import { unknownNames, type NamedPlace } from "./reference-findings.ts";

const document = (id: string) => ({
  text: `<policies><inbound><base /><authentication-certificate certificate-id="${id}" /></inbound></policies>`,
  known: { certificates: ["client-2026"] },
});

export const unknownCertificate: PolicyRule = {
  id: "unknown-certificate",
  severity: "error",
  summary: "A policy names a certificate that does not exist.",
  why: "Certificates are looked up by id or thumbprint when the document is saved. A certificate from Key Vault can be named by id only (MicrosoftDocs/azure-docs#71385).",
  examples: { bad: document("client-2025"), good: document("client-2026") },
  *check(context) {
    const certificates = context.known?.certificates;
    if (certificates === undefined) return;
    const ids = ["certificate-id", "issuer-certificate-id"].flatMap((name) => attributePlaces(context, name));
    yield* unknownNames(ids, { kind: "certificate", known: certificates });
    // Whether an id belongs to a thumbprint is known only where thumbprints are among the names.
    for (const finding of unknownNames(thumbprints(context), {
      kind: "certificate with the thumbprint",
      known: certificates,
    })) {
      yield certificates.some((name) => isThumbprint(name))
        ? finding
        : { ...finding, severity: "warning", help: byId };
    }
  },
};

const byId = "name the certificate with `certificate-id`: thumbprints change when a certificate is renewed";

function thumbprints(context: PolicyLintContext): NamedPlace[] {
  return attributePlaces(context, "thumbprint", "authentication-certificate");
}

function isThumbprint(name: string): boolean {
  return /^[0-9a-f]{40}$/i.test(name);
}
