/**
 * The deployments of the accounts. A caller's deployment name goes to whichever account answers, so accounts that stand in for each
 * other, in a pool or as each other's fallback, need the same names.
 */
import { lastSegment, objectMember, stringMember } from "../model/kind-definition.ts";
import { compareText } from "../problem.ts";
import type { ParsedSpec } from "../spec/source.ts";
import type { LiveResource } from "../ports.ts";
import type { DoctorFinding } from "./finding.ts";
import { isSeen, unchecked } from "./finding.ts";
import type { AccountSeen, Observations } from "./observations.ts";

export function checkDeployments({ accounts, spec }: Observations): DoctorFinding[] {
  if (spec === undefined) return [];
  const there = accounts.filter(({ body }) => isSeen(body) && body.value !== undefined);
  const groups = standIns(spec.parsed);
  return there.flatMap((each): DoctorFinding[] => {
    const { account, deployments } = each;
    const subject = lastSegment(account.scope);
    if (!isSeen(deployments))
      return [
        { ...unchecked("deployments", subject, "its deployments", deployments.failure), at: account.at },
      ];
    const about = { check: "deployments", subject, at: account.at } as const;
    const names = namesOf(deployments.value);
    if (names.length === 0)
      return [
        {
          ...about,
          status: "error",
          message: "it has no deployments: every call to it ends with 404",
          remedy: createCommand(account.scope, "NAME"),
        },
      ];
    const missing = missingNames(each, there, groups);
    if (missing.length > 0)
      return missing.map(({ name, other, group }) => ({
        ...about,
        status: "warning",
        message: `it lacks the deployment \`${name}\` that ${other} has: ${group} may send calls for it to both`,
        remedy: createCommand(account.scope, name),
      }));
    return [
      {
        ...about,
        status: "ok",
        message: `it has ${deployments.value.map(titleOf).sort(compareText).join(", ")}`,
      },
    ];
  });
}

function namesOf(deployments: readonly LiveResource[]): string[] {
  return deployments.map(({ path }) => lastSegment(path));
}

/** `gpt-4o` with its model, where that is called otherwise. */
function titleOf({ path, body }: LiveResource): string {
  const name = lastSegment(path);
  const model = stringMember(objectMember(objectMember(body, "properties") ?? {}, "model") ?? {}, "name");
  return model === undefined || model === name ? name : `${name} (${model})`;
}

function createCommand(scope: string, name: string): string {
  const [, , , , group = "", , , , account = ""] = scope.split("/");
  return `az cognitiveservices account deployment create --name ${account} --resource-group ${group} --deployment-name ${name} --model-name MODEL --model-version VERSION --model-format OpenAI --sku-name SKU --sku-capacity N`;
}

type Group = { readonly title: string; readonly backends: ReadonlySet<string> };

/** Backends that calls of one operation may go to. */
function standIns({ spec }: ParsedSpec): Group[] {
  const members = (id: string): string[] => spec.pools?.[id]?.members.map(({ backend }) => backend) ?? [id];
  const pools = Object.keys(spec.pools ?? {}).map((id) => ({
    title: `pool \`${id}\``,
    backends: new Set(members(id)),
  }));
  const chains = Object.entries(spec.apis ?? {}).flatMap(([api, { operations }]) =>
    Object.entries(operations ?? {}).flatMap(([id, { backend, fallback }]): Group[] => {
      if (backend === undefined || fallback === undefined) return [];
      const to = "to" in fallback ? fallback.to : fallback;
      return [
        { title: `the fallback of \`${api}/${id}\``, backends: new Set([backend, ...to].flatMap(members)) },
      ];
    }),
  );
  return [...pools, ...chains].sort((a, b) => compareText(a.title, b.title));
}

type Missing = { readonly name: string; readonly other: string; readonly group: string };

/** Each name once, for the first account and group that show it. */
function missingNames(own: AccountSeen, all: readonly AccountSeen[], groups: readonly Group[]): Missing[] {
  const has = new Set(isSeen(own.deployments) ? namesOf(own.deployments.value) : []);
  const found = new Map<string, Missing>();
  for (const group of groups.filter(({ backends }) => own.account.backends.some((id) => backends.has(id)))) {
    for (const other of all) {
      const isIn = other !== own && other.account.backends.some((id) => group.backends.has(id));
      if (!isIn || !isSeen(other.deployments)) continue;
      for (const name of namesOf(other.deployments.value)) {
        if (has.has(name) || found.has(name)) continue;
        found.set(name, { name, other: lastSegment(other.account.scope), group: group.title });
      }
    }
  }
  return [...found.values()].sort((a, b) => compareText(a.name, b.name));
}
