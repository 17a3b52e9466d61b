import type { Model } from "../model/resource.ts";

/** Lower-case ARM paths that some resource of the model depends on. */
export function resolvedReferences(model: Model): ReadonlySet<string> {
  return new Set(model.resources.flatMap(({ dependsOn }) => dependsOn.map((path) => path.toLowerCase())));
}
