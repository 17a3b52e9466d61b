import type { Location } from "../location.ts";
import type { Model } from "../model/resource.ts";
import type { Severity } from "../problem.ts";
import type { GatewaySpec } from "../spec/schema.ts";
import type { SpecSource } from "../spec/source.ts";

/** What a rule looks at: the spec and what it compiles to. */
export type LintContext = { readonly spec: GatewaySpec; readonly source: SpecSource; readonly model: Model };

/** One place where the rule does not hold. */
export type Finding = { readonly message: string; readonly at: Location; readonly help?: string };

/**
 * A lint rule: one file, with its own proof. The bad example must be found and the good one must not; both are specs without
 * the lines that every spec has (`apimgw`, `name`, `service`), save for `service` where the rule is about it.
 */
export type Rule = {
  /** Kebab-case; names the fault. */
  readonly id: string;
  readonly severity: Severity;
  /** What it finds, in one sentence. */
  readonly summary: string;
  /** Why that matters, with the source of the fact. */
  readonly why: string;
  readonly examples: { readonly bad: string; readonly good: string };
  readonly check: (context: LintContext) => readonly Finding[];
};
