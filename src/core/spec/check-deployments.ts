import type { Report } from "./finding.ts";
import { operationsOf } from "./spec-places.ts";
import { field, fields, items, keySpan, nameOf, stringAt, type Place } from "./yaml-node.ts";

/** Names of deployments: each once, whatever its case, and one for all members of a pool unless it says what to do. */
export function checkDeployments(root: Place, report: Report): void {
  const named = [
    ...fields(field(root, "backends")).map((backend) => field(backend, "deployments")),
    ...operationsOf(root).map((operation) => field(operation, "models")),
  ];
  for (const names of named) checkDistinct(fields(names), report);
  for (const pool of fields(field(root, "pools"))) checkPool(root, pool, report);
}

function checkDistinct(names: readonly Place[], report: Report): void {
  const seen = new Map<string, string>();
  for (const place of names) {
    const name = nameOf(place);
    const first = seen.get(name.toLowerCase());
    seen.set(name.toLowerCase(), first ?? name);
    if (first === undefined) continue;
    report({
      rule: "duplicate-model",
      message: `\`${name}\` and \`${first}\` are the same: names of deployments are compared without case`,
      span: keySpan(place),
      path: place.path,
      help: "keep one of the two",
    });
  }
}

type Named = { readonly backend: string; readonly name: string };

function checkPool(root: Place, pool: Place, report: Report): void {
  if (stringAt(field(pool, "whenNamesDiffer")) === "expand") return;
  const members = items(field(pool, "members")).flatMap((item) => stringAt(field(item, "backend")) ?? []);
  const tables = members.map((backend) => ({ backend, names: deploymentsOf(root, backend) }));
  const deployments = [...new Set(tables.flatMap(({ names }) => [...names.keys()]))];
  for (const deployment of deployments) {
    const named = tables.map(({ backend, names }): Named => {
      return { backend, name: names.get(deployment) ?? deployment };
    });
    const [first, ...others] = named;
    const other = others.find(({ name }) => name.toLowerCase() !== first?.name.toLowerCase());
    if (first === undefined || other === undefined) continue;
    report({
      rule: "pool-names-differ",
      message:
        `\`${deployment}\` is \`${first.name}\` on \`${first.backend}\` and \`${other.name}\` on \`${other.backend}\`, and no ` +
        `policy sees which member of \`${nameOf(pool)}\` gets a call`,
      span: keySpan(pool),
      path: pool.path,
      help: "set `whenNamesDiffer: expand` on the pool, or give the deployments of its accounts the same name",
    });
    return;
  }
}

/** By the name that callers use, in lower case. */
function deploymentsOf(root: Place, backend: string): ReadonlyMap<string, string> {
  const deployments = fields(field(field(field(root, "backends"), backend), "deployments"));
  return new Map(
    deployments.flatMap((place) => {
      const name = stringAt(place);
      return name === undefined ? [] : [[nameOf(place).toLowerCase(), name] as const];
    }),
  );
}
