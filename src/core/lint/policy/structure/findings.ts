/** Findings at the right place: an attribute's value or name, else the element's name. */
import type { PolicyAttribute, PolicyElement } from "../../../policy/tree.ts";
import type { PolicyFinding } from "../policy-rule.ts";

type Details = Pick<PolicyFinding, "message" | "help" | "severity" | "fix">;

export function atElement(element: PolicyElement, details: Details): PolicyFinding {
  return { element, ...details };
}

export function atValue(element: PolicyElement, attribute: PolicyAttribute, details: Details): PolicyFinding {
  const range = attribute.valueRange ?? attribute.nameRange;
  return { element, ...(range === undefined ? {} : { range }), ...details };
}

export function atName(element: PolicyElement, attribute: PolicyAttribute, details: Details): PolicyFinding {
  return {
    element,
    ...(attribute.nameRange === undefined ? {} : { range: attribute.nameRange }),
    ...details,
  };
}

/** The severity to add when the facts are in doubt: no error then. */
export function doubtful(isDoubtful: boolean): { readonly severity?: "warning" } {
  return isDoubtful ? { severity: "warning" } : {};
}

/** `a`, `b` or `c`. */
export function oneOf(names: readonly string[]): string {
  return listed(names, "or");
}

/** `a`, `b` and `c`. */
export function allOf(names: readonly string[]): string {
  return listed(names, "and");
}

function listed(names: readonly string[], word: string): string {
  const quoted = names.map((name) => `\`${name}\``);
  const last = quoted.pop() ?? "nothing";
  return quoted.length === 0 ? last : `${quoted.join(", ")} ${word} ${last}`;
}

/** A "did you mean" help for a near name, or nothing. */
export function didYouMean(nearest: string | undefined): { readonly help?: string } {
  return nearest === undefined ? {} : { help: `did you mean \`${nearest}\`?` };
}
