import type { Operation, OperationGroup } from "../operation.ts";

const methods: readonly Operation["method"][] = ["get", "post", "put", "patch", "delete", "options", "head"];

/** `/*` by every method that clients use, named after the method: `Get`, `Post` ... */
export function passthroughOperations(): OperationGroup {
  const operations = methods.map((method) => ({
    method,
    path: "/*",
    id: `${method.slice(0, 1).toUpperCase()}${method.slice(1)}`,
    summary: method.toUpperCase(),
    answers: { default: { description: "What the backend answers." } },
  }));
  return { tag: "Pass-through", operations };
}
