/** What the error codes of connections mean, for people. */
/** Why no answer came, and what to do. */
export type Explanation = { readonly why: string; readonly remedy: string };

const network = "Check the network, and HTTPS_PROXY and NO_PROXY if there is a proxy.";
const certificate =
  "Put the certificate authority of your network into a PEM file and name it in NODE_EXTRA_CA_CERTS.";

const explanations: Readonly<Record<string, Explanation>> = {
  ENOTFOUND: { why: "its host name is not known", remedy: `Check the endpoint's name. ${network}` },
  EAI_AGAIN: { why: "the name server does not answer", remedy: network },
  ECONNREFUSED: { why: "nothing listens there", remedy: `Check the endpoint's address and port. ${network}` },
  ECONNRESET: { why: "the connection was dropped", remedy: network },
  EPIPE: { why: "the connection was dropped", remedy: network },
  PARSE_ERROR: { why: "the connection was dropped within the answer", remedy: network },
  ETIMEDOUT: { why: "the connection could not be made in time", remedy: network },
  EHOSTUNREACH: { why: "there is no route to it", remedy: network },
  ENETUNREACH: { why: "there is no route to it", remedy: network },
  TIMEOUT: { why: "no complete answer came in time", remedy: network },
  CERT_HAS_EXPIRED: {
    why: "its certificate has expired",
    remedy: "Check the clock of this machine, and the proxy.",
  },
  CERT_NOT_YET_VALID: { why: "its certificate is not valid yet", remedy: "Check the clock of this machine." },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    why: "its certificate is for another host name",
    remedy: "Check the endpoint's name, and the proxy.",
  },
  EPROTO: {
    why: "the TLS handshake failed",
    remedy: "Check that the endpoint, or the proxy, speaks https on this port.",
  },
};

const untrusted: Explanation = { why: "its certificate is not trusted", remedy: certificate };
/** The certificate is refused: nothing was sent. */
export const untrustedCodes = new Set([
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

/** `text` is said where the code says nothing. */
export function explainConnection({
  code,
  text,
}: {
  readonly code: string;
  readonly text: string;
}): Explanation {
  if (untrustedCodes.has(code)) return untrusted;
  if (code.startsWith("HPE_")) return { why: "what answers there does not speak HTTP", remedy: network };
  return explanations[code] ?? { why: text, remedy: network };
}
