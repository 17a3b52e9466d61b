import { createHash } from "node:crypto";
import { canonicalJson } from "../json.ts";
import type { Json } from "../json.ts";
import { serviceRef } from "../ports.ts";
import type { Plan } from "./plan.ts";

/**
 * SHA-256, as 64 hexadecimal digits, of what a plan would do and of the state it saw: service, owner, and each change's action,
 * path and both sides. Wording, places in the spec, notes and ETags do not enter it: an ETag alone changes nothing.
 */
export function planDigest(plan: Pick<Plan, "service" | "name" | "changes">): string {
  const changes = plan.changes.map(({ action, path, before, after, edits }): Json => {
    const paths = edits.map((edit) => edit.path);
    return { action, path, before, after, edits: paths };
  });
  const service = serviceRef(plan.service);
  return createHash("sha256")
    .update(canonicalJson({ service, owner: plan.name, changes }))
    .digest("hex");
}
