import { apiPath } from "../model/kinds/api.ts";
import type { Model } from "../model/resource.ts";
import type { PolicyElement } from "../policy/tree.ts";
import { walkElements } from "../policy/walk.ts";

/** All policy elements of an API's own document and of its operations' documents, as compiled. */
export function apiElements({ resources }: Model, api: string): PolicyElement[] {
  const prefix = `${apiPath(api)}/`;
  const elements: PolicyElement[] = [];
  for (const { path, document } of resources) {
    if (document === undefined || !path.startsWith(prefix)) continue;
    walkElements([document.root], (element) => {
      elements.push(element);
    });
  }
  return elements;
}
