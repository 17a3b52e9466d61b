/** The global document that a service starts with: it is what forwards requests at all [documented]. */
import { element, policyDocument } from "./build.ts";

export const defaultGlobalPolicy = policyDocument(
  element("policies", {}, [
    element("inbound"),
    element("backend", {}, [element("forward-request")]),
    element("outbound"),
    element("on-error"),
  ]),
);
