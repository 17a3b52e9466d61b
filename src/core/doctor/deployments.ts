/**
 * The deployments of the accounts. A caller's deployment name goes to whichever account answers, so accounts that stand in for each
 * other, in a pool or as each other's fallback, need the same names, or `deployments` that say what each of them calls it.
 */
import { accountName } from "../compile/deployment-names.ts";
import { modelTests, otherwiseKey, passesTest } from "../compile/model-pattern.ts";
import { lastSegment, objectMember, stringMember } from "../model/kind-definition.ts";
import { compareText } from "../problem.ts";
import type { GatewaySpec, OperationSpec, RouteSpec } from "../spec/schema.ts";
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
    const missing = missingNames(spec.parsed.spec, each, there, groups);
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

type Group = {
  readonly title: string;
  readonly backends: ReadonlySet<string>;
  /** Whether calls for a deployment, by the name that callers use, go there. */
  readonly takes: (deployment: string) => boolean;
};

const all = (): boolean => true;

/** Backends that calls of one operation, or of one of its models, may go to. */
function standIns({ spec }: ParsedSpec): Group[] {
  const members = (id: string): string[] => spec.pools?.[id]?.members.map(({ backend }) => backend) ?? [id];
  const pools = Object.keys(spec.pools ?? {}).map((id): Group => {
    return { title: `pool \`${id}\``, backends: new Set(members(id)), takes: all };
  });
  const chain = (
    title: string,
    { backend, fallback }: OperationSpec | RouteSpec,
    takes: Group["takes"],
  ): Group[] => {
    if (backend === undefined || fallback === undefined) return [];
    const to = "to" in fallback ? fallback.to : fallback;
    return [
      { title: `the fallback of ${title}`, backends: new Set([backend, ...to].flatMap(members)), takes },
    ];
  };
  const chains = Object.entries(spec.apis ?? {}).flatMap(([api, { operations }]) =>
    Object.entries(operations ?? {}).flatMap(([id, operation]): Group[] => {
      const { models } = operation;
      if (models === undefined) return chain(`\`${api}/${id}\``, operation, all);
      const tests = modelTests(Object.keys(models));
      return Object.entries(models).flatMap(([key, route]) => {
        const takes = (name: string): boolean =>
          (tests.find((test) => passesTest(test, name))?.text ?? otherwiseKey) === key;
        return route === "deny" ? [] : chain(`\`${key}\` in \`${api}/${id}\``, route, takes);
      });
    }),
  );
  return [...pools, ...chains].sort((a, b) => compareText(a.title, b.title));
}

type Missing = { readonly name: string; readonly other: string; readonly group: string };

/** Each name once, in the account's own word, for the first account and group that show it. */
function missingNames(
  spec: GatewaySpec,
  own: AccountSeen,
  accounts: readonly AccountSeen[],
  groups: readonly Group[],
): Missing[] {
  const has = new Set(callersNames(spec, own).map((name) => name.toLowerCase()));
  const found = new Map<string, Missing>();
  for (const group of groups) {
    const backend = own.account.backends.find((id) => group.backends.has(id));
    if (backend === undefined) continue;
    for (const other of accounts) {
      const isIn = other !== own && other.account.backends.some((id) => group.backends.has(id));
      if (!isIn) continue;
      for (const caller of callersNames(spec, other)) {
        const key = caller.toLowerCase();
        if (has.has(key) || found.has(key) || !group.takes(caller)) continue;
        const name = accountName(spec, backend, caller);
        found.set(key, { name, other: lastSegment(other.account.scope), group: group.title });
      }
    }
  }
  return [...found.values()].sort((a, b) => compareText(a.name, b.name));
}

/** What callers call the deployments of an account: what `deployments` of its backends says, else the names themselves. */
function callersNames(spec: GatewaySpec, { account, deployments }: AccountSeen): string[] {
  if (!isSeen(deployments)) return [];
  const renames = account.backends.flatMap((id) => Object.entries(spec.backends?.[id]?.deployments ?? {}));
  return namesOf(deployments.value).flatMap((name) => {
    const callers = renames
      .filter(([, own]) => own.toLowerCase() === name.toLowerCase())
      .map(([caller]) => caller);
    return callers.length === 0 ? [name] : callers;
  });
}
