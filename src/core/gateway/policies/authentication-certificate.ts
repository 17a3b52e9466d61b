import type { PolicyElement } from "../../policy/tree.ts";
import { optionalText } from "../attributes.ts";
import type { Reader } from "../attributes.ts";
import { note } from "../exchange.ts";
import type { PolicyRunner } from "../policy-definition.ts";
import { NotSupported } from "../policy-error.ts";

export const authenticationCertificate: PolicyRunner = {
  name: "authentication-certificate",
  fidelity: {
    level: "recorded",
    notes: [
      ["The certificate's id or thumbprint is recorded with the request.", "documented"],
      ["No certificate is presented to the backend: there are none here, nor are they read.", "documented"],
    ],
  },
  prepare: (element) => {
    const certificate = certificateReader(element);
    return (exchange) => {
      const name = certificate(exchange);
      exchange.recorded.push({ policy: element.name, values: { certificate: name } });
      note(exchange, () => `would present the certificate ${name}`);
      return undefined;
    };
  },
};

/** What the element names a certificate by; one that stands in the policy is only called that. */
export function certificateReader(element: PolicyElement): Reader<string> {
  const named = optionalText(element, "certificate-id") ?? optionalText(element, "thumbprint");
  if (named !== undefined) return named;
  if (optionalText(element, "body") !== undefined) return () => "of its own";
  throw new NotSupported(`<${element.name}> names no certificate`);
}
