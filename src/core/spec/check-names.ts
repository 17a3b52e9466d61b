import type { Report } from "./finding.ts";
import { field, fields, items, keySpan, nameOf, stringAt, type Place } from "./yaml-node.ts";

/** Collections whose ids share a namespace on the service: backends and pools are one kind of resource there. */
const namespaces = [
  ["backends", "pools"],
  ["namedValues"],
  ["loggers"],
  ["fragments"],
  ["apis"],
  ["products"],
] as const;

/** ARM ids are case-insensitive, and two APIs cannot answer on one path. */
export function checkNames(root: Place, report: Report): void {
  for (const collections of namespaces) {
    const places = collections.flatMap((collection) => fields(field(root, collection)));
    checkDistinct(places, report);
  }
  for (const api of fields(field(root, "apis"))) checkDistinct(fields(field(api, "operations")), report);
  for (const collection of ["namedValues", "products"]) checkDisplayNames(field(root, collection), report);
  checkPaths(root, report);
  checkMembers(root, report);
  checkExisting(root, report);
}

/** What the spec makes need not be on the service already. */
function checkExisting(root: Place, report: Report): void {
  const existing = field(root, "existing");
  for (const collections of namespaces) {
    const declared = new Map(
      collections.flatMap((collection) =>
        fields(field(root, collection)).map((place) => [nameOf(place).toLowerCase(), collection] as const),
      ),
    );
    const seen = new Set<string>();
    for (const place of items(field(existing, collections[0]))) {
      const name = stringAt(place)?.toLowerCase();
      if (name === undefined) continue;
      const collection = seen.has(name) ? `existing.${collections[0]}` : declared.get(name);
      seen.add(name);
      if (collection === undefined) continue;
      const message = `\`${stringAt(place) ?? ""}\` stands in \`${collection}\` already`;
      const help = "what this spec makes is not listed under `existing`, and everything else once";
      report({ rule: "duplicate-id", message, span: place.node, path: place.path, help });
    }
  }
}

function checkDistinct(places: readonly Place[], report: Report): void {
  const seen = new Map<string, Place>();
  for (const place of places) {
    const id = nameOf(place);
    const first = seen.get(id.toLowerCase());
    if (!first) {
      seen.set(id.toLowerCase(), place);
      continue;
    }
    const same = nameOf(first) === id;
    const message = same
      ? `\`${id}\` is the id of a backend and of a pool; on the service both are backends`
      : `\`${id}\` and \`${nameOf(first)}\` are the same id to the service, which ignores case`;
    report({
      rule: "duplicate-id",
      message,
      span: keySpan(place),
      path: place.path,
      help: "rename one of them",
    });
  }
}

/** The id when there is no display name of its own. */
function checkDisplayNames(collection: Place | undefined, report: Report): void {
  const seen = new Map<string, string>();
  for (const entry of fields(collection)) {
    const place = field(entry, "displayName");
    const name = place ? stringAt(place) : nameOf(entry);
    const first = seen.get(name?.toLowerCase() ?? "");
    if (name === undefined) continue;
    if (first === undefined) {
      seen.set(name.toLowerCase(), nameOf(entry));
      continue;
    }
    // Ids that differ in case only are found anyway.
    if (first.toLowerCase() === nameOf(entry).toLowerCase()) continue;
    const message = `\`${nameOf(entry)}\` and \`${first}\` have the same display name, which the service allows once`;
    report({
      rule: "duplicate-display-name",
      message,
      span: place?.node ?? keySpan(entry),
      path: entry.path,
      help: "give one of them another `displayName`",
    });
  }
}

function checkPaths(root: Place, report: Report): void {
  const seen = new Map<string, string>();
  for (const api of fields(field(root, "apis"))) {
    const place = field(api, "path");
    const path = stringAt(place)?.toLowerCase();
    if (!place || path === undefined) continue;
    const first = seen.get(path);
    if (first === undefined) {
      seen.set(path, nameOf(api));
      continue;
    }
    const message = `the APIs \`${nameOf(api)}\` and \`${first}\` have the same path`;
    report({
      rule: "duplicate-path",
      message,
      span: place.node,
      path: place.path,
      help: "a path belongs to one API",
    });
  }
}

function checkMembers(root: Place, report: Report): void {
  for (const pool of fields(field(root, "pools"))) {
    const seen = new Set<string>();
    for (const item of items(field(pool, "members"))) {
      const member = field(item, "backend");
      const id = stringAt(member);
      if (!member || id === undefined) continue;
      if (seen.has(id)) {
        const message = `\`${id}\` is in this pool already`;
        const help = "give a member a higher weight to send it more";
        report({ rule: "duplicate-member", message, span: member.node, path: member.path, help });
      }
      seen.add(id);
    }
  }
}
