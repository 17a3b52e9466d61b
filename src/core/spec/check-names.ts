import type { Report } from "./finding.ts";
import { field, fields, items, keySpan, nameOf, stringAt, type Place } from "./yaml-node.ts";

/** Collections whose ids share a namespace on the service: backends and pools are one kind of resource there. */
const namespaces = [
  ["backends", "pools"],
  ["namedValues"],
  ["loggers"],
  ["fragments"],
  ["versionSets"],
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
  checkSubscriptions(root, report);
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

/** Ids of subscriptions are the whole service's, whatever their product. */
function checkSubscriptions(root: Place, report: Report): void {
  const seen = new Map<string, string>();
  for (const product of fields(field(root, "products"))) {
    const subscriptions = field(product, "subscriptions");
    const isList = subscriptions?.node.kind === "list";
    for (const place of isList ? items(subscriptions) : fields(subscriptions)) {
      const id = isList ? stringAt(place) : nameOf(place);
      if (id === undefined) continue;
      const first = seen.get(id.toLowerCase());
      if (first === undefined) {
        seen.set(id.toLowerCase(), nameOf(product));
        continue;
      }
      report({
        rule: "duplicate-id",
        message: `product \`${first}\` has the subscription \`${id}\` already; ids of subscriptions are the whole service's`,
        span: isList ? place.node : keySpan(place),
        path: place.path,
        help: "rename one of them",
      });
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

/** Where an API answers, as far as the spec says it. */
type Address = {
  readonly api: Place;
  readonly place: Place;
  /** With the version behind it, where the version is a part of the path. */
  readonly path: string;
  readonly set: string | undefined;
  readonly version: string;
};

/** A path belongs to one API, or to the versions of one API. */
function checkPaths(root: Place, report: Report): void {
  const seen: Address[] = [];
  for (const api of fields(field(root, "apis"))) {
    const address = addressOf(root, api);
    if (address === undefined) continue;
    const sameVersion = seen.find(
      ({ set, version }) => set !== undefined && set === address.set && version === address.version,
    );
    const samePath = seen.find(
      ({ path, set }) => path === address.path && (set === undefined || set !== address.set),
    );
    if (sameVersion !== undefined) reportVersion(address, sameVersion, report);
    else if (samePath !== undefined) reportPath(address, samePath, report);
    else seen.push(address);
  }
}

function addressOf(root: Place, api: Place): Address | undefined {
  const place = field(api, "path");
  const path = stringAt(place)?.toLowerCase();
  if (!place || path === undefined) return undefined;
  const set = stringAt(field(field(api, "version"), "set"));
  const version = stringAt(field(field(api, "version"), "name")) ?? "";
  const scheme = stringAt(field(field(field(root, "versionSets"), set ?? ""), "scheme"));
  const isBehind = scheme === "path" && version !== "";
  return { api, place, path: isBehind ? `${path}/${version.toLowerCase()}` : path, set, version };
}

function reportVersion({ api, set = "", version }: Address, first: Address, report: Report): void {
  const place = field(field(api, "version"), version === "" ? "set" : "name");
  const which = version === "" ? "the version without a name" : `version \`${version}\``;
  report({
    rule: "duplicate-version",
    message: `the APIs \`${nameOf(api)}\` and \`${nameOf(first.api)}\` are both ${which} of \`${set}\``,
    span: place?.node ?? keySpan(api),
    path: place?.path ?? api.path,
    help: "give each its own `version.name`",
  });
}

function reportPath({ api, place }: Address, first: Address, report: Report): void {
  const written = stringAt(place)?.toLowerCase() === stringAt(first.place)?.toLowerCase();
  report({
    rule: "duplicate-path",
    message: written
      ? `the APIs \`${nameOf(api)}\` and \`${nameOf(first.api)}\` have the same path`
      : `the APIs \`${nameOf(api)}\` and \`${nameOf(first.api)}\` have the same path, \`${first.path}\`, with their versions`,
    span: place.node,
    path: place.path,
    help: "a path belongs to one API; versions of one share it when they are in one version set",
  });
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
