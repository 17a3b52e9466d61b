/** One request from its text to its answer, with the faults that are asked for on the way. */
import type { Clock } from "../../core/ports.ts";
import type { Answer, ServiceRequest } from "./answer.ts";
import type { ArmStore } from "./arm-store.ts";
import { answeredIn, sentIn, servedVersions } from "./api-versions.ts";
import { ArmError, notFound } from "./errors.ts";
import type { FaultHook, FaultPlan } from "./faults.ts";
import { faultBody, planFaults } from "./faults.ts";
import { checkArm, handle } from "./handler.ts";
import type { LateResources } from "./late-resources.ts";
import type { LongRunning } from "./long-running.ts";
import { internalError } from "./long-running.ts";
import { findWorkspace, handleWorkspaces } from "./workspaces.ts";
import { handleOutside } from "./outside.ts";
import type { OutsidePath } from "./outside-path.ts";
import { outsideVersions, parseOutsidePath } from "./outside-path.ts";
import type { Route, ServicePath } from "./route.ts";
import { withoutCurrentNumber } from "./revisions.ts";
import { parseServicePath, resolveRoute } from "./route.ts";
import { interfere } from "./somebody-else.ts";
import type { Store } from "./store.ts";

export type Parts = {
  readonly store: Store;
  readonly arm: ArmStore;
  readonly works: LongRunning;
  readonly clock: Clock;
  readonly faults: FaultHook | undefined;
  readonly late: LateResources;
  /** Aborted when the local APIM is closed: nobody waits for slow answers then. */
  readonly signal: AbortSignal;
};

/** A request as it came in. */
export type Received = {
  readonly method: string;
  readonly url: string;
  /** Names in lower case. */
  readonly headers: ServiceRequest["headers"];
  /** Undefined when it is larger than the service takes. */
  readonly text: string | undefined;
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
};

export const maxBodyBytes = 8 * 1024 * 1024;

/** The answer, or the wish to break the connection. Refusals become their answers, and a bug becomes a 500. Rejects when closed. */
export async function respond(parts: Parts, received: Received): Promise<Answer | "drop"> {
  let plan: FaultPlan | undefined;
  let answer: Answer;
  try {
    const { pathname, query } = splitUrl(received.url);
    const outside = parseOutsidePath(pathname);
    const versions = outside === undefined ? servedVersions(pathname) : [outsideVersions[outside.provider]];
    checkArm(received.headers, query, versions);
    const target =
      outside === undefined
        ? inService(parts, received, parseServicePath(pathname), query)
        : outOfServices(parts, received, outside, query);
    const { method } = received;
    const { path, subscriptionId } = target;
    plan = planFaults(parts.faults?.({ method, path, query, subscriptionId, now: parts.clock.now() }));
    if (plan.delayBefore > 0) await parts.clock.sleep(plan.delayBefore, parts.signal);
    if (plan.drop === "before") return "drop";
    if (plan.answer !== undefined) {
      const { status, headers = {} } = plan.answer;
      answer = { status, headers, body: faultBody(plan.answer) };
    } else {
      answer = target.run(plan);
    }
  } catch (error) {
    if (parts.signal.aborted) throw error;
    answer = answerOf(error);
  }
  if (plan === undefined) return answer;
  if (plan.drop === "after") return "drop";
  if (plan.delayAfter > 0) await parts.clock.sleep(plan.delayAfter, parts.signal);
  return { ...answer, headers: { ...plan.headers, ...answer.headers } };
}

/** What a request is about, and how it is carried out when no fault comes before. */
type Target = {
  readonly path: string;
  readonly subscriptionId: string;
  readonly run: (plan: FaultPlan) => Answer;
};

function inService(
  parts: Parts,
  { method, headers, text, endpoint }: Received,
  { ref, segments }: ServicePath,
  query: URLSearchParams,
): Target {
  return {
    path: [...(ref.workspace === undefined ? [] : ["workspaces", ref.workspace]), ...segments].join("/"),
    subscriptionId: ref.subscriptionId,
    run: (plan) => {
      const { store, arm } = parts;
      if (ref.workspace === undefined && segments[0]?.toLowerCase() === "workspaces")
        return handleWorkspaces({ method, ref, id: segments[1], headers, body: parseBody(text), store, arm });
      if (ref.workspace !== undefined && findWorkspace(arm, ref) === undefined) throw notFound("Workspace");
      const service = store.service(ref);
      const below = withoutCurrentNumber(service, segments, method);
      const route = resolveRoute({ segments: below, isInWorkspace: ref.workspace !== undefined }, method);
      const version = query.get("api-version");
      const body = sentIn(version, parseBody(text));
      const answer = carryOut(parts, { method, service, query, headers, body, endpoint }, route, plan);
      return answeredIn(version, answer);
    },
  };
}

function outOfServices(
  { arm, clock }: Parts,
  { method, text }: Received,
  path: OutsidePath,
  query: URLSearchParams,
): Target {
  return {
    path: path.id,
    subscriptionId: path.subscriptionId,
    run: () => handleOutside({ method, path, query, body: parseBody(text), arm, now: clock.now() }),
  };
}

function answerOf(error: unknown): Answer {
  return error instanceof ArmError
    ? { status: error.status, body: error.toBody(), headers: error.headers }
    : internalError(error);
}

/** One step, in which nothing else happens: what somebody else does just before, the request itself, and how it shows. */
function carryOut(parts: Parts, request: ServiceRequest, route: Route, plan: FaultPlan): Answer {
  const { works, late, clock } = parts;
  const now = clock.now();
  const isRead = ["GET", "HEAD"].includes(request.method);
  const path = route.to === "service" ? undefined : route.path;
  if (isRead && path !== undefined && !request.query.has("asyncId")) late.refuseRead(request, path, now);
  if (!isRead && route.to === "resource" && plan.race !== undefined)
    interfere(request.service, route.path, plan.race);
  const wasThere = path !== undefined && request.service.get(path) !== undefined;
  const { failImport } = plan;
  const workFault =
    failImport &&
    new ArmError(failImport.status, failImport.code, failImport.message, null, failImport.headers);
  const answer = handle(request, route, { works, now, workFault, arm: parts.arm });
  if (request.method === "PUT" && route.to === "resource" && !wasThere)
    late.created(request.service, route.path, plan.late, now);
  return isRead && route.to === "collection" ? late.filterList(request, answer, now) : answer;
}

/** The path as sent, dots and all, and the query with names in the case the service knows them by. */
function splitUrl(url: string): { pathname: string; query: URLSearchParams } {
  const mark = url.indexOf("?");
  const pathname = mark < 0 ? url : url.slice(0, mark);
  return { pathname, query: new URLSearchParams(mark < 0 ? "" : url.slice(mark + 1)) };
}

function parseBody(text: string | undefined): unknown {
  if (text === undefined) {
    throw new ArmError(
      413,
      "RequestEntityTooLarge",
      `The request body is larger than ${maxBodyBytes} bytes.`,
    );
  }
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ArmError(
      400,
      "InvalidRequestContent",
      `The request content was invalid and could not be deserialized: '${why}'.`,
    );
  }
}
