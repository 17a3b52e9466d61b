import type { PolicyRule } from "../policy-rule.ts";
import { attributeOf, placeOf, policiesNamed } from "./policy-places.ts";

export const namedValueInBackendId: PolicyRule = {
  id: "named-value-in-backend-id",
  severity: "info",
  summary: "A backend is named through a named value.",
  why: "It deploys and works, and the portal then cannot show the policies of that API (MicrosoftDocs/azure-docs#100460).",
  examples: {
    bad: `<policies><inbound><base /><set-backend-service backend-id="{{backend}}" /></inbound></policies>`,
    good: `<policies><inbound><base /><set-backend-service backend-id="orders" /></inbound></policies>`,
  },
  check: (context) =>
    policiesNamed(context, "set-backend-service").flatMap(({ element }) => {
      const id = attributeOf(element, "backend-id");
      if (id === undefined || !/\{\{[^{}]+\}\}/.test(id.value)) return [];
      return [
        {
          message: "the portal cannot show policies whose `backend-id` holds a named value",
          ...placeOf(element, id),
          help: "give the backend the same id in every environment and let its URL differ",
        },
      ];
    }),
};
