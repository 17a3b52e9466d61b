import { pointer } from "../../spec/source.ts";
import type { Rule } from "../rule.ts";

export const inheritanceCutsOff: Rule = {
  id: "inheritance-cuts-off",
  severity: "warning",
  summary: "`inheritance: replace` on an API that is in a product, or beside global policies.",
  why:
    "Under `replace` the inbound sections have no `<base />`, so inbound policies of the product and of the whole service " +
    "(limits, token checks, CORS) do not run for this API (learn.microsoft.com/azure/api-management/api-management-howto-policies).",
  examples: {
    bad: `
backends: { a: { url: https://a.example/openai } }
apis: { openai: { inheritance: replace, operations: { Chat: { backend: a } } } }
products: { team-a: { apis: [openai] } }`,
    good: `
backends: { a: { url: https://a.example/openai } }
apis: { openai: { inheritance: keep, operations: { Chat: { backend: a } } } }
products: { team-a: { apis: [openai] } }`,
  },
  check: ({ spec, source }) =>
    Object.entries(spec.apis ?? {}).flatMap(([id, api]) => {
      const products = Object.entries(spec.products ?? {}).flatMap(([product, { apis }]) =>
        apis?.includes(id) === true ? [product] : [],
      );
      const whose = [
        ...(spec.policies === undefined ? [] : ["the whole service"]),
        ...products.map((product) => `product \`${product}\``),
      ];
      if (api.inheritance !== "replace" || whose.length === 0) return [];
      return [
        {
          message: `inbound policies of ${whose.join(", ")} do not run for API \`${id}\``,
          at: source.locateKey(pointer("apis", id, "inheritance")),
          help: "use `inheritance: keep`, the default when there are products or global policies",
        },
      ];
    }),
};
