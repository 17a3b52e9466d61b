import type { Severity } from "../../problem.ts";
import type { PolicyElement, Range } from "../../policy/tree.ts";
import type { PolicyLintContext } from "./policy-context.ts";

/** A safe mechanical change: the text of a range of the source replaced. An empty range inserts. */
export type Fix = { readonly range: Range; readonly text: string; readonly title: string };

/** One place in a policy document where a rule does not hold. */
export type PolicyFinding = {
  readonly message: string;
  /** The element it is about; its name is marked when there is no range. */
  readonly element: PolicyElement;
  /** A narrower place: an attribute, a piece of an expression. Offsets of the source the element was parsed from. */
  readonly range?: Range;
  readonly help?: string;
  /** Weakens or strengthens the rule's own severity for this finding, where a rule covers facts of different certainty. */
  readonly severity?: Severity;
  readonly fix?: Fix;
};

/** Documents in which a rule's example stands, when it is not a whole document at API scope. */
export type PolicyExample =
  | string
  | {
      readonly text: string;
      readonly scope?: PolicyScope;
      readonly sku?: string;
      readonly known?: Partial<KnownEntities>;
      readonly templateParameters?: readonly string[];
    };

export type PolicyScope = "global" | "workspace" | "product" | "api" | "operation";

/** What exists on the service, or will: ids, and for named values their display names. Compared without regard to case, named values with. */
export type KnownEntities = {
  readonly backends: readonly string[];
  readonly fragments: readonly string[];
  readonly loggers: readonly string[];
  readonly namedValues: readonly string[];
  readonly certificates: readonly string[];
};

/**
 * A rule over one policy document or fragment: one file, named after its id, with its own proof. The bad example must be found
 * and the good one must give no finding of this rule.
 */
export type PolicyRule = {
  /** Kebab-case; names the fault. */
  readonly id: string;
  readonly severity: Severity;
  /** What it finds, in one sentence. */
  readonly summary: string;
  /** Why that matters, with the public source of the fact. */
  readonly why: string;
  readonly examples: { readonly bad: PolicyExample; readonly good: PolicyExample };
  /** Needs the C# grammar: skipped, not failed, when it is not loaded. */
  readonly needsGrammar?: true;
  readonly check: (context: PolicyLintContext) => Iterable<PolicyFinding>;
};
