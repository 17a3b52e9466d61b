/** Where the calls of one operation go: its arms, the backends that they need beside the spec's own, and what stands against it. */
import { findOperation } from "../openapi/find-operation.ts";
import type { Resource } from "../model/resource.ts";
import type { Problem } from "../problem.ts";
import type { OperationSpec } from "../spec/schema.ts";
import { pointer } from "../spec/source.ts";
import { armsOf } from "./arms.ts";
import type { Arm, DeploymentOf, OpenArm } from "./arms.ts";
import type { CompileContext } from "./compile.ts";
import { deploymentBackend, deploymentPool, renamedDeployments, singlesOf } from "./deployment-names.ts";
import { modelPlace } from "./model-place.ts";
import type { ModelPlace } from "./model-place.ts";
import { targetIds } from "./routes.ts";

export type OperationRouting = {
  readonly arms: readonly Arm[];
  readonly place: ModelPlace;
  /** Backends and pools for single deployments; the same one may be needed by several operations. */
  readonly made: readonly Resource[];
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
};

type Asked = {
  readonly apiId: string;
  readonly id: string;
  readonly operation: OperationSpec;
  /** The operation's document is hand-written as a whole: nothing is routed. */
  readonly hasDocument: boolean;
};

export function routeModels(context: CompileContext, asked: Asked): OperationRouting {
  const { spec, openApi } = context;
  const place = modelPlace(openApi.get(asked.apiId), asked.id);
  const arms = armsOf(spec, asked.operation, place);
  if (asked.hasDocument) return { arms, place, made: [], notes: [], problems: [] };
  const open = arms.flatMap((arm): OpenArm[] => (arm.route === "deny" ? [] : [arm]));
  const needed = open.flatMap(({ made }) => made);
  const made = needed.map((each) => ({ each, resource: resourceOf(context, place, each) }));
  const notes = [...open.flatMap(({ route }) => route.note ?? []), ...open.flatMap(({ note }) => note ?? [])];
  return {
    arms,
    place,
    made: made.flatMap(({ resource }) => resource ?? []),
    notes: [...new Set(notes)],
    problems: [
      ...placeProblems(context, asked, place, open),
      ...formProblems(context, asked, place, open),
      ...made.flatMap(({ each, resource }) => madeProblems(context, asked, each, resource)),
    ],
  };
}

function resourceOf(
  { spec, source }: CompileContext,
  place: ModelPlace,
  made: DeploymentOf,
): Resource | undefined {
  if (made.kind === "pool") {
    return deploymentPool(spec, made.pool, made.deployment, source.locateKey(pointer("pools", made.pool)));
  }
  const before = place.kind === "path" ? place.before.replace(/\/$/, "") : "";
  const at = source.locateKey(pointer("backends", made.backend));
  return deploymentBackend(spec, { ...made, before: `${before}/` }, at);
}

/** Without its OpenAPI document, or for a call that says no model, there is nothing to go by. */
function placeProblems(
  { spec, source, openApi }: CompileContext,
  { apiId, id, operation }: Asked,
  place: ModelPlace,
  open: readonly OpenArm[],
): Problem[] {
  if (place.kind !== "unknown") return [];
  const document = openApi.get(apiId);
  const isKnownCall = document && findOperation(document, id);
  const renamed = renamedOnTheWay(spec, open);
  const saysNone = isKnownCall !== undefined && !isKnownCall.path.includes("*");
  if (operation.models === undefined && (renamed.length === 0 || saysNone)) return [];
  const [deployment] = renamed;
  return [
    {
      rule: "model-not-known",
      severity: "error",
      message:
        operation.models === undefined
          ? `\`${deployment ?? ""}\` has another name on a backend of \`${id}\`, and a call's deployment cannot be told: ${place.why}`
          : `\`models\` goes by the model that a call names, which cannot be told: ${place.why}`,
      at: source.locateKey(
        pointer("apis", apiId, "operations", id, operation.models === undefined ? "backend" : "models"),
      ),
      help: openApi.has(apiId)
        ? "use it for operations with the deployment in the path, or `model` in the body"
        : "give the API's `openapi`",
    },
  ];
}

/** Deployments that backends of the operation call something else. */
function renamedOnTheWay(spec: CompileContext["spec"], open: readonly OpenArm[]): readonly string[] {
  const targets = open.flatMap(({ route }) => targetIds(route));
  return renamedDeployments(
    spec,
    targets.flatMap((target) => singlesOf(spec, target)),
  );
}

/** Policies read and write JSON bodies; a form with a file in it is neither read for its model nor renamed. */
function formProblems(
  { spec, source, openApi }: CompileContext,
  { apiId, id, operation }: Asked,
  place: ModelPlace,
  open: readonly OpenArm[],
): Problem[] {
  const document = openApi.get(apiId);
  const takesForm = document && findOperation(document, id)?.takesForm;
  if (takesForm !== true || place.kind !== "body") return [];
  const at = pointer("apis", apiId, "operations", id);
  if (operation.models !== undefined) {
    return [
      {
        rule: "model-in-form",
        severity: "warning",
        message: `calls of \`${id}\` say their model in a part of a form, which no policy can read: \`models\` answers all of them 400`,
        at: source.locateKey(`${at}/models`),
        help: "give `backend` in place of `models`",
      },
    ];
  }
  const [renamed] = renamedOnTheWay(spec, open);
  if (renamed === undefined) return [];
  return [
    {
      rule: "model-in-form",
      severity: "warning",
      message: `calls of \`${id}\` say their model in a part of a form, which no policy can change: \`${renamed}\` and the like reach the account under the caller's name`,
      at: source.locateKey(operation.backend === undefined ? at : `${at}/backend`),
      help: "have the account's deployment called as callers do, or use a backend without `deployments`",
    },
  ];
}

/** What the service, or the spec, does not take of a backend for one deployment. */
function madeProblems(
  { source }: CompileContext,
  { apiId, id }: Asked,
  made: DeploymentOf,
  resource: Resource | undefined,
): Problem[] {
  const at = source.locateKey(pointer("apis", apiId, "operations", id));
  if (resource === undefined) {
    const name = made.kind === "backend" ? made.backend : made.pool;
    return [
      {
        rule: "deployment-backend",
        severity: "error",
        message: `a deployment has another name on \`${name}\` than on the backends beside it, which takes a backend of its own, and the URL of \`${name}\` is not in this spec`,
        at,
        help: "declare it under `backends` instead of `existing`",
      },
    ];
  }
  if (resource.id.length <= longestId) return [];
  return [
    {
      rule: "deployment-backend",
      severity: "error",
      message: `the backend for a deployment would be called \`${resource.id}\`, and ids of backends have ${longestId} characters at most`,
      at,
      help: "shorten the id of the backend or pool",
    },
  ];
}

const longestId = 80;
