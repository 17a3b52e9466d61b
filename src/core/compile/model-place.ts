/** Where a call says which model it wants: in the path (`/deployments/{deployment-id}/...`), or in its body (`model`). */
import type { OpenApiDocument, OpenApiOperation } from "../openapi/document.ts";
import { findOperation } from "../openapi/find-operation.ts";

export type ModelPlace =
  | {
      readonly kind: "path";
      /** Name of the template parameter: `deployment-id`. */
      readonly parameter: string;
      /** What stands before the deployment's segment and behind it: `/deployments/` and `/chat/completions`. */
      readonly before: string;
      readonly behind: string;
    }
  | { readonly kind: "body" }
  | { readonly kind: "unknown"; readonly why: string };

const withBody = ["POST", "PUT", "PATCH"];

/** By the operation's URL template, which only the API's OpenAPI document has. */
export function modelPlace(document: OpenApiDocument | undefined, operationId: string): ModelPlace {
  if (document === undefined) {
    return { kind: "unknown", why: "the API has no `openapi`, so the operation's URL template is not known" };
  }
  const operation = findOperation(document, operationId);
  return operation === undefined
    ? { kind: "unknown", why: `${document.file} does not have the operation` }
    : placeIn(operation);
}

function placeIn({ method, path }: OpenApiOperation): ModelPlace {
  const template = path.split("?", 1)[0] ?? "";
  const [, before, parameter, behind] = /^(.*\/deployments\/)\{([^{}*]+)\}(\/.+)$/i.exec(template) ?? [];
  if (before !== undefined && parameter !== undefined && behind !== undefined) {
    return { kind: "path", parameter, before, behind };
  }
  if (template.includes("*")) {
    return { kind: "unknown", why: `its URL template is \`${template}\`, so any path may be called` };
  }
  if (!withBody.includes(method)) {
    return { kind: "unknown", why: `${method} ${template} names none in its path and has no body` };
  }
  return { kind: "body" };
}
