import type { PolicyRule } from "../policy-rule.ts";
import { policiesNamed } from "./policy-places.ts";

const text = `<policies><inbound><cors><allowed-origins><origin>https://app.example</origin></allowed-origins></cors><base /></inbound></policies>`;

export const corsAtProductScope: PolicyRule = {
  id: "cors-at-product-scope",
  severity: "info",
  summary: "`cors` stands in the policies of a product.",
  why: "A preflight request brings no headers of the caller: when the subscription key comes in a header, the product is not known and its `cors` does not run (learn.microsoft.com/azure/api-management/cors-policy).",
  examples: { bad: { scope: "product", text }, good: { scope: "api", text } },
  check: (context) =>
    context.scope !== "product"
      ? []
      : policiesNamed(context, "cors").map(({ element }) => ({
          message: "a preflight request without the subscription key reaches no product, and no `cors` here",
          element,
          help: "put `cors` into the policies of the APIs or the global ones, unless callers send the key in the query",
        })),
};
