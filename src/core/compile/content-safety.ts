import { element, text } from "../policy/build.ts";
import type { PolicyElement } from "../policy/tree.ts";
import { compareText } from "../problem.ts";
import type { ContentSafetySpec } from "../spec/schema.ts";

/** `llm-content-safety` of a product; categories in alphabetical order, whatever the spec's. */
export function contentSafetyPolicy(spec: ContentSafetySpec): PolicyElement {
  const { backend, shieldPrompt, completions, categories = {}, outputType, blocklists = [] } = spec;
  const judged = Object.entries(categories)
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, threshold]) => element("category", { name, threshold: String(threshold) }));
  return element(
    "llm-content-safety",
    {
      "backend-id": backend,
      "shield-prompt": shieldPrompt === undefined ? undefined : String(shieldPrompt),
      "enforce-on-completions": completions === undefined ? undefined : String(completions),
    },
    [
      ...(judged.length === 0 ? [] : [element("categories", { "output-type": outputType }, judged)]),
      ...(blocklists.length === 0
        ? []
        : [
            element(
              "blocklists",
              {},
              blocklists.map((id) => element("id", {}, [text(id)])),
            ),
          ]),
    ],
  );
}
