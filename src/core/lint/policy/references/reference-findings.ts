import { nearestName } from "../../../nearest-name.ts";
import type { PolicyElement, Range } from "../../../policy/tree.ts";
import { hasMarkedPlaceholder } from "../placeholders.ts";
import type { PolicyFinding } from "../policy-rule.ts";

export type NamedPlace = {
  readonly element: PolicyElement;
  readonly name: string;
  readonly range?: Range | undefined;
};

export type Wanted = {
  /** What is named, such as `backend`. */
  readonly kind: string;
  readonly known: readonly string[];
  /** Named values are told apart by case, resource ids are not. */
  readonly isCaseSensitive?: true;
};

/** Findings for the names that are not known. Names that are filled in later are passed over. */
export function* unknownNames(
  places: Iterable<NamedPlace>,
  { kind, known, isCaseSensitive }: Wanted,
): Generator<PolicyFinding> {
  const fold = (name: string) => (isCaseSensitive === true ? name : name.toLowerCase());
  const names = new Set(known.map(fold));
  for (const { element, name, range } of places) {
    const trimmed = name.trim();
    if (trimmed === "" || hasMarkedPlaceholder(trimmed) || names.has(fold(trimmed))) continue;
    const nearest = nearestName(trimmed, known);
    yield {
      element,
      ...(range === undefined ? {} : { range }),
      message: `there is no ${kind} \`${trimmed}\``,
      help: nearest === undefined ? helpFor(kind, known) : `did you mean \`${nearest}\`?`,
    };
  }
}

function helpFor(kind: string, known: readonly string[]): string {
  if (known.length === 0) return `no ${kind} is known; create it before this document is saved`;
  return `create the ${kind} before this document is saved`;
}
