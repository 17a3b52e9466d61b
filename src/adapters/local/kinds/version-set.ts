import { fieldError } from "../errors.ts";
import { accept, fields, oneOf, text, textOf } from "../validate.ts";
import { refuseWhenUsed } from "./in-use.ts";
import type { Accepted, ResourceKind, WriteInput } from "./kind.ts";
import { commonIdPattern, idRule, respondAsStored } from "./kind.ts";

export const versionSetKind: ResourceKind = {
  collection: "apiVersionSets",
  title: "ApiVersionSet",
  methods: ["GET", "HEAD", "PUT", "PATCH", "DELETE"],
  checkId: idRule("versionSetId", 80, commonIdPattern),
  accept: acceptVersionSet,
  respond: respondAsStored,
  refuseDelete: (service, stored) => refuseWhenUsed(service, stored, "ApiVersionSet"),
};

const name = text({ min: 1, max: 100 });

const checks = fields(
  {
    displayName: name,
    description: text(),
    versioningScheme: oneOf(["Segment", "Query", "Header"]),
    versionQueryName: name,
    versionHeaderName: name,
  },
  ["displayName", "versioningScheme"],
);

/** The name goes with the scheme; which words the service refuses a missing one with is not known. */
function acceptVersionSet({ sent }: WriteInput): Accepted {
  const given = accept(sent, checks);
  const scheme = textOf(given["versioningScheme"]);
  const needed =
    scheme === "Query" ? "versionQueryName" : scheme === "Header" ? "versionHeaderName" : undefined;
  if (needed !== undefined && given[needed] === undefined)
    throw fieldError(needed, `'${needed}' should not be empty.`);
  return { properties: { description: null, versionQueryName: null, versionHeaderName: null, ...given } };
}
