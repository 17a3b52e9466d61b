import type { Resource } from "../core/model/resource.ts";
import { isExpressionStart } from "../core/policy/expression/scan.ts";
import { walkElements } from "../core/policy/walk.ts";

/** Whether C# is in the resource's document, so that the grammar is needed to run it. */
export function hasExpressions({ document }: Pick<Resource, "document">): boolean {
  let found = false;
  const look = (text: string): void => {
    for (let at = text.indexOf("@"); at !== -1; at = text.indexOf("@", at + 1)) {
      found ||= isExpressionStart(text, at);
    }
  };
  if (document === undefined) return false;
  walkElements(document.root, ({ attributes, children }) => {
    for (const { value } of attributes) look(value);
    for (const node of children) if (node.type === "text") look(node.value);
  });
  return found;
}
