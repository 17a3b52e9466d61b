import { join } from "node:path";
import { Failure } from "../core/failure.ts";
import type { Plan } from "../core/plan/plan.ts";
import type { CompareOptions } from "../core/plan/compare.ts";
import type { GatewayRequest } from "../usecases/load-gateway.ts";
import { parseSelector } from "../core/plan/select.ts";
import type { Selection } from "../core/plan/select.ts";
import type { PlanOptions, SelectionOptions, ServiceOptions, SpecOptions } from "./command-options.ts";
import type { CommandContext } from "./context.ts";
import { packageRoot } from "./package-root.ts";

/** Which spec, which overlay, which variables, and the service named on the command line. */
export function gatewayRequest(
  context: CommandContext,
  options: SpecOptions & ServiceOptions,
  environment: string | undefined = options.env,
): GatewayRequest {
  const { subscription, resourceGroup, service, workspace } = options;
  return {
    file: options.file,
    ...(environment === undefined ? {} : { environment }),
    variables: context.env,
    ownDocuments: openApiFolder(),
    overrides: {
      ...(subscription === undefined ? {} : { subscriptionId: subscription }),
      ...(resourceGroup === undefined ? {} : { resourceGroup }),
      ...(service === undefined ? {} : { service }),
      ...(workspace === undefined ? {} : { workspace }),
    },
  };
}

/** Where the OpenAPI documents are that come with apimgw. */
function openApiFolder(): string {
  return join(packageRoot(), "templates", "openapi");
}

/** What is planned beside what the spec says. */
export function compareOptions(
  options: Pick<PlanOptions, "rewriteSecrets" | "adopt"> & SelectionOptions,
): CompareOptions {
  const { rewriteSecrets, adopt } = options;
  return { rewritesSecrets: rewriteSecrets, adoptsUnchanged: adopt, selection: selectionOf(options) };
}

/** Which of the changes. Throws Failure `USAGE.SELECTOR`. */
export function selectionOf({ target, exclude, delete: deletes }: SelectionOptions): Selection {
  return { targets: target.map(parseSelector), excludes: exclude.map(parseSelector), deletes };
}

/**
 * Consent that was given to one plan holds for no other; to those of several environments with commas between them. Throws Failure `PLAN.OTHER_DIGEST` when `--expect-digest` names another one;
 * nothing has been written then.
 */
export function requireDigest(
  { expectDigest }: { readonly expectDigest: string | undefined },
  plans: readonly Pick<Plan, "digest">[],
): void {
  const digest = plans.map((plan) => plan.digest).join(",");
  if (expectDigest === undefined || expectDigest === digest) return;
  throw new Failure("PLAN.OTHER_DIGEST", `the plan's digest is ${digest}, not ${expectDigest}`, {
    why: "the spec or the service has changed since that plan was made; nothing was written",
    remedy: "Look at the plan of now (apimgw plan) and give its digest.",
  });
}
