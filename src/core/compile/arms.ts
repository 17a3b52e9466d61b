/**
 * What happens to a call by the model that it names. An arm is one case: for a name or a pattern of `models`, and for a
 * deployment that an account calls something else. The first arm whose test holds is taken.
 *
 * `rewrite-uri` stands in inbound only (learn.microsoft.com/azure/api-management/rewrite-uri-policy). So a path can be
 * rewritten once, before any backend is chosen: that does where all backends of the way use the same name. Where they do not,
 * the name moves into the URLs of backends of their own, and the path is stripped of it. A body can be set on every pass.
 */
import type { OperationSpec } from "../spec/schema.ts";
import { compareText } from "../problem.ts";
import {
  accountName,
  accountNames,
  deploymentBackendId,
  deploymentPoolId,
  renamedDeployments,
  singlesOf,
} from "./deployment-names.ts";
import type { Accounts } from "./deployment-names.ts";
import type { Hop, Target } from "./hops.ts";
import { modelTests, otherwiseKey, passesTest } from "./model-pattern.ts";
import type { ModelTest } from "./model-pattern.ts";
import type { ModelPlace } from "./model-place.ts";
import { resolveRoute, targetIds } from "./routes.ts";
import type { Route } from "./routes.ts";
import { parseStatusCodes } from "../spec/status-codes.ts";

/** A backend or pool that exists for one deployment. */
export type DeploymentOf =
  | { readonly kind: "backend"; readonly backend: string; readonly name: string }
  | { readonly kind: "pool"; readonly pool: string; readonly deployment: string };

export type OpenArm = {
  /** Absent: whatever the model is. */
  readonly test: ModelTest | undefined;
  readonly route: Route;
  readonly hops: readonly Hop[];
  /** What the deployment's segment of the path becomes; an empty text: the path is stripped of it. Absent: it stays. */
  readonly segment?: string;
  readonly made: readonly DeploymentOf[];
  /** For the plan. */
  readonly note?: string;
};

export type Arm =
  | OpenArm
  | { readonly test: ModelTest | undefined; readonly route: "deny"; readonly path: readonly string[] };

/** At least one arm; the last one has no test. */
export function armsOf(spec: Accounts, operation: OperationSpec, place: ModelPlace): readonly Arm[] {
  const { models } = operation;
  if (models === undefined) {
    const route = resolveRoute(spec, operation);
    return [...renamingArms(spec, route, place, () => true), openArm(spec, route, place, undefined)];
  }
  const keys = Object.keys(models);
  const tests = modelTests(keys);
  const isTaken = (model: string): boolean => tests.some((test) => passesTest(test, model));
  const listed = tests.flatMap((test): readonly Arm[] => {
    const entry = models[test.text];
    const path = ["models", test.text];
    if (entry === undefined || entry === "deny") return [{ test, route: "deny", path }];
    const route = resolveRoute(spec, entry, path);
    if (test.kind === "name") return [openArm(spec, route, place, test)];
    const isFirst = (model: string): boolean => tests.find((other) => passesTest(other, model)) === test;
    return [...renamingArms(spec, route, place, isFirst), openArm(spec, route, place, test)];
  });
  const otherwise = models[otherwiseKey];
  const path = ["models", otherwiseKey];
  if (otherwise === undefined || otherwise === "deny") {
    return [...listed, { test: undefined, route: "deny", path: otherwise === undefined ? ["models"] : path }];
  }
  const route = resolveRoute(spec, otherwise, path);
  const rest = renamingArms(spec, route, place, (model) => !isTaken(model));
  return [...listed, ...rest, openArm(spec, route, place, undefined)];
}

/** Arms for the deployments that the route's accounts call something else. */
function renamingArms(
  spec: Accounts,
  route: Route,
  place: ModelPlace,
  isMeant: (model: string) => boolean,
): OpenArm[] {
  if (place.kind === "unknown") return [];
  const backends = targetIds(route).flatMap((target) => singlesOf(spec, target));
  return renamedDeployments(spec, backends)
    .filter(isMeant)
    .map((text) => openArm(spec, route, place, { kind: "name", text }));
}

function openArm(spec: Accounts, route: Route, place: ModelPlace, test: ModelTest | undefined): OpenArm {
  const targets = targetIds(route);
  const plain: OpenArm = { test, route, hops: targets.map((id) => ({ targets: [{ id }] })), made: [] };
  if (test?.kind !== "name" || place.kind === "unknown") return plain;
  const deployment = test.text;
  const names = accountNames(
    spec,
    targets.flatMap((target) => singlesOf(spec, target)),
    deployment,
  );
  const [only = deployment, ...others] = names;
  if (others.length === 0) {
    if (only.toLowerCase() === deployment.toLowerCase()) return plain;
    if (place.kind === "path") return { ...plain, segment: only };
    const [first, ...rest] = plain.hops;
    return {
      ...plain,
      hops:
        first === undefined
          ? []
          : [{ targets: first.targets.map(({ id }) => ({ id, model: only })) }, ...rest],
    };
  }
  return place.kind === "path"
    ? withBackendsOfItsOwn(spec, plain, deployment)
    : withBodiesOfItsOwn(spec, plain, deployment);
}

function withBackendsOfItsOwn(spec: Accounts, plain: OpenArm, deployment: string): OpenArm {
  const targets = targetIds(plain.route);
  const made = targets.flatMap((target): DeploymentOf[] => {
    const singles = singlesOf(spec, target).map((backend): DeploymentOf => {
      return { kind: "backend", backend, name: accountName(spec, backend, deployment) };
    });
    const isPool = spec.pools?.[target] !== undefined;
    return isPool ? [...singles, { kind: "pool", pool: target, deployment }] : singles;
  });
  const hops = targets.map((target): Hop => {
    const isPool = spec.pools?.[target] !== undefined;
    const id = isPool
      ? deploymentPoolId(target, deployment)
      : deploymentBackendId(target, accountName(spec, target, deployment));
    return { targets: [{ id }] };
  });
  return { ...plain, hops, segment: "", made };
}

/** Pools whose members differ are written out: no policy sees which member a pool picks. */
function withBodiesOfItsOwn(spec: Accounts, plain: OpenArm, deployment: string): OpenArm {
  const written: string[] = [];
  const hops = targetIds(plain.route).flatMap((target, index): Hop[] => {
    const singles = singlesOf(spec, target);
    const [model = deployment, ...others] = accountNames(spec, singles, deployment);
    if (others.length === 0) return [{ targets: [{ id: target, model }] }];
    written.push(target);
    return membersInTurn(spec, target, deployment, index);
  });
  if (written.length === 0) return { ...plain, hops };
  const { route } = plain;
  const on = [...new Set([...(route.fallback?.on ?? []), ...(route.retry?.on ?? []), 429, 503])];
  return {
    ...plain,
    hops,
    route: {
      ...route,
      retry: undefined,
      fallback: { to: route.fallback?.to ?? [], on: sortedStatuses(on) },
    },
    note:
      `${written.join(", ")} for model ${deployment}, whose name differs on its members: written out in the policy, ` +
      `by priority, then in turn from a member that chance picks by weight; on ${sortedStatuses(on).join(", ")} a call goes to the next`,
  };
}

function sortedStatuses(on: readonly (number | string)[]): (number | string)[] {
  const first = (status: number | string): number => parseStatusCodes([status])[0]?.min ?? 0;
  return [...on].sort((a, b) => first(a) - first(b) || compareText(String(a), String(b)));
}

/** A pool's members by priority; those of one priority take turns. */
function membersInTurn(spec: Accounts, pool: string, deployment: string, index: number): Hop[] {
  const members = spec.pools?.[pool]?.members ?? [];
  const priorities = [...new Set(members.map(({ priority }) => priority ?? 0))].sort((a, b) => a - b);
  return priorities.map((priority, group): Hop => {
    const equals = members.filter((member) => (member.priority ?? 0) === priority);
    const targets = equals.map(({ backend }): Target => {
      return { id: backend, model: accountName(spec, backend, deployment) };
    });
    if (targets.length === 1) return { targets };
    const weights = equals.map(({ weight }) => weight ?? 1);
    return { targets, turn: { variable: `apimgw-turn-${index + 1}-${group + 1}`, weights } };
  });
}
