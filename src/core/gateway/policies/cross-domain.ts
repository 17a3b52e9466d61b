import type { PolicyRunner } from "../policy-definition.ts";

export const crossDomain: PolicyRunner = {
  name: "cross-domain",
  fidelity: {
    level: "partial",
    notes: [
      ["Requests of APIs pass as they are: the policy is about a file for Flash clients.", "documented"],
      ["That file, `/crossdomain.xml`, is not served: it belongs to no API, and gets 404.", "documented"],
    ],
  },
  prepare: () => () => undefined,
};
