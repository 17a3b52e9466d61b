import { notFound } from "../errors.ts";
import { releaseEdits, releasedRevision } from "../revisions.ts";
import { parentOf } from "../stored.ts";
import { accept, fields, text, textOf } from "../validate.ts";
import type { Accepted, ResourceKind, WriteInput } from "./kind.ts";
import { commonIdPattern, idRule, respondAsStored } from "./kind.ts";

/** A release makes a revision current when it is made; what is written to it later only changes its notes. */
export const releaseKind: ResourceKind = {
  collection: "apis/*/releases",
  title: "Release",
  methods: ["GET", "HEAD", "PUT", "PATCH", "DELETE"],
  checkId: idRule("releaseId", 80, commonIdPattern),
  accept: acceptRelease,
  respond: respondAsStored,
};

const checks = fields({ apiId: text({ min: 1 }), notes: text() }, ["apiId"]);

function acceptRelease({ service, path, sent, current, now }: WriteInput): Accepted {
  const given = accept(sent, checks);
  const api = service.get(parentOf(parentOf(path)));
  if (api === undefined) throw notFound("API");
  const revision = releasedRevision(service, api.path, textOf(given["apiId"]) ?? "");
  const number = textOf(revision.properties["apiRevision"]) ?? "1";
  const created = current?.properties["createdDateTime"] ?? now.toISOString();
  return {
    properties: {
      apiId: `/${api.path};rev=${number}`,
      createdDateTime: created,
      updatedDateTime: now.toISOString(),
      ...(given["notes"] === undefined ? {} : { notes: given["notes"] }),
    },
    edits: current === undefined ? releaseEdits(service, api, revision) : [],
  };
}
