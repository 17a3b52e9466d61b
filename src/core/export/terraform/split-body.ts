import type { ObjectTemplate, Template } from "../template.ts";

/** A body in two parts that have no place in common. */
export type SplitBody = { readonly plain: ObjectTemplate; readonly sensitive: ObjectTemplate };

/**
 * What the service gives back as it was sent, and what it does not: secrets, which it does not give back at all, and documents with
 * their `format`, which come back in a layout and a spelling of its own. A list goes to one side whole.
 */
export function splitBody({ members }: ObjectTemplate): SplitBody {
  const isDocument = members.some(([, member]) => member.type === "file");
  const plain: [string, Template][] = [];
  const sensitive: [string, Template][] = [];
  for (const [key, member] of members) {
    if (isKeptBack(member) || (isDocument && key === "format")) sensitive.push([key, member]);
    else if (member.type === "object" && member.members.length > 0) {
      const inside = splitBody(member);
      if (inside.plain.members.length > 0) plain.push([key, inside.plain]);
      if (inside.sensitive.members.length > 0) sensitive.push([key, inside.sensitive]);
    } else plain.push([key, member]);
  }
  return { plain: { type: "object", members: plain }, sensitive: { type: "object", members: sensitive } };
}

function isKeptBack(template: Template): boolean {
  if (template.type === "list") return template.items.some(holdsKeptBack);
  return template.type === "file" || template.type === "parameter";
}

function holdsKeptBack(template: Template): boolean {
  if (template.type === "object") return template.members.some(([, member]) => holdsKeptBack(member));
  return isKeptBack(template);
}
