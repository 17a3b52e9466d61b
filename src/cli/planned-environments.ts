/** One spec for one or several environments, each checked and planned against its own service. */
import { readGrammarWasm } from "../adapters/grammar.ts";
import { Failure } from "../core/failure.ts";
import { loadCSharpGrammar } from "../core/policy/expression/csharp/grammar.ts";
import type { CompareOptions, PlannedSteps } from "../core/plan/compare.ts";
import { baseArmId } from "../core/ports.ts";
import type { LiveService } from "../core/ports.ts";
import type { Problem } from "../core/problem.ts";
import { plural } from "../report/count.ts";
import { checkGateway } from "../usecases/check-gateway.ts";
import type { GatewayRequest, SoundGateway } from "../usecases/load-gateway.ts";
import { planModel } from "../usecases/plan.ts";
import { validateOnService } from "../usecases/server-validate.ts";
import type { OpenService } from "./connect.ts";
import type { CommandContext } from "./context.ts";
import { whileReading } from "./progress.ts";
import { usageFailure } from "./usage.ts";

/** What is planned: an environment of the spec, or the spec as it stands. */
export type Environment = string | undefined;

/** The names in `--env a,b,c`. Throws Failure `USAGE.ENVIRONMENTS` for a name that is empty or given twice. */
export function environmentsOf(env: string | undefined): readonly Environment[] {
  if (env === undefined) return [undefined];
  const names = env.split(",").map((name) => name.trim());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (!names.includes("") && twice === undefined) return names;
  const what = twice === undefined || twice === "" ? "an empty name" : `\`${twice}\` twice`;
  throw usageFailure("ENVIRONMENTS", `--env ${env} holds ${what}`, {
    remedy: "Write the names with commas between them: --env test,prod.",
  });
}

export type EnvironmentRun = {
  readonly environment: Environment;
  readonly request: GatewayRequest;
  readonly options: CompareOptions;
};

export type PlanningOptions = {
  readonly serverValidate: boolean;
  /** The form of the answer: what lint warns of is told to people only. */
  readonly format: string;
};

export type PlannedEnvironment = {
  readonly environment: Environment;
  readonly service: LiveService;
  readonly planned: PlannedSteps;
  /** What the plan was made from: errors of the service are traced back to it. A destroy has none. */
  readonly gateway?: SoundGateway | undefined;
};

/**
 * Plans all, side by side. Throws what one of them throws; with several, Failure `PLAN.ENVIRONMENTS` that names each that could not
 * be planned: then none is carried out.
 */
export async function planEnvironments(
  context: CommandContext,
  open: OpenService,
  runs: readonly EnvironmentRun[],
  { serverValidate, format }: PlanningOptions,
): Promise<readonly (PlannedEnvironment & { readonly gateway: SoundGateway })[]> {
  const isAlone = runs.length === 1;
  const results = await Promise.allSettled(
    runs.map((run) => planEnvironment(context, open, run, { serverValidate, format, isAlone })),
  );
  const planned = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  if (planned.length < runs.length) throw whatFailed(runs, results);
  refuseSharedService(planned);
  return planned;
}

async function planEnvironment(
  context: CommandContext,
  open: OpenService,
  { environment, request, options }: EnvironmentRun,
  { serverValidate, format, isAlone }: PlanningOptions & { readonly isAlone: boolean },
): Promise<PlannedEnvironment & { readonly gateway: SoundGateway }> {
  const loadGrammar = async (): Promise<void> => loadCSharpGrammar(await readGrammarWasm());
  const { gateway, service, warnings } = await checkGateway(context.files, request, { open, loadGrammar });
  if (serverValidate) await requireServerConsent(context, service, gateway, request.file);
  const plan = (reader: LiveService): Promise<PlannedSteps> => planModel(reader, gateway.model, options);
  // The status line is one: with several environments at work it would tell of each in turn.
  const planned = isAlone ? await whileReading(context.output, service, plan) : await plan(service);
  if (warnings.length > 0 && format === "text")
    context.output.message(
      `${environment === undefined ? "" : `[${environment}] `}Lint has ${plural(warnings.length, "warning")}: see \`apimgw lint\`.`,
    );
  return { environment, service, planned, gateway };
}

async function requireServerConsent(
  { output }: CommandContext,
  service: LiveService,
  gateway: SoundGateway,
  file: string,
): Promise<void> {
  const { problems, unasked } = await validateOnService(service, gateway);
  for (const question of unasked) output.message(`${service.title} cannot be asked ${question}.`);
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0)
    throw new Failure("PLAN.REFUSED", `${service.title} would refuse ${file}`, { problems });
  for (const problem of problems) output.message(describe(problem));
}

function describe({ severity, message, at, help }: Problem): string {
  return `${at.file}:${at.line}:${at.column} ${severity}: ${message}${help === undefined ? "" : ` (${help})`}`;
}

function whatFailed(
  runs: readonly EnvironmentRun[],
  results: readonly PromiseSettledResult<unknown>[],
): unknown {
  const failed = results.flatMap((result, index) =>
    result.status === "rejected"
      ? [{ environment: runs[index]?.environment ?? "", reason: result.reason as unknown }]
      : [],
  );
  const [first] = failed;
  const failures = failed.flatMap(({ environment, reason }) =>
    reason instanceof Failure ? [{ environment, failure: reason }] : [],
  );
  // A bug or an interruption is no failure of an environment.
  if (runs.length === 1 || failures.length < failed.length)
    return failed.find(({ reason }) => !(reason instanceof Failure))?.reason ?? first?.reason;
  const whys = failures.flatMap(({ environment, failure: { why } }) =>
    why === undefined ? [] : [`${environment}: ${why}`],
  );
  const said = failures.map(({ environment, failure }) => `${environment}: ${failure.message}`);
  return new Failure(
    "PLAN.ENVIRONMENTS",
    `${failures.length} of ${runs.length} environments cannot be planned: ${said.join("; ")}`,
    {
      ...(whys.length === 0 ? {} : { why: whys.join("; ") }),
      remedy: "Put these right, or leave them out of --env; nothing was written to any of them.",
      problems: distinct(failures.flatMap(({ failure }) => failure.problems)),
    },
  );
}

/** What is wrong in the spec itself is wrong in each environment. */
function distinct(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

/** Two environments that lead to one service would each undo what the other wants. */
function refuseSharedService(planned: readonly PlannedEnvironment[]): void {
  const groups = Map.groupBy(planned, ({ planned: { plan } }) =>
    `${baseArmId(plan.service)} ${plan.name}`.toLowerCase(),
  );
  const shared = [...groups.values()].find((group) => group.length > 1);
  if (shared === undefined) return;
  const names = shared.map(({ environment }) => `\`${environment ?? ""}\``).join(" and ");
  throw usageFailure("SAME_SERVICE", `the environments ${names} are one service with one owner`, {
    why: "Each would undo what the other wants.",
    remedy: "Give them different services, or different names.",
  });
}
