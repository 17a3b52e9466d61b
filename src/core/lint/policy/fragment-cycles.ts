/** Fragments that include each other, or themselves: seen only when all of them are looked at together. */
import type { Location } from "../../location.ts";
import type { PolicyElement, Range } from "../../policy/tree.ts";
import { attributeValue } from "../../policy/tree.ts";
import { walkElements } from "../../policy/walk.ts";
import type { Problem } from "../../problem.ts";

/** A fragment, and which others it includes, where. */
export type FragmentIncludes = {
  readonly id: string;
  readonly includes: readonly { readonly id: string; readonly at: Location }[];
};

/** Id of a fragment by its path as `render` lays it out: `policyFragments/ID.xml`, with any folder before. */
export function fragmentOfPath(path: string): string | undefined {
  return /(?:^|[\\/])policyFragments[\\/]([^\\/]+)\.xml$/.exec(path)?.[1];
}

/** What a fragment includes by name; what an expression computes is not among it. */
export function fragmentIncludes(
  root: PolicyElement,
  locate: (element: PolicyElement, range: Range | undefined) => Location,
): FragmentIncludes["includes"] {
  const includes: { id: string; at: Location }[] = [];
  walkElements(root, (element) => {
    const id = element.name === "include-fragment" ? attributeValue(element, "fragment-id") : undefined;
    if (id === undefined) return;
    const attribute = element.attributes.find(({ name }) => name === "fragment-id");
    includes.push({ id, at: locate(element, attribute?.valueRange) });
  });
  return includes;
}

/** One problem for each ring, at the include that closes it. Ids are compared as the service does, without regard to case. */
export function findFragmentCycles(fragments: readonly FragmentIncludes[]): Problem[] {
  const byId = new Map(fragments.map((fragment) => [fragment.id.toLowerCase(), fragment]));
  const done = new Set<string>();
  const problems: Problem[] = [];
  const visit = (fragment: FragmentIncludes, above: readonly FragmentIncludes[]): void => {
    const chain = [...above, fragment];
    for (const { id, at } of fragment.includes) {
      const next = byId.get(id.toLowerCase());
      if (next === undefined) continue;
      const start = chain.indexOf(next);
      if (start !== -1) problems.push(cycle([...chain.slice(start), next], at));
      else if (!done.has(next.id)) visit(next, chain);
    }
    done.add(fragment.id);
  };
  for (const fragment of fragments) if (!done.has(fragment.id)) visit(fragment, []);
  return problems;
}

function cycle(chain: readonly FragmentIncludes[], at: Location): Problem {
  const names = chain.map(({ id }) => `\`${id}\``);
  const message =
    chain.length === 2
      ? `the fragment ${names[0] ?? ""} includes itself`
      : `fragments include each other in a ring: ${names.join(" → ")}`;
  const help =
    "take one of the includes out: the service saves a fragment only when all that it names is there";
  return { rule: "fragment-content", severity: "error", message, at, help };
}
